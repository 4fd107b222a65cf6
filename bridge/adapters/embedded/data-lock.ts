// One process per data folder. The lock is a file that names its holder; it is taken over when that process is gone, so a
// `kill -9` costs nothing. A holder on another host (two containers on one volume) shows that it lives by touching the
// file, because its process id means nothing here.
import { randomUUID } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { makeDirectory } from './durable-files.ts';

const Holder = z.object({
  version: z.number(),
  id: z.string(),
  pid: z.number(),
  host: z.string(),
  started: z.string(),
});
type Holder = z.infer<typeof Holder>;

const touchEveryMs = 1_000;
const silentHolderIsGoneMs = 4_000;
const lookAgainMs = 100;
/** Two that take over at once see here which of them was last. */
const settleMs = 200;

export interface DataLock {
  /** Throws `upstream_unavailable` once another process has the folder. */
  assertOwned(): void;
  release(): void;
}

/** Waits up to `waitMs` for the folder, then rejects with `conflict` naming the holder. */
export async function acquireDataLock(directory: string, logger: Logger, waitMs = 5_000): Promise<DataLock> {
  await makeDirectory(directory);
  const file = join(directory, 'lock');
  const me: Holder = {
    version: 1,
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    started: startOf(process.pid),
  };
  const giveUpAtMs = Date.now() + waitMs;
  while (!(await tryToTake(file, me, logger))) {
    if (Date.now() >= giveUpAtMs) throw inUse(directory, read(file));
    await delay(lookAgainMs);
  }
  return hold(file, me, logger);
}

async function tryToTake(file: string, me: Holder, logger: Logger): Promise<boolean> {
  const mine = `${file}.${me.id}`;
  writeFileSync(mine, JSON.stringify(me), { mode: 0o600 });
  try {
    if (link(mine, file)) return true;
    const holder = read(file);
    if (holder !== null && isAlive(file, holder)) return false;
    renameSync(mine, file);
    logger.info({ file, pid: holder?.pid ?? null }, 'data_lock.taken_over');
    await delay(settleMs);
    return read(file)?.id === me.id;
  } finally {
    rmSync(mine, { force: true });
  }
}

function hold(file: string, me: Holder, logger: Logger): DataLock {
  let lost = false;
  const timer = setInterval(() => {
    if (read(file)?.id === me.id) {
      utimesSync(file, new Date(), new Date());
    } else if (!lost) {
      lost = true;
      logger.error({ file }, 'data_lock.lost');
    }
  }, touchEveryMs);
  timer.unref();
  return {
    assertOwned: () => {
      if (lost) throw new BridgeError('upstream_unavailable', `another process took the data folder (${file})`);
    },
    release: () => {
      clearInterval(timer);
      if (read(file)?.id === me.id) rmSync(file, { force: true });
    },
  };
}

function link(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** Null when the file is gone or nobody can tell whose it is. */
function read(file: string): Holder | null {
  try {
    return Holder.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

function isAlive(file: string, holder: Holder): boolean {
  if (holder.host !== hostname()) return Date.now() - touchedAtMs(file) < silentHolderIsGoneMs;
  return isRunning(holder.pid) && startOf(holder.pid) === holder.started;
}

function touchedAtMs(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** When a process started, as Linux tells it (field 22 of stat), so that a reused process id is not taken for the holder. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  } catch {
    return '';
  }
}

function inUse(directory: string, holder: Holder | null): BridgeError {
  const who = holder === null ? 'another process' : `process ${holder.pid} on ${holder.host}`;
  return new BridgeError(
    'conflict',
    `the data folder ${directory} is in use by ${who}: stop it, or give this one its own DATA_DIR`,
  );
}
