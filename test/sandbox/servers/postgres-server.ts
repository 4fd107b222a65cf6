// A private PostgreSQL cluster. It listens on a socket in a folder that only its user can enter and on no port, so
// it neither meets the system's own server nor lets other accounts in. Nothing here survives a power cut (no fsync):
// the data are demo data.
import { cpSync, existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { plainEnvironment, mustRun, runCommand } from './run-command.ts';
import { postgresPrograms } from './postgres-programs.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { serverFolder } from './run-folder.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { manageServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';
import { makeFolderFor, serverUser } from './server-user.ts';

/** The cluster's only role; a superuser of a cluster that nobody else reaches. */
export const POSTGRES_ROLE = 'odoo';

export interface PostgresOptions {
  /** Folder for data, socket and log; a temporary one when absent. An existing cluster in it is used as it is. */
  folder?: string;
  /** A stopped cluster's data folder to begin with instead of an empty cluster. */
  copyFrom?: string;
  lifetime?: 'parent' | 'detached';
  /** Known to run already, with this `folder`. */
  running?: ProcessIdentity;
}

export interface PostgresServer extends ServerProcess {
  folder: string;
  /** What libpq calls host: the folder of the socket. */
  socketFolder: string;
  role: string;
  /** Folder of psql and the like, for people. */
  programs: string;
  /** Runs SQL and returns the rows, columns separated by `|`. */
  query: (database: string, sql: string) => Promise<string>;
  createDatabase: (name: string, template?: string) => Promise<void>;
  /** Removes it with its connections; fine when there is none. */
  dropDatabase: (name: string) => Promise<void>;
  hasDatabase: (name: string) => Promise<boolean>;
}

const SETTINGS = {
  listen_addresses: '',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  max_connections: '200',
  shared_buffers: '128MB',
  // Shared memory in the data folder: nothing is left in /dev/shm after a kill -9.
  dynamic_shared_memory_type: 'mmap',
};

/** Installs PostgreSQL when it can and must, makes the cluster when there is none, starts it. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const programs = await postgresPrograms();
  const folder = options.folder ?? serverFolder('postgres');
  const socketFolder = path.join(folder, 'socket');
  refuseLongPath(socketFolder);
  const data = path.join(folder, 'data');
  const user = serverUser();
  for (const made of [folder, socketFolder]) makeFolderFor(user, made);
  await ensureCluster(programs, data, options.copyFrom);
  const settings = Object.entries({ ...SETTINGS, unix_socket_directories: socketFolder });
  const server = manageServer({
    name: 'PostgreSQL',
    command: path.join(programs.folder, 'postgres'),
    args: ['-D', data, ...settings.flatMap(([name, value]) => ['-c', `${name}=${value}`])],
    cwd: folder,
    env: plainEnvironment(),
    user,
    logFile: path.join(folder, 'postgres.log'),
    isReady: async () =>
      (await runCommand(path.join(programs.folder, 'pg_isready'), ['-q', '-h', socketFolder])).code === 0,
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGINT',
    stopGraceMs: 20_000,
    lifetime: options.lifetime ?? 'parent',
    ...(options.running && { running: options.running }),
  });
  await server.start();
  return {
    ...server,
    ...databaseCommands(programs, socketFolder),
    folder,
    socketFolder,
    role: POSTGRES_ROLE,
    programs: programs.folder,
  };
}

type DatabaseCommands = Pick<PostgresServer, 'query' | 'createDatabase' | 'dropDatabase' | 'hasDatabase'>;

function databaseCommands(programs: PostgresPrograms, socketFolder: string): DatabaseCommands {
  const connection = ['-h', socketFolder, '-U', POSTGRES_ROLE];
  const run = (name: string, ...args: string[]): Promise<string> =>
    mustRun(path.join(programs.folder, name), [...connection, ...args], { user: serverUser() });
  const query = (database: string, sql: string): Promise<string> =>
    run('psql', '-X', '-q', '-t', '-A', '-v', 'ON_ERROR_STOP=1', '-d', database, '-c', sql).then((text) => text.trim());
  return {
    query,
    createDatabase: async (name, template = 'template1') => {
      await run('createdb', '-T', template, name);
    },
    dropDatabase: async (name) => {
      await run('dropdb', '--if-exists', '--force', name);
    },
    hasDatabase: async (name) =>
      (await query('postgres', 'SELECT datname FROM pg_database')).split('\n').includes(name),
  };
}

async function ensureCluster(programs: PostgresPrograms, data: string, copyFrom: string | undefined): Promise<void> {
  const versionFile = path.join(data, 'PG_VERSION');
  if (existsSync(versionFile)) {
    refuseOtherVersion(readFileSync(versionFile, 'utf8').trim(), programs.major, data);
  } else if (copyFrom === undefined) {
    const flags = ['-A', 'trust', '-U', POSTGRES_ROLE, '-E', 'UTF8', '--locale=C', '--no-sync'];
    await mustRun(path.join(programs.folder, 'initdb'), ['-D', data, ...flags], { user: serverUser() });
  } else {
    await copyTree(copyFrom, data);
  }
}

/** Copies a folder as the servers' user, with links, times and modes. */
export async function copyTree(from: string, to: string): Promise<void> {
  if (process.platform === 'linux') await mustRun('cp', ['-a', '--reflink=auto', from, to], { user: serverUser() });
  else cpSync(from, to, { recursive: true, preserveTimestamps: true });
}

function refuseOtherVersion(found: string, major: string, data: string): void {
  if (found === major) return;
  throw new Error(`the data in ${data} are of PostgreSQL ${found}, this machine has ${major}: scripts/sandbox reset`);
}

// The kernel allows 107 bytes for a socket's path; PostgreSQL's own message about it is hard to read.
function refuseLongPath(socketFolder: string): void {
  if (Buffer.byteLength(socketFolder) <= 90) return;
  throw new Error(
    `the path ${socketFolder} is too long for a socket: set UI_SANDBOX_DIR or UI_CACHE_DIR to a shorter one`,
  );
}
