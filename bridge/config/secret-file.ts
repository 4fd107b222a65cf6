// One secret in one file that only its owner may read. Made with an exclusive create, so that two starts at the same
// moment end up with the same secret.
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ownerOnly = 0o600;

/** The content of the file; made first when there is none. Throws the file system's error. */
export function keepSecretFile(folder: string, fileName: string, make: () => string): string {
  const file = path.join(folder, fileName);
  const kept = readSecretFile(file) ?? createSecretFile(folder, file, make());
  if (kept === '') throw new Error(`${file} is empty: remove it or write the secret into it`);
  return kept;
}

/** The trimmed content, or null when there is no such file. A file others may read is closed to them. */
export function readSecretFile(file: string): string | null {
  try {
    const text = readFileSync(file, 'utf8').trim();
    chmodSync(file, ownerOnly);
    return text;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

/** Written whole beside its place and then linked: a link fails when another start was faster, and never half-done. */
function createSecretFile(folder: string, file: string, secret: string): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, `${secret}\n`, { mode: ownerOnly });
    linkSync(draft, file);
    return secret;
  } catch (error) {
    if (!isAlreadyThere(error)) throw error;
    return readSecretFile(file) ?? '';
  } finally {
    rmSync(draft, { force: true });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function isAlreadyThere(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EEXIST';
}
