// The append-only journal: what `append` acknowledged is on disk, whatever happens to the process. Appends that arrive
// while one is being synced share the next sync (group commit). When the log has outgrown the state, a snapshot takes
// its place while appends go on in a new log; the same happens once a day, and when the journal is closed, so that what was
// removed also leaves the disk.
import type { FileHandle } from 'node:fs/promises';
import { BridgeError } from '../../core/errors.ts';
import { JournalFiles } from './journal-files.ts';
import type { JournalOptions } from './journal-options.ts';
import { encodeRecord, type Change } from './journal-record.ts';

interface PendingAppend {
  line: string;
  undo: () => void;
  resolve: () => void;
  reject: (error: unknown) => void;
}

const defaultCompactAfterBytes = 8 << 20;
const oldValuesAreKeptMs = 24 * 3_600_000;

export class Journal {
  readonly #options: JournalOptions;
  readonly #files: JournalFiles;
  #log: FileHandle | null = null;
  #generation = 1;
  #logBytes = 0;
  #snapshotBytes = 0;
  #logsBeganMs = Date.now();
  /** The logs hold what has been removed or replaced since. */
  #holdsOldValues = false;
  /** After a failed write nobody knows what the log's end holds: the next write begins a new log. */
  #logIsUncertain = false;
  #closed = false;
  #pending: PendingAppend[] = [];
  #newest: Promise<void> = Promise.resolve();
  #failures = 0;
  #tail: Promise<void> = Promise.resolve();
  #compaction: Promise<void> | null = null;

  private constructor(options: JournalOptions) {
    this.#options = options;
    this.#files = new JournalFiles(options.directory, options.name, options.logger);
  }

  static async open(options: JournalOptions): Promise<Journal> {
    const journal = new Journal(options);
    const loaded = await journal.#files.load((record) => options.replay(record));
    journal.#generation = loaded.generation;
    journal.#logBytes = loaded.logBytes;
    journal.#snapshotBytes = loaded.snapshotBytes;
    journal.#logsBeganMs = loaded.logsBeganMs;
    journal.#holdsOldValues = loaded.logBytes > 0;
    return journal;
  }

  /**
   * Resolves when the changes are on disk. When they could not be written, `undo` runs (newest append first) before the
   * promise rejects with `upstream_unavailable`. `replaces` tells that an older record now holds an old value.
   */
  append(changes: Change[], undo: () => void, replaces: boolean): Promise<void> {
    this.#holdsOldValues ||= replaces;
    const line = encodeRecord(changes);
    this.#newest = new Promise((resolve, reject) => {
      this.#pending.push({ line, undo, resolve, reject });
      if (this.#pending.length === 1) this.#inTurn(() => this.#flush());
    });
    return this.#newest;
  }

  /** Resolves when everything appended so far is on disk; rejects when the newest of it could not be written. */
  settled(): Promise<void> {
    return this.#newest;
  }

  /** Replaces log and old snapshot by a snapshot of the state; a failure leaves everything as it was. */
  compact(): Promise<void> {
    this.#compaction ??= this.#compact().finally(() => (this.#compaction = null));
    return this.#compaction;
  }

  async close(): Promise<void> {
    await this.#tail;
    if (this.#holdsOldValues && !this.#closed) {
      await this.compact().catch((error: unknown) => this.#reportCompaction(error));
    }
    await this.#compaction?.catch(() => undefined);
    this.#closed = true;
    await this.#tail;
    await this.#log?.close();
    this.#log = null;
  }

  #inTurn(step: () => Promise<void>): void {
    this.#tail = this.#tail.then(step);
  }

  async #flush(): Promise<void> {
    const batch = this.#pending;
    this.#pending = [];
    if (batch.length === 0) return;
    try {
      this.#assertWritable();
      if (this.#logIsUncertain) await this.#rotate();
      await this.#write(Buffer.from(batch.map(({ line }) => line).join('')));
    } catch (error) {
      this.#fail(batch, error);
      return;
    }
    for (const { resolve } of batch) resolve();
    this.#compactWhenWorthIt();
  }

  async #write(data: Buffer): Promise<void> {
    this.#log ??= await this.#files.openLog(this.#generation);
    await this.#log.appendFile(data);
    await this.#log.datasync();
    this.#logBytes += data.length;
  }

  /** What came after the failed write was built on it, so it fails too. */
  #fail(batch: PendingAppend[], cause: unknown): void {
    this.#logIsUncertain = true;
    this.#failures += 1;
    this.#newest = Promise.resolve();
    const all = [...batch, ...this.#pending];
    this.#pending = [];
    for (const { undo } of all.toReversed()) undo();
    this.#options.logger.error(
      { directory: this.#options.directory, journal: this.#options.name, err: cause },
      'journal.write_failed',
    );
    const error =
      cause instanceof BridgeError
        ? cause
        : new BridgeError(
            'upstream_unavailable',
            `nothing can be written to ${this.#options.directory}: check free space and permissions`,
            { cause },
          );
    for (const { reject } of all) reject(error);
  }

  #assertWritable(): void {
    if (this.#closed) throw new BridgeError('upstream_unavailable', 'the journal is closed');
    this.#options.assertOwned();
  }

  async #rotate(): Promise<void> {
    const log = await this.#files.openLog(this.#generation + 1);
    await this.#log?.close().catch(() => undefined);
    this.#log = log;
    this.#generation += 1;
    this.#logBytes = 0;
    this.#logIsUncertain = false;
  }

  async #compact(): Promise<void> {
    await this.#rotateInTurn();
    const generation = this.#generation;
    const failures = this.#failures;
    this.#holdsOldValues = false;
    const beganMs = this.#logsBeganMs;
    this.#logsBeganMs = Date.now();
    try {
      const bytes = await this.#files.writeSnapshot(generation, this.#options.snapshot());
      // The snapshot may hold what is not in the log yet; it must not count before the log does.
      await this.settled();
      if (this.#failures !== failures) throw new Error('a write failed and was undone meanwhile');
      await this.#files.publishSnapshot(generation);
      this.#snapshotBytes = bytes;
    } catch (error) {
      this.#holdsOldValues = true;
      this.#logsBeganMs = beganMs;
      await this.#files.dropSnapshotDraft(generation).catch(() => undefined);
      throw error;
    }
  }

  #rotateInTurn(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#inTurn(() => {
        const rotated = this.#assertAndRotate();
        rotated.then(resolve, reject);
        return rotated.catch(() => undefined);
      });
    });
  }

  async #assertAndRotate(): Promise<void> {
    this.#assertWritable();
    await this.#rotate();
  }

  #compactWhenWorthIt(): void {
    const least = this.#options.compactAfterBytes ?? defaultCompactAfterBytes;
    const isLarge = this.#logBytes >= Math.max(least, 2 * this.#snapshotBytes);
    const isOld = this.#holdsOldValues && Date.now() - this.#logsBeganMs > oldValuesAreKeptMs;
    if (this.#compaction !== null || !(isLarge || isOld)) return;
    this.compact().catch((error: unknown) => this.#reportCompaction(error));
  }

  #reportCompaction(error: unknown): void {
    const { directory, name, logger } = this.#options;
    logger.warn({ directory, journal: name, err: error }, 'journal.compaction_failed');
  }
}
