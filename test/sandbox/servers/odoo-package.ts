// Gets Odoo 19 as Debian packages it: from the mirror this machine already uses, checked by apt itself, unpacked
// beside the system instead of installed. The newest package found stays in the cache, so a machine that has run it
// once needs the mirror no more (Debian's unstable suite may drop it one day).
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { announce } from './announce.ts';
import { cacheFolder } from './cache-folder.ts';
import { installPackages } from './install-packages.ts';
import { aptEnvironment } from './apt-environment.ts';
import { unstableSource } from './apt-source.ts';
import type { AptSource } from './apt-source.ts';
import { mustRun } from './run-command.ts';
import { workFolder } from './work-folder.ts';

const PACKAGE = 'odoo-19';
const APT_SOURCES = '/etc/apt';

/** The newest `odoo-19` package file; downloads it when the cache has none. */
export async function odooPackageFile(): Promise<string> {
  return cachedPackage() ?? (await download());
}

function cachedPackage(): string | undefined {
  const folder = cacheFolder('packages');
  const files = readdirSync(folder).filter((name) => name.startsWith(`${PACKAGE}_`) && name.endsWith('.deb'));
  const newest = files.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest === undefined ? undefined : path.join(folder, newest);
}

async function download(): Promise<string> {
  if (!existsSync('/usr/bin/apt-get')) {
    throw new Error('there is no apt here to get Odoo with: use docker compose up instead');
  }
  announce('downloading Odoo 19 (about 120 MB)');
  const work = workFolder(cacheFolder('packages'));
  try {
    const apt = await privateApt(work);
    await apt('update', '-qq');
    await apt('download', '-qq', PACKAGE);
    keepDownloaded(work);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  const file = cachedPackage();
  if (file === undefined) throw new Error(`${PACKAGE} was not in the suite: use docker compose up instead`);
  return file;
}

function keepDownloaded(work: string): void {
  for (const name of readdirSync(work).filter((entry) => entry.endsWith('.deb'))) {
    renameSync(path.join(work, name), path.join(cacheFolder('packages'), name));
  }
}

// apt with its own lists and cache: the system's suites stay as they are.
async function privateApt(work: string): Promise<(...args: string[]) => Promise<string>> {
  const folders = { lists: path.join(work, 'lists'), cache: path.join(work, 'cache') };
  for (const folder of [path.join(folders.lists, 'partial'), path.join(folders.cache, 'archives', 'partial')]) {
    mkdirSync(folder, { recursive: true });
  }
  const source = readSources();
  const list = path.join(work, source.fileName);
  writeFileSync(list, source.text);
  const own = { 'Dir::Etc::sourcelist': list, 'Dir::Etc::sourceparts': '-', 'Dir::State::lists': folders.lists };
  const options = Object.entries({ ...own, 'Dir::Cache': folders.cache, 'APT::Sandbox::User': 'root' });
  const flags = options.flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return (...args) => mustRun('apt-get', [...flags, ...args], { cwd: work, env: aptEnvironment() });
}

function readSources(): AptSource {
  const parts = path.join(APT_SOURCES, 'sources.list.d');
  const names = existsSync(parts) ? readdirSync(parts).sort() : [];
  const files = [...names.map((name) => path.join(parts, name)), path.join(APT_SOURCES, 'sources.list')];
  const readable = files.filter((file) => existsSync(file)).map((file) => ({ file, text: readFileSync(file, 'utf8') }));
  const osRelease = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  return unstableSource(osRelease, readable);
}

/** Installs what Odoo needs of the system. */
export async function installOdooNeeds(): Promise<void> {
  await installPackages('postgres', 'odoo');
}
