// Template databases: installing Odoo's modules takes a minute, copying a database that has them a second. A template
// is a whole stopped PostgreSQL cluster with its file store in the cache, so that each run copies it and shares
// nothing with others. Two layers: Odoo's own modules (changes with Odoo), and on top of it the project's addons
// (changes with every edit of them).
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { hashAddons, listAddons } from './addons.ts';
import { announce } from './announce.ts';
import { cacheFolder } from './cache-folder.ts';
import { ensureOdoo } from './ensure-odoo.ts';
import type { Odoo } from './ensure-odoo.ts';
import { holdLock } from './hold-lock.ts';
import { changeModules, prepareOdoo } from './odoo-command.ts';
import { postgresPrograms } from './postgres-programs.ts';
import { copyTree, startPostgres } from './postgres-server.ts';
import { makeFolderFor, serverUser } from './server-user.ts';
import { workFolder } from './work-folder.ts';

/** Odoo's own modules of every template. */
export const BASE_MODULES = 'sale_management,stock,crm,calendar,project,delivery,contacts';
// Odoo makes the first one the language of its users, and of it alone when it is alone.
const LANGUAGES = 'en_US,pt_BR';
/** Name of the database inside a template's cluster. */
export const TEMPLATE_DATABASE = 'template_odoo';

const KEPT_OF_A_KIND = 3;

export interface OdooTemplate {
  odoo: Odoo;
  /** Data folder of the stopped cluster, for `startPostgres({ copyFrom })`. */
  cluster: string;
  /** File store of TEMPLATE_DATABASE. */
  fileStore: string;
}

/** Odoo's own modules with demo data, in English and Brazilian Portuguese; built once. */
export async function ensureBaseTemplate(modules: string = BASE_MODULES): Promise<OdooTemplate> {
  const odoo = await ensureOdoo();
  const { major } = await postgresPrograms();
  const args = ['-i', modules, `--load-language=${LANGUAGES}`];
  const key = `base-${shortHash(odoo.version, major, ...args)}`;
  return ensureTemplate(odoo, key, (folder) => build(odoo, folder, args));
}

/** The base template with the given addons on top; without any it is the base template. */
export async function ensureTemplateDatabase(addons: string[] = listAddons()): Promise<OdooTemplate> {
  const base = await ensureBaseTemplate();
  if (addons.length === 0) return base;
  const baseKey = path.basename(path.dirname(path.dirname(base.cluster)));
  const key = `addons-${shortHash(baseKey, hashAddons(), ...addons)}`;
  const template = await ensureTemplate(base.odoo, key, (folder) =>
    build(base.odoo, folder, ['-i', addons.join(',')], base),
  );
  return template;
}

async function ensureTemplate(odoo: Odoo, key: string, make: (folder: string) => Promise<void>): Promise<OdooTemplate> {
  const root = cacheFolder('templates');
  const folder = path.join(root, key);
  if (!existsSync(folder)) {
    await holdLock(`${folder}.lock`, async () => {
      if (!existsSync(folder)) await make(folder);
    });
  }
  utimesSync(folder, new Date(), new Date());
  const fileStore = path.join(folder, 'odoo/data/filestore', TEMPLATE_DATABASE);
  return { odoo, cluster: path.join(folder, 'postgres/data'), fileStore };
}

// Renamed when complete: a template that exists is whole.
async function build(odoo: Odoo, folder: string, args: string[], base?: OdooTemplate): Promise<void> {
  announce(
    base ? 'building the template database of the addons' : 'building the template database of Odoo (about a minute)',
  );
  const work = workFolder(path.dirname(folder));
  makeFolderFor(serverUser(), work);
  const postgres = await startPostgres({
    folder: path.join(work, 'postgres'),
    ...(base && { copyFrom: base.cluster }),
  });
  try {
    const setup = await prepareOdoo({ odoo, postgres, folder: path.join(work, 'odoo') });
    if (base) await copyFileStore(base.fileStore, setup.dataFolder, TEMPLATE_DATABASE);
    await changeModules(setup, TEMPLATE_DATABASE, args);
    await postgres.stop();
    renameSync(work, folder);
    forgetOldTemplates(base ? 'addons' : 'base');
  } finally {
    await postgres.stop();
    rmSync(work, { recursive: true, force: true });
  }
}

/** Copies a file store into Odoo's data folder under the name of its new database. */
export async function copyFileStore(from: string, dataFolder: string, database: string): Promise<void> {
  const stores = path.join(dataFolder, 'filestore');
  makeFolderFor(serverUser(), stores);
  if (existsSync(from)) await copyTree(from, path.join(stores, database));
}

// Least recently used first; what another run uses this moment was used last.
function forgetOldTemplates(kind: 'base' | 'addons'): void {
  const root = cacheFolder('templates');
  const folders = readdirSync(root).filter((name) => name.startsWith(`${kind}-`) && !name.endsWith('.lock'));
  const newestFirst = folders
    .map((name) => path.join(root, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const folder of newestFirst.slice(KEPT_OF_A_KIND)) rmSync(folder, { recursive: true, force: true });
}

function shortHash(...parts: string[]): string {
  return createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 16);
}
