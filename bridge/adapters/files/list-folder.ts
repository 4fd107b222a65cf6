// Names inside a folder that people edit: sorted, links followed, editor leftovers and hidden files left out.
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { isMissing } from './file-errors.ts';

/** Folders whose name starts with a letter or digit; empty when the folder itself is missing. */
export async function subfolders(folder: string): Promise<string[]> {
  return (await entries(folder, 'folder')).filter((name) => /^[A-Za-z0-9]/.test(name));
}

/** Paths of the `*.yaml` files directly inside; empty when the folder is missing. */
export async function yamlFiles(folder: string): Promise<string[]> {
  const names = await entries(folder, 'file');
  return names.filter((name) => /^[^.].*\.yaml$/.test(name)).map((name) => path.join(folder, name));
}

async function entries(folder: string, kind: 'file' | 'folder'): Promise<string[]> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    const names: string[] = [];
    for (const entry of found) {
      const isFolder = entry.isSymbolicLink()
        ? await leadsToFolder(path.join(folder, entry.name))
        : entry.isDirectory();
      if (isFolder === (kind === 'folder')) names.push(entry.name);
    }
    return names.sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function leadsToFolder(link: string): Promise<boolean> {
  try {
    return (await stat(link)).isDirectory();
  } catch {
    return false;
  }
}
