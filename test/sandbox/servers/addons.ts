// The project's addons: which there are, what their sources hash to, and a copy of them that the servers' user can
// read (a clone may lie in a folder that only its owner enters).
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** odoo_addons of this repository. */
export const ADDONS_SOURCE = fileURLToPath(new URL('../../../odoo_addons', import.meta.url));

/** Names of the addons in a folder: subfolders with a manifest, sorted. */
export function listAddons(folder: string = ADDONS_SOURCE): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => existsSync(path.join(folder, name, '__manifest__.py')))
    .sort();
}

/** One hash over names and bytes of everything that Odoo reads from the addons. */
export function hashAddons(folder: string = ADDONS_SOURCE): string {
  const hash = createHash('sha256');
  for (const addon of listAddons(folder)) {
    for (const file of filesBelow(path.join(folder, addon))) {
      hash
        .update(`${path.relative(folder, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
    }
  }
  return hash.digest('hex').slice(0, 16);
}

/** Replaces `target` by a copy of the addons that everybody may read. */
export function copyAddons(target: string, source: string = ADDONS_SOURCE): void {
  rmSync(target, { recursive: true, force: true });
  cpSync(source, target, { recursive: true, filter: isSource });
  makeReadable(target);
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .map((entry) => path.join(entry.parentPath, entry.name))
    .filter((file) => statSync(file).isFile() && isSource(file))
    .sort();
}

function isSource(file: string): boolean {
  return !file.endsWith('.pyc') && !file.includes('__pycache__');
}

function makeReadable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const child = path.join(folder, entry.name);
    if (entry.isDirectory()) makeReadable(child);
    else chmodSync(child, 0o644);
  }
}
