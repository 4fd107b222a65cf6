// Dead letters on the journal of the conversations: burying one and taking its mail out of the mailbox touch one disk.
import type { DeadLetter, DeadLetterBounds, DeadLetters } from '../../core/ports/dead-letters.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

export class EmbeddedDeadLetters implements DeadLetters {
  readonly #tables: Tables;
  readonly #letters: Table<DeadLetter>;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#letters = tables.table<DeadLetter>('dead_letters');
  }

  async put(letter: DeadLetter, { most, notBeforeMs }: DeadLetterBounds): Promise<number> {
    const others = this.#newestFirst().filter(({ id }) => id !== letter.id);
    const trimmed = others.filter(({ lastAtMs }, index) => index >= most - 1 || lastAtMs < notBeforeMs);
    const drops = trimmed.map(({ id }) => this.#letters.drop(id));
    await this.#tables.commit([this.#letters.put(letter.id, letter), ...drops]);
    return trimmed.length;
  }

  async get(id: string): Promise<DeadLetter | null> {
    return this.#letters.get(id) ?? null;
  }

  async list(accountId: string | null, limit: number): Promise<DeadLetter[]> {
    return this.#newestFirst()
      .filter(({ conversation }) => accountId === null || conversation.accountId === accountId)
      .slice(0, limit);
  }

  async remove(ids: string[]): Promise<number> {
    const present = [...new Set(ids)].filter((id) => this.#letters.has(id));
    await this.#tables.commit(present.map((id) => this.#letters.drop(id)));
    return present.length;
  }

  async count(): Promise<number> {
    return this.#letters.size;
  }

  #newestFirst(): DeadLetter[] {
    return [...this.#letters.values()].sort((a, b) => b.lastAtMs - a.lastAtMs);
  }
}
