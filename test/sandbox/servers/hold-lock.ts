// Makes sure that of several processes one builds a thing (an unpacked package, a template database) and the others
// wait for it. The lock names its holder; a holder that died does not block anybody.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { identify, isAlive, processIdentitySchema } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

const LONGEST_WAIT_MS = 20 * 60_000;

/** Runs `work` while holding the lock `file`; waits for another holder first. */
export async function holdLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(path.dirname(file), { recursive: true });
  let outcome: 'taken' | 'held' | Error = 'held';
  const decided = await waitUntil(() => (outcome = take(file)) !== 'held', LONGEST_WAIT_MS, 200);
  if (!decided) throw new Error(`another process holds ${file} for too long`);
  if (isError(outcome)) throw outcome;
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): 'taken' | 'held' | Error {
  try {
    writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return 'taken';
  } catch (error) {
    if (!isError(error)) throw error;
    if (!('code' in error) || error.code !== 'EEXIST') return error;
    if (holderIsGone(file)) rmSync(file, { force: true });
    return 'held';
  }
}

function isError(value: unknown): value is Error {
  return value instanceof Error;
}

function holderIsGone(file: string): boolean {
  try {
    const text = readFileSync(file, 'utf8');
    // Empty: its holder is writing it this moment.
    return text !== '' && !isAlive(processIdentitySchema.parse(JSON.parse(text)));
  } catch {
    return false;
  }
}
