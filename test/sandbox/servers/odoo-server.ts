// A real Odoo 19 on a database of its own, with demo data and the project's addons, for tests and scripts/sandbox.
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { answersOk } from './answers-ok.ts';
import { ensureOdoo, PYTHON } from './ensure-odoo.ts';
import { odooArguments, odooEnvironment, prepareOdoo, runOdoo } from './odoo-command.ts';
import type { OdooSetup } from './odoo-command.ts';
import { copyFileStore, ensureTemplateDatabase, TEMPLATE_DATABASE } from './odoo-template.ts';
import type { OdooTemplate } from './odoo-template.ts';
import { startPostgres } from './postgres-server.ts';
import type { PostgresServer } from './postgres-server.ts';
import { serverFolder } from './run-folder.ts';
import { manageServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';
import { serverUser } from './server-user.ts';

export interface OdooOptions {
  /** Default `odoo`. Made from the template when the cluster does not have it. */
  database?: string;
  port?: number;
  /** Default: a private cluster made from the template, stopped with Odoo. */
  postgres?: PostgresServer;
  /** What a new database is made from; default: all addons of the repository. The cluster must come from it. */
  template?: OdooTemplate;
  /** Folder for configuration, file store and log; a temporary one when absent. */
  folder?: string;
  /** Another odoo_addons folder than the repository's. */
  addonsPath?: string;
  /** 0 keeps scheduled actions from running; default 2. */
  cronThreads?: number;
  /** Runs before the server starts, e.g. to update modules. */
  beforeStart?: (setup: OdooSetup, database: string) => Promise<void>;
  lifetime?: 'parent' | 'detached';
}

export interface OdooServer extends ServerProcess {
  url: string;
  port: number;
  database: string;
  login: string;
  password: string;
  logFile: string;
  postgres: PostgresServer;
  /** Runs Python in Odoo's shell on the database (`env` is there; end with `env.cr.commit()` to keep changes); returns what it prints. */
  shell: (code: string) => Promise<string>;
  /** A key for the JSON-2 API of that user. */
  createApiKey: (login?: string) => Promise<string>;
}

/** Starts Odoo and resolves when its database serves pages. */
export async function startOdoo(options: OdooOptions = {}): Promise<OdooServer> {
  const template = async (): Promise<OdooTemplate> => options.template ?? (await ensureTemplateDatabase());
  const postgres = options.postgres ?? (await startPostgres({ copyFrom: (await template()).cluster }));
  const database = options.database ?? 'odoo';
  const setup = await prepareOdoo({
    odoo: await ensureOdoo(),
    postgres,
    folder: options.folder ?? serverFolder('odoo'),
    ...(options.port !== undefined && { httpPort: options.port }),
    ...(options.addonsPath !== undefined && { addonsSource: options.addonsPath }),
    ...(options.cronThreads !== undefined && { cronThreads: options.cronThreads }),
  });
  if (!(await postgres.hasDatabase(database))) await createOdooDatabase(setup, postgres, await template(), database);
  await options.beforeStart?.(setup, database);
  const server = odooProcess(setup, database, options.lifetime ?? 'parent');
  await server.start();
  const stop = options.postgres ? server.stop : () => server.stop().then(postgres.stop);
  return { ...server, ...describe(setup, database), ...helpers(setup, database), postgres, stop };
}

/** Copies the template's database and files; the copy gets identifiers of its own, as Odoo does when it duplicates one. */
export async function createOdooDatabase(
  setup: OdooSetup,
  postgres: PostgresServer,
  template: OdooTemplate,
  database: string,
): Promise<void> {
  await postgres.createDatabase(database, TEMPLATE_DATABASE);
  await copyFileStore(template.fileStore, setup.dataFolder, database);
  const values = [randomUUID(), randomUUID()];
  const set = (key: string, value: string | undefined): string =>
    `UPDATE ir_config_parameter SET value = '${value ?? ''}' WHERE key = '${key}';`;
  await postgres.query(database, set('database.uuid', values[0]) + set('database.secret', values[1]));
}

function describe(
  setup: OdooSetup,
  database: string,
): Pick<OdooServer, 'url' | 'port' | 'database' | 'login' | 'password' | 'logFile'> {
  const url = `http://127.0.0.1:${setup.httpPort}`;
  return { url, port: setup.httpPort, database, login: 'admin', password: 'admin', logFile: logFileOf(setup) };
}

function helpers(setup: OdooSetup, database: string): Pick<OdooServer, 'shell' | 'createApiKey'> {
  const shell = async (code: string): Promise<string> => {
    const {
      code: exitCode,
      stdout,
      stderr,
    } = await runOdoo(setup, ['shell', '-d', database, '--no-http', '--log-level=error'], { input: code });
    if (exitCode !== 0 || stderr.includes('Traceback')) {
      throw new Error(`Odoo's shell failed: ${stderr.trim().split('\n').at(-1) ?? ''}`);
    }
    return stdout.trim();
  };
  const createApiKey = (login = 'admin'): Promise<string> =>
    shell(API_KEY_CODE.replace('LOGIN', JSON.stringify(login)));
  return { shell, createApiKey };
}

// A key is made for the current user only; a lifetime of a day passes every group's limit.
const API_KEY_CODE = `
from datetime import timedelta
from odoo import fields
user = env['res.users'].search([('login', '=', LOGIN)], limit=1)
keys = env['res.users.apikeys'].with_user(user)
print(keys._generate('rpc', 'test', fields.Datetime.now() + timedelta(hours=23)))
env.cr.commit()
`;

function odooProcess(setup: OdooSetup, database: string, lifetime: 'parent' | 'detached'): ServerProcess {
  return manageServer({
    name: 'Odoo',
    command: PYTHON,
    args: odooArguments(setup, '-d', database, '--db-filter', `^${database}$`),
    cwd: setup.folder,
    env: odooEnvironment(setup),
    user: serverUser(),
    logFile: logFileOf(setup),
    isReady: () => answersOk(`http://127.0.0.1:${setup.httpPort}/web/login`),
    readyTimeoutMs: 120_000,
    stopSignal: 'SIGTERM',
    stopGraceMs: 10_000,
    lifetime,
  });
}

function logFileOf(setup: OdooSetup): string {
  return path.join(setup.folder, 'odoo.log');
}
