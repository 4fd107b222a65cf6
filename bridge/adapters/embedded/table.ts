// One durable map. Reading is immediate; `put` and `drop` only describe a change, which `Tables.commit` makes. Values are
// shared, not copied: whoever reads one does not change it.
import type { Change } from './journal-record.ts';

/** Hears every change of a key: `undefined` stands for "not there". */
export type ChangeListener<V> = (key: string, before: V | undefined, after: V | undefined) => void;

export class Table<V> {
  readonly name: string;
  readonly #rows = new Map<string, V>();
  readonly #listener: ChangeListener<V> | undefined;

  constructor(name: string, listener?: ChangeListener<V>) {
    this.name = name;
    this.#listener = listener;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): V | undefined {
    return this.#rows.get(key);
  }

  has(key: string): boolean {
    return this.#rows.has(key);
  }

  /** In the order of first insertion. */
  entries(): IterableIterator<[string, V]> {
    return this.#rows.entries();
  }

  values(): IterableIterator<V> {
    return this.#rows.values();
  }

  /** The value as it will be read after a restart: later changes by the caller do not reach it. */
  put(key: string, value: V): Change {
    return [this.name, key, JSON.parse(JSON.stringify(value))];
  }

  drop(key: string): Change {
    return [this.name, key];
  }

  /** Forgets a key in memory only; for what the owner recognises as expired again after a restart. */
  expire(key: string): void {
    this.apply(key, undefined);
  }

  /** Makes a change and returns what takes it back. Only `Tables` calls this. */
  apply(key: string, value: unknown): () => void {
    const before = this.#rows.get(key);
    this.#set(key, before, value as V | undefined);
    return () => this.#set(key, this.#rows.get(key), before);
  }

  #set(key: string, before: V | undefined, after: V | undefined): void {
    if (after === undefined) this.#rows.delete(key);
    else this.#rows.set(key, after);
    this.#listener?.(key, before, after);
  }
}
