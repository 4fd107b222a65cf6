// `scripts/sandbox up`: runs the steps in order; when one fails, or the person interrupts, what this command started
// is ended again and what ran before goes on.
import { announce } from '../../../test/sandbox/servers/announce.ts';
import { isAlive } from '../../../test/sandbox/servers/process-identity.ts';
import type { Sandbox } from './sandbox.ts';
import { SANDBOX_STEPS } from './steps.ts';

/** Brings everything up; resolves to the seconds it took. */
export async function bringUp(sandbox: Sandbox): Promise<number> {
  const begin = Date.now();
  const before = new Set(
    sandbox
      .servers()
      .filter((server) => isAlive(server.process))
      .map((server) => server.name),
  );
  const undo = async (): Promise<void> => {
    const started = sandbox.servers().map((server) => server.name);
    await sandbox.end(started.filter((name) => !before.has(name)));
  };
  const interrupted = (): void => void undo().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    for (const step of SANDBOX_STEPS) {
      announce(step.name);
      await step.up(sandbox);
    }
  } catch (error) {
    await undo();
    throw error;
  }
  return (Date.now() - begin) / 1000;
}
