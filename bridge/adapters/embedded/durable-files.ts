// The few file operations that must be on disk when they return. A new or renamed file is durable only when its
// directory is synced too, which is easy to forget and therefore has one place.
import { randomUUID } from 'node:crypto';
import { mkdir, open, rename, rm, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const privateFile = 0o600;
const privateDirectory = 0o700;

/** Makes the names inside a directory durable. */
export async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Creates a directory and what is missing above it, each durable in the one above. */
export async function makeDirectory(directory: string): Promise<void> {
  const first = await mkdir(directory, { recursive: true, mode: privateDirectory });
  if (first === undefined) return;
  for (let made = directory; made.length >= first.length; made = dirname(made)) await syncDirectory(dirname(made));
}

/** Opens for appending; the file's name is durable when this returns. */
export async function openForAppend(path: string): Promise<FileHandle> {
  await makeDirectory(dirname(path));
  const handle = await open(path, 'a', privateFile);
  await syncDirectory(dirname(path));
  return handle;
}

/** Readers see the old text or the new one, never a part, also after a crash. */
export async function writeFileAtomically(path: string, text: string): Promise<void> {
  await makeDirectory(dirname(path));
  const temporary = join(dirname(path), `.${randomUUID()}.tmp`);
  try {
    await writeDurably(temporary, text);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncDirectory(dirname(path));
}

async function writeDurably(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', privateFile);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
