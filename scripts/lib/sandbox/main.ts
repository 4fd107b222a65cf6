// The commands of scripts/sandbox. Each says what it did on standard output, and in one line on standard error what
// went wrong.
import { rmSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, sandboxFolder } from '../../../test/sandbox/servers/cache-folder.ts';
import { holdLock } from '../../../test/sandbox/servers/hold-lock.ts';
import { isAlive } from '../../../test/sandbox/servers/process-identity.ts';
import { REPOSITORY } from './repository.ts';
import { openSandbox } from './sandbox.ts';
import type { Sandbox } from './sandbox.ts';
import { readState } from './state.ts';
import { statusTable } from './status-table.ts';
import { SANDBOX_STEPS } from './steps.ts';
import { testAddons } from './test-addons.ts';
import { bringUp } from './up.ts';

const HELP = `usage: scripts/sandbox COMMAND
  up             start a real Odoo 19 with the addons and demo data, the bridge and a simulated Chatwoot, connected;
                 what runs already goes on, what was edited is started anew
  down           stop them; the data stay
  status         what runs, where, and how to get in (exit code 1 unless all of it runs)
  reset [--all]  stop them and drop databases and data; --all drops the template databases as well
  test-addons    run the addons' tests in a real Odoo (see its --help)
Everything is private to this user: own ports, own data folder (UI_SANDBOX_DIR, or in the cache folder UI_CACHE_DIR),
no service of the system. Needs Debian with apt; with root it installs what is missing. Elsewhere: docker compose up.`;

const NAMES = SANDBOX_STEPS.filter((step) => step.hasServer !== false).map((step) => step.name);

async function up(sandbox: Sandbox): Promise<number> {
  const seconds = await bringUp(sandbox);
  console.log(
    `${statusTable(NAMES, sandbox.servers())}\nup in ${seconds.toFixed(1)} s; data and logs in ${sandbox.folder}`,
  );
  return 0;
}

async function down(sandbox: Sandbox): Promise<number> {
  const ended = await sandbox.end();
  console.log(ended.length > 0 ? `stopped ${ended.join(', ')}` : 'nothing was running');
  return 0;
}

function status(folder: string): number {
  const servers = readState(folder)?.servers ?? [];
  console.log(statusTable(NAMES, servers));
  return NAMES.every((name) => servers.some((server) => server.name === name && isAlive(server.process))) ? 0 : 1;
}

async function reset(sandbox: Sandbox, all: boolean): Promise<number> {
  await sandbox.end();
  rmSync(sandbox.folder, { recursive: true, force: true });
  if (all) rmSync(cacheFolder('templates'), { recursive: true, force: true });
  console.log('databases and data are gone; the downloaded packages stay');
  return 0;
}

async function run(args: string[]): Promise<number> {
  const [command, ...rest] = args;
  if (command === undefined || command === '--help' || command === '-h' || command === 'help') {
    console.log(HELP);
    return command === undefined ? 2 : 0;
  }
  if (command === 'test-addons') return testAddons(rest);
  const folder = sandboxFolder();
  if (rest.includes('--help')) return run(['--help']);
  if (command === 'status') return status(folder);
  const locked = (work: (sandbox: Sandbox) => Promise<number>): Promise<number> => {
    cacheFolder();
    return holdLock(`${path.resolve(folder)}.lock`, () => work(openSandbox(folder, REPOSITORY)));
  };
  if (command === 'up') return locked(up);
  if (command === 'down') return locked(down);
  if (command === 'reset') return locked((sandbox) => reset(sandbox, rest.includes('--all')));
  throw new Error(`unknown command '${command}'; known: up, down, status, reset, test-addons`);
}

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  console.error(`sandbox: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
