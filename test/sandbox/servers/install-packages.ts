// The one way from TypeScript to scripts/lib/install-debian-packages.sh, which knows what each group holds.
import { fileURLToPath } from 'node:url';
import { aptEnvironment } from './apt-environment.ts';
import { runCommand } from './run-command.ts';

const SCRIPT = fileURLToPath(new URL('../../../scripts/lib/install-debian-packages.sh', import.meta.url));

export type PackageGroup = 'redis' | 'postgres' | 'odoo' | 'chromium';

/** Installs what is missing of these groups; an error says in one line what to do instead. */
export async function installPackages(...groups: PackageGroup[]): Promise<void> {
  const { code, stderr } = await runCommand('bash', [SCRIPT, ...groups], {
    env: aptEnvironment(),
    onOutput: (text) => process.stderr.write(text),
  });
  if (code !== 0) throw new Error(stderr.trim().split('\n').at(-1) ?? 'packages could not be installed');
}
