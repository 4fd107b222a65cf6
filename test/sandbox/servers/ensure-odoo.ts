// Odoo 19 unpacked in the cache and ready to run. It is Debian's package for a newer suite than the machine's own,
// so it is not installed: its links to system folders are laid, and those that lead nowhere are removed (Odoo
// answers 500 to every page whose assets hold a dangling link).
import { existsSync, readdirSync, renameSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { announce } from './announce.ts';
import { cacheFolder } from './cache-folder.ts';
import { holdLock } from './hold-lock.ts';
import { installOdooNeeds, odooPackageFile } from './odoo-package.ts';
import { mustRun } from './run-command.ts';
import { makeFolderFor, serverUser } from './server-user.ts';
import { workFolder } from './work-folder.ts';

const SYSTEM_FOLDERS = ['javascript', 'fonts', 'fonts-font-awesome'];
/** The system's own interpreter: Debian's modules are compiled for it. */
export const PYTHON = '/usr/bin/python3';

export interface Odoo {
  /** Debian's version of the package, e.g. 19.0.0+dfsg-1. */
  version: string;
  /** PYTHONPATH of the program. */
  pythonPath: string;
  /** Odoo's own addons. */
  addonsFolder: string;
  /** The `odoo` script, to be run by the system's Python. */
  program: string;
}

/** Installs the system packages, downloads and unpacks Odoo, each only when needed. */
export async function ensureOdoo(): Promise<Odoo> {
  await installOdooNeeds();
  const root = cacheFolder('odoo');
  makeFolderFor(serverUser(), root, 0o755);
  const tree =
    newestTree(root) ?? (await holdLock(`${root}.lock`, async () => newestTree(root) ?? (await unpack(root))));
  const pythonPath = path.join(tree, 'usr/lib/python3/dist-packages');
  return {
    version: path.basename(tree),
    pythonPath,
    addonsFolder: path.join(pythonPath, 'odoo/addons'),
    program: path.join(tree, 'usr/bin/odoo'),
  };
}

function newestTree(root: string): string | undefined {
  const versions = readdirSync(root).filter((name) => /^\d/.test(name));
  const newest = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true })).at(-1);
  return newest === undefined ? undefined : path.join(root, newest);
}

// As the servers' user, who then may write Python's compiled files beside the sources.
async function unpack(root: string): Promise<string> {
  const file = await odooPackageFile();
  announce('unpacking Odoo 19');
  const user = serverUser();
  const work = workFolder(root);
  await mustRun('dpkg-deb', ['-x', file, work], { user });
  for (const name of SYSTEM_FOLDERS) {
    const link = path.join(work, 'usr/share', name);
    if (!existsSync(link)) symlinkSync(path.join('/usr/share', name), link);
  }
  await mustRun('find', [work, '-xtype', 'l', '-delete'], { user });
  const version = (await mustRun('dpkg-deb', ['-f', file, 'Version'])).trim();
  renameSync(work, path.join(root, version));
  return path.join(root, version);
}
