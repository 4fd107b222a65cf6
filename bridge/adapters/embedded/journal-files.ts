// The files behind one journal: numbered logs and numbered snapshots in one directory. A snapshot of generation n stands
// for everything before log n, so loading means the newest snapshot and then the logs from its number on; a crash at any
// point of a compaction leaves a set that loads to the same state.
import { open, readdir, rename, rm, stat, truncate, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { Logger } from '../../core/ports/logger.ts';
import { makeDirectory, openForAppend, syncDirectory } from './durable-files.ts';
import { encodeRecord, type Change, type JournalRecord } from './journal-record.ts';
import { readJournalFile } from './read-journal-file.ts';

const snapshotChunkBytes = 1 << 20;

interface Numbered {
  file: string;
  generation: number;
}

export interface LoadedJournal {
  generation: number;
  logBytes: number;
  snapshotBytes: number;
  /** When the oldest record of the logs may have been written. */
  logsBeganMs: number;
}

export class JournalFiles {
  readonly #directory: string;
  readonly #name: string;
  readonly #logger: Logger;
  readonly #damaged = new Set<string>();

  constructor(directory: string, name: string, logger: Logger) {
    this.#directory = directory;
    this.#name = name;
    this.#logger = logger;
  }

  async load(replay: (record: JournalRecord) => void): Promise<LoadedJournal> {
    const { logs, snapshots } = await this.#list();
    const base = snapshots.at(-1);
    const current = logs.filter((log) => log.generation >= (base?.generation ?? 0));
    const snapshotBytes = base ? await this.#read(base.file, replay, false) : 0;
    let logBytes = 0;
    for (const log of current) logBytes += await this.#read(log.file, replay, log === current.at(-1));
    const generation = current.at(-1)?.generation ?? base?.generation ?? 1;
    return { generation, logBytes, snapshotBytes, logsBeganMs: await this.#beganMs(current[0]?.file) };
  }

  openLog(generation: number): Promise<FileHandle> {
    return openForAppend(this.#path(`${this.#name}.${generation}.log`));
  }

  /** Writes a snapshot that does not count yet; publish it with `publishSnapshot` once the logs cover it. */
  async writeSnapshot(generation: number, records: Iterable<Change[]>): Promise<number> {
    await makeDirectory(this.#directory);
    const handle = await open(this.#path(this.#temporary(generation)), 'w', 0o600);
    try {
      const bytes = await writeRecords(handle, records);
      await handle.sync();
      return bytes;
    } finally {
      await handle.close();
    }
  }

  /** From here on the snapshot stands for everything before its log; older files go. */
  async publishSnapshot(generation: number): Promise<void> {
    await rename(this.#path(this.#temporary(generation)), this.#path(`${this.#name}.${generation}.snapshot`));
    await syncDirectory(this.#directory);
    const { logs, snapshots } = await this.#list();
    for (const { file } of [...logs, ...snapshots].filter((old) => old.generation < generation)) await this.#drop(file);
  }

  async dropSnapshotDraft(generation: number): Promise<void> {
    await rm(this.#path(this.#temporary(generation)), { force: true });
  }

  async #read(file: string, replay: (record: JournalRecord) => void, isNewest: boolean): Promise<number> {
    const { goodEnd, size, damage } = await readJournalFile(this.#path(file), replay);
    for (const { offset, bytes } of damage) {
      this.#damaged.add(file);
      this.#logger.error({ file: this.#path(file), offset, bytes }, 'journal.record_damaged');
    }
    if (goodEnd < size) {
      this.#logger.warn({ file: this.#path(file), offset: goodEnd, bytes: size - goodEnd }, 'journal.torn_tail_cut');
      if (isNewest) await truncate(this.#path(file), goodEnd);
    }
    return goodEnd;
  }

  /** A file with damage in it is kept beside, so that a person can look at it. */
  async #drop(file: string): Promise<void> {
    if (this.#damaged.delete(file)) await rename(this.#path(file), this.#path(`${file}.damaged`));
    else await rm(this.#path(file), { force: true });
  }

  async #beganMs(file: string | undefined): Promise<number> {
    return file === undefined ? Date.now() : (await stat(this.#path(file))).birthtimeMs;
  }

  async #list(): Promise<{ logs: Numbered[]; snapshots: Numbered[] }> {
    const names = await readdir(this.#directory).catch(emptyWhenMissing);
    const numbered = (ending: string): Numbered[] =>
      names
        .filter((file) => file.startsWith(`${this.#name}.`) && file.endsWith(ending))
        .map((file) => ({ file, generation: Number(file.slice(this.#name.length + 1, -ending.length)) }))
        .filter(({ generation }) => Number.isInteger(generation))
        .sort((a, b) => a.generation - b.generation);
    return { logs: numbered('.log'), snapshots: numbered('.snapshot') };
  }

  #temporary(generation: number): string {
    return `${this.#name}.${generation}.snapshot.tmp`;
  }

  #path(file: string): string {
    return join(this.#directory, file);
  }
}

function emptyWhenMissing(error: unknown): string[] {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
  throw error;
}

/** Writes in pieces, so that a large snapshot does not stop the process from answering. */
async function writeRecords(handle: FileHandle, records: Iterable<Change[]>): Promise<number> {
  let bytes = 0;
  let lines: string[] = [];
  let waiting = 0;
  const flush = async (): Promise<void> => {
    if (lines.length === 0) return;
    const data = Buffer.from(lines.join(''));
    lines = [];
    waiting = 0;
    bytes += data.length;
    await handle.writeFile(data);
  };
  for (const record of records) {
    const line = encodeRecord(record);
    lines.push(line);
    waiting += line.length;
    if (waiting >= snapshotChunkBytes) await flush();
  }
  await flush();
  return bytes;
}
