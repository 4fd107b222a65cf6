// Configuration files as layers, read again only when the file system says they changed. Whatever is wrong with a file
// becomes a problem of its layer: reading never fails because of one file.
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ConfigLayer } from '../../core/ports/tenant-source.ts';
import { isMissing, messageOf } from './file-errors.ts';
import { readYaml } from './yaml-text.ts';

const maxBytes = 1024 * 1024;

interface Remembered {
  signature: string;
  layer: ConfigLayer;
}

/** Remembers one folder's files between readings, so that an unchanged file keeps its layer object. */
export class LayerReader {
  readonly #root: string;
  #remembered = new Map<string, Remembered>();
  #seen = new Map<string, Remembered>();

  constructor(root: string) {
    this.#root = root;
  }

  /** Null when there is no such file. */
  async read(file: string): Promise<ConfigLayer | null> {
    const signature = await signatureOf(file);
    if (signature === null) return null;
    const known = this.#remembered.get(file);
    const entry = known?.signature === signature ? known : { signature, layer: await this.#parse(file) };
    this.#seen.set(file, entry);
    return entry.layer;
  }

  /** Ends one reading of the folder: files that were not seen in it are forgotten. */
  endReading(): void {
    this.#remembered = this.#seen;
    this.#seen = new Map();
  }

  async #parse(file: string): Promise<ConfigLayer> {
    const name = path.relative(this.#root, file).split(path.sep).join('/');
    try {
      const bytes = await readFile(file);
      if (bytes.length > maxBytes) return unreadable(name, `is larger than ${maxBytes / 1024} KiB`);
      return { file: name, ...readYaml(bytes.toString('utf8')) };
    } catch (error) {
      return unreadable(name, `cannot be read: ${messageOf(error)}`);
    }
  }
}

/** Changes whenever the file does; null when there is none; a constant text when it cannot be looked at. */
export async function signatureOf(file: string): Promise<string | null> {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(file);
    return `${mtimeMs}:${ctimeMs}:${size}:${ino}`;
  } catch (error) {
    return isMissing(error) ? null : 'unreadable';
  }
}

function unreadable(file: string, message: string): ConfigLayer {
  return { file, content: null, problem: { path: '', message } };
}
