// Finds PostgreSQL's own programs. Debian keeps them out of the PATH, one folder per major version.
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { installPackages } from './install-packages.ts';
import { mustRun } from './run-command.ts';

const DEBIAN_ROOT = '/usr/lib/postgresql';

export interface PostgresPrograms {
  /** Folder with initdb, postgres, psql, createdb, dropdb, pg_isready. */
  folder: string;
  /** Major version; a data folder fits only the one that made it. */
  major: string;
}

/** The newest PostgreSQL of this machine; installs it when it can and must. */
export async function postgresPrograms(): Promise<PostgresPrograms> {
  const folder = findFolder() ?? (await install());
  const said = await mustRun(path.join(folder, 'postgres'), ['--version']);
  const major = /(\d+)/.exec(said)?.[1];
  if (major === undefined) throw new Error(`cannot read the version of PostgreSQL from "${said.trim()}"`);
  return { folder, major };
}

async function install(): Promise<string> {
  await installPackages('postgres');
  const folder = findFolder();
  if (folder === undefined) throw new Error('PostgreSQL is not on this machine; install it, or use docker compose');
  return folder;
}

function findFolder(): string | undefined {
  const versions = existsSync(DEBIAN_ROOT) ? readdirSync(DEBIAN_ROOT).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = versions.map((version) => path.join(DEBIAN_ROOT, version, 'bin'));
  const onPath = (process.env['PATH'] ?? '').split(':').filter((entry) => existsSync(path.join(entry, 'initdb')));
  folders.push(...onPath.map((entry) => path.dirname(realpathSync(path.join(entry, 'initdb')))));
  return folders.find((folder) => existsSync(path.join(folder, 'initdb')) && existsSync(path.join(folder, 'psql')));
}
