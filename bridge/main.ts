// The process: settings, application, start; and on SIGTERM or SIGINT the way back, once.
import { createApp } from './app.ts';
import { SettingsError } from './config/settings-error.ts';
import { loadSettings } from './config/settings.ts';
import { summary } from './config/summary.ts';

/** A stop that hangs must not keep a rolling update waiting for ever. */
const hardStopMs = 25_000;

async function main(): Promise<void> {
  const settings = loadSettings();
  const app = await createApp(settings);
  let stopping = false;
  const stop = (signal: string) => {
    if (stopping) return;
    stopping = true;
    app.logger.info({ signal }, 'stopping');
    setTimeout(() => process.exit(1), hardStopMs).unref();
    app.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        app.logger.error({ err: error }, 'stop.failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  app.logger.info(summary(settings), 'starting');
  const { url } = await app.start();
  console.log(url === null ? `bridge ready (${settings.roles.join(', ')})` : `bridge ready at ${url}`);
}

main().catch((error: unknown) => {
  const problems =
    error instanceof SettingsError ? error.problems : [error instanceof Error ? error.message : String(error)];
  for (const problem of problems) console.error(`bridge: ${problem}`);
  process.exit(1);
});
