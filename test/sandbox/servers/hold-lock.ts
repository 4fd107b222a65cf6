// Makes sure that of several processes one builds a thing (an unpacked package, a template database) and the others
// wait for it. The lock names its holder; a holder that died does not block anybody.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { identify, isAlive, processIdentitySchema } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

const LONGEST_WAIT_MS = 20 * 60_000;

/** Runs `work` while holding the lock `file`; waits for another holder first. */
export async function holdLock<T>(file: string, work: () => Promise<T>): Promise<T> {
  if (!(await waitUntil(() => take(file), LONGEST_WAIT_MS, 200))) {
    throw new Error(`another process holds ${file} for too long`);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  try {
    writeFileSync(file, JSON.stringify(identify(process.pid)), { flag: 'wx' });
    return true;
  } catch {
    if (holderIsGone(file)) rmSync(file, { force: true });
    return false;
  }
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
