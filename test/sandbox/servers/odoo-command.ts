// How Odoo is called: its configuration file, its environment, and runs that end by themselves (install, update,
// tests, shell). odoo-server.ts serves with the same.
import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { ADDONS_SOURCE, copyAddons } from './addons.ts';
import { PYTHON } from './ensure-odoo.ts';
import type { Odoo } from './ensure-odoo.ts';
import { freePort } from './free-port.ts';
import type { PostgresServer } from './postgres-server.ts';
import { plainEnvironment, runCommand } from './run-command.ts';
import type { CommandOptions, CommandResult } from './run-command.ts';
import { makeFolderFor, serverUser } from './server-user.ts';

export interface OdooSetup {
  odoo: Odoo;
  postgres: Pick<PostgresServer, 'socketFolder' | 'role'>;
  /** Configuration, file store, addons copy and log go here. */
  folder: string;
  /** Odoo's data_dir; it holds the file store of each database. */
  dataFolder: string;
  configFile: string;
  httpPort: number;
}

export interface OdooSetupOptions {
  odoo: Odoo;
  postgres: Pick<PostgresServer, 'socketFolder' | 'role'>;
  folder: string;
  httpPort?: number;
  /** Addons to copy and to offer; default: this repository's. */
  addonsSource?: string;
  /** Default 2, as Odoo; 0 runs no scheduled action. */
  cronThreads?: number;
}

type RunOptions = Pick<CommandOptions, 'input' | 'onOutput'>;

/** Writes the configuration and copies the addons; nothing runs yet. */
export async function prepareOdoo(options: OdooSetupOptions): Promise<OdooSetup> {
  const { odoo, postgres, folder } = options;
  const dataFolder = path.join(folder, 'data');
  const addons = path.join(folder, 'addons');
  makeFolderFor(serverUser(), folder);
  makeFolderFor(serverUser(), dataFolder);
  copyAddons(addons, options.addonsSource ?? ADDONS_SOURCE);
  const httpPort = options.httpPort ?? (await freePort());
  const settings = {
    addons_path: `${odoo.addonsFolder},${addons}`,
    data_dir: dataFolder,
    db_host: postgres.socketFolder,
    db_user: postgres.role,
    http_interface: '127.0.0.1',
    http_port: httpPort,
    gevent_port: await freePort(),
    list_db: false,
    max_cron_threads: options.cronThreads ?? 2,
    workers: 0,
  };
  const configFile = path.join(folder, 'odoo.conf');
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${String(value)}`);
  writeFileSync(configFile, ['[options]', ...lines, ''].join('\n'));
  chmodSync(configFile, 0o644);
  return { odoo, postgres, folder, dataFolder, configFile, httpPort };
}

/** Arguments after the interpreter; a subcommand comes first. */
export function odooArguments(setup: OdooSetup, ...args: string[]): string[] {
  const [first, ...rest] = args;
  const subcommand = first !== undefined && !first.startsWith('-') ? [first] : [];
  return [setup.odoo.program, ...subcommand, '-c', setup.configFile, ...(subcommand.length > 0 ? rest : args)];
}

export function odooEnvironment(setup: OdooSetup): Record<string, string> {
  return plainEnvironment({ HOME: setup.dataFolder, PYTHONPATH: setup.odoo.pythonPath });
}

/** Runs Odoo to its end. Its log is on standard error, and in `odoo.log` of the folder. */
export function runOdoo(setup: OdooSetup, args: string[], options: RunOptions = {}): Promise<CommandResult> {
  return runCommand(PYTHON, odooArguments(setup, ...args), {
    cwd: setup.folder,
    env: odooEnvironment(setup),
    user: serverUser(),
    ...options,
    logFile: path.join(setup.folder, 'odoo.log'),
  });
}

/** Installs or updates modules; an error says what Odoo complained about first and where it ended. */
export async function changeModules(setup: OdooSetup, database: string, args: string[]): Promise<void> {
  const flags = ['-d', database, ...args, '--with-demo', '--stop-after-init', '--no-http'];
  const { code, stderr } = await runOdoo(setup, flags);
  const complaint = /^\S+ \S+ \d+ (?:ERROR|CRITICAL) \S+ (.*)$/m.exec(stderr)?.[1]?.trim();
  if (code === 0 && complaint === undefined) return;
  const exception = stderr.split('\n').findLast((line) => /^[\w.]+(Error|Exception|Warning)\b/.test(line));
  const reasons = [complaint, exception].filter((reason) => reason !== undefined).join(' | ');
  throw new Error(`Odoo could not change its modules (${args.join(' ')}): ${reasons || `it ended with ${code}`}`);
}
