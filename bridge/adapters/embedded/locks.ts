// Locks inside one process; the data folder's own lock keeps other processes out. Fences grow across restarts because
// they are taken from blocks whose end is on disk before the first number of a block is used.
import type { Clock } from '../../core/ports/clock.ts';
import type { HeldLock, Locks } from '../../core/ports/locks.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

interface Holder {
  fence: number;
  untilMs: number;
}

const fencesPerBlock = 10_000;
const fenceRow = 'lock_fence';

export class EmbeddedLocks implements Locks {
  readonly #clock: Clock;
  readonly #tables: Tables;
  readonly #counters: Table<number>;
  readonly #holders = new Map<string, Holder>();
  #nextFence = 1;
  #blockEnd = 0;
  #reserving: Promise<void> | null = null;

  constructor(tables: Tables, clock: Clock) {
    this.#clock = clock;
    this.#tables = tables;
    this.#counters = tables.table<number>('counter');
  }

  async acquire(name: string, ttlMs: number): Promise<HeldLock | null> {
    while (this.#nextFence > this.#blockEnd) await this.#reserveFences();
    const nowMs = this.#clock.now();
    if ((this.#holders.get(name)?.untilMs ?? 0) > nowMs) return null;
    const holder: Holder = { fence: this.#nextFence, untilMs: nowMs + ttlMs };
    this.#nextFence += 1;
    this.#holders.set(name, holder);
    return this.#heldLock(name, holder);
  }

  #heldLock(name: string, holder: Holder): HeldLock {
    const isStillOurs = (): boolean => this.#holders.get(name) === holder && holder.untilMs > this.#clock.now();
    return {
      fence: holder.fence,
      get heldUntilMs() {
        return holder.untilMs;
      },
      renew: async (ttlMs) => {
        if (!isStillOurs()) return false;
        holder.untilMs = this.#clock.now() + ttlMs;
        return true;
      },
      release: async () => {
        if (this.#holders.get(name) === holder) this.#holders.delete(name);
      },
    };
  }

  #reserveFences(): Promise<void> {
    this.#reserving ??= this.#reserveBlock().finally(() => (this.#reserving = null));
    return this.#reserving;
  }

  async #reserveBlock(): Promise<void> {
    const begin = this.#counters.get(fenceRow) ?? 0;
    await this.#tables.commit([this.#counters.put(fenceRow, begin + fencesPerBlock)]);
    this.#nextFence = begin + 1;
    this.#blockEnd = begin + fencesPerBlock;
  }
}
