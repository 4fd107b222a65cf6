// A suite that proves its guarantees twice: embedded, and on a real Redis, each on an installation of its own with both
// surfaces of Chatwoot.
import { Installation } from './installation.ts';
import { modes } from './modes.ts';
import type { Mode } from './modes.ts';

/** `timeoutMs` bounds each test; `suite` gets the way to the installation, which is there once its tests run. */
export function inEachMode(title: string, timeoutMs: number, suite: (installation: () => Installation) => void): void {
  for (const name of ['embedded', 'redis'] as const) {
    describe(`${title} (${name})`, function () {
      this.timeout(timeoutMs);
      let mode: Mode;
      let installation: Installation;

      before(async () => {
        mode = await modes[name]();
        installation = await Installation.start({ environment: mode.environment, accountWebhook: true });
      });
      after(async () => {
        await installation.stop();
        await mode.stop();
      });

      suite(() => installation);
    });
  }
}
