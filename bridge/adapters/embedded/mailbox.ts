// The conversation mailbox on the journal. Entry, idempotency key, quiet time and wake mark are one journal record, so a
// crash leaves all of them or none.
import type { Mail, Mailbox, MailboxContent, MailChange } from '../../core/ports/mailbox.ts';
import { conversationKey, parseConversationKey, type ConversationRef, type MailboxEntry } from '../../core/message.ts';
import type { Change } from './journal-record.ts';
import type { Table } from './table.ts';
import type { Tables } from './tables.ts';

interface StoredEntry {
  version: 1;
  /** Order of arrival, over all conversations. */
  order: number;
  atMs: number;
  /** False for an entry that wakes at once. */
  quiet: boolean;
  entry: MailboxEntry;
}

interface Timing {
  notBeforeMs: number;
  wakeAtMs: number;
}

type Box = Map<string, StoredEntry>;

const keysAreKeptMs = 7 * 24 * 3_600_000;
const emptyBox: ReadonlyMap<string, StoredEntry> = new Map<string, StoredEntry>();

export class EmbeddedMailbox implements Mailbox {
  readonly #tables: Tables;
  readonly #entries: Table<StoredEntry>;
  readonly #timings: Table<Timing>;
  readonly #seen: Table<number>;
  readonly #boxes = new Map<string, Box>();
  #order = 0;

  constructor(tables: Tables) {
    this.#tables = tables;
    this.#entries = tables.table<StoredEntry>('mail', (row, before, after) => this.#index(row, before, after));
    this.#timings = tables.table<Timing>('mail_timing');
    this.#seen = tables.table<number>('mail_seen');
  }

  async store(mail: Mail): Promise<{ outcome: 'stored' | 'duplicate'; wakeAtMs: number }> {
    const conversation = conversationKey(mail.conversation);
    const row = rowKey(conversation, mail.key);
    this.#forgetOldKeys(mail.nowMs);
    if (this.#seen.has(row)) {
      const wakeAtMs = this.#timings.get(conversation)?.wakeAtMs ?? 0;
      // The first delivery may still be on its way to the disk, and this answer vouches for it.
      await this.#tables.settled();
      return { outcome: 'duplicate', wakeAtMs };
    }
    const entry: StoredEntry = {
      version: 1,
      order: this.#order + 1,
      atMs: mail.nowMs,
      quiet: mail.quiet !== null,
      entry: mail.entry,
    };
    const timing = this.#timingAfter(conversation, mail);
    await this.#tables.commit([
      this.#seen.put(row, mail.nowMs),
      this.#entries.put(row, entry),
      this.#timings.put(conversation, timing),
    ]);
    return { outcome: 'stored', wakeAtMs: timing.wakeAtMs };
  }

  async read(conversation: ConversationRef): Promise<MailboxContent> {
    const key = conversationKey(conversation);
    const mail = [...this.#box(key)]
      .sort(([, a], [, b]) => a.entry.messageId - b.entry.messageId || a.order - b.order)
      .map(([name, { entry }]) => ({ key: name, entry }));
    return { mail, notBeforeMs: this.#timings.get(key)?.notBeforeMs ?? 0 };
  }

  async amend(change: MailChange): Promise<{ amended: boolean; wakeAtMs: number }> {
    const key = conversationKey(change.conversation);
    const before = this.#box(key).get(change.key);
    if (before === undefined) {
      await this.#tables.settled();
      return { amended: false, wakeAtMs: this.#timings.get(key)?.wakeAtMs ?? 0 };
    }
    const timing = this.#timingAmended(key, before, change);
    await this.#tables.commit([
      this.#entries.put(rowKey(key, change.key), { ...before, entry: change.entry }),
      ...(timing ? [this.#timings.put(key, timing)] : []),
    ]);
    return { amended: true, wakeAtMs: this.#timings.get(key)?.wakeAtMs ?? 0 };
  }

  async remove(conversation: ConversationRef, keys: string[]): Promise<void> {
    const key = conversationKey(conversation);
    const box = this.#box(key);
    const present = [...new Set(keys)].filter((name) => box.has(name));
    if (present.length === 0) return this.#tables.settled();
    const changes: Change[] = present.map((name) => this.#entries.drop(rowKey(key, name)));
    const left = [...box].filter(([name]) => !present.includes(name)).map(([, entry]) => entry);
    await this.#tables.commit([...changes, this.#timingOf(key, left)]);
  }

  async postpone(conversation: ConversationRef, notBeforeMs: number): Promise<void> {
    const key = conversationKey(conversation);
    if (!this.#boxes.has(key)) return;
    await this.#tables.commit([this.#timings.put(key, { notBeforeMs, wakeAtMs: notBeforeMs })]);
  }

  async moveWake(conversation: ConversationRef, wakeAtMs: number): Promise<void> {
    const key = conversationKey(conversation);
    const timing = this.#timings.get(key);
    if (timing === undefined || !this.#boxes.has(key)) return;
    await this.#tables.commit([this.#timings.put(key, { ...timing, wakeAtMs })]);
  }

  async due(nowMs: number, limit: number): Promise<ConversationRef[]> {
    return [...this.#timings.entries()]
      .filter(([, { wakeAtMs }]) => wakeAtMs <= nowMs)
      .sort(([, a], [, b]) => a.wakeAtMs - b.wakeAtMs)
      .slice(0, limit)
      .map(([key]) => parseConversationKey(key));
  }

  async size(): Promise<number> {
    return this.#boxes.size;
  }

  #timingAfter(conversation: string, mail: Mail): Timing {
    const before = this.#timings.get(conversation);
    if (mail.quiet === null) {
      return { notBeforeMs: before?.notBeforeMs ?? 0, wakeAtMs: Math.min(mail.nowMs, before?.wakeAtMs ?? mail.nowMs) };
    }
    const others = [...this.#box(conversation).values()];
    const burstBeganMs = Math.min(mail.nowMs, ...others.filter(({ quiet }) => quiet).map(({ atMs }) => atMs));
    const notBeforeMs = Math.min(mail.nowMs + mail.quiet.quietMs, burstBeganMs + mail.quiet.maxMs);
    const somethingWakesAtOnce = before !== undefined && others.some(({ quiet }) => !quiet);
    return { notBeforeMs, wakeAtMs: somethingWakesAtOnce ? Math.min(before.wakeAtMs, notBeforeMs) : notBeforeMs };
  }

  /** Null = as before. */
  #timingAmended(conversation: string, amended: StoredEntry, { quiet, fromMs }: MailChange): Timing | null {
    const before = this.#timings.get(conversation);
    const entries = [...this.#box(conversation).values()];
    const arrivals = entries.filter((entry) => entry.quiet).map(({ atMs }) => atMs);
    if (quiet === null || !amended.quiet || before === undefined || Math.max(...arrivals) > amended.atMs) return null;
    const notBeforeMs = Math.min((fromMs ?? amended.atMs) + quiet.quietMs, Math.min(...arrivals) + quiet.maxMs);
    const somethingWakesAtOnce = entries.some((entry) => !entry.quiet);
    return { notBeforeMs, wakeAtMs: somethingWakesAtOnce ? Math.min(before.wakeAtMs, notBeforeMs) : notBeforeMs };
  }

  #timingOf(conversation: string, left: StoredEntry[]): Change {
    const before = this.#timings.get(conversation);
    if (left.length === 0 || before === undefined) return this.#timings.drop(conversation);
    const notBeforeMs = left.some(({ quiet }) => quiet) ? before.notBeforeMs : 0;
    const somethingWakesAtOnce = left.some(({ quiet }) => !quiet);
    return this.#timings.put(conversation, {
      notBeforeMs,
      wakeAtMs: somethingWakesAtOnce ? before.wakeAtMs : notBeforeMs,
    });
  }

  /** Keys were inserted in the order of time, so the old ones come first. */
  #forgetOldKeys(nowMs: number): void {
    for (const [row, atMs] of this.#seen.entries()) {
      if (atMs > nowMs - keysAreKeptMs) return;
      this.#seen.expire(row);
    }
  }

  #box(conversation: string): ReadonlyMap<string, StoredEntry> {
    return this.#boxes.get(conversation) ?? emptyBox;
  }

  #index(row: string, _before: StoredEntry | undefined, after: StoredEntry | undefined): void {
    const { conversation, key } = parseRowKey(row);
    const box = this.#boxes.get(conversation) ?? new Map<string, StoredEntry>();
    if (after === undefined) box.delete(key);
    else box.set(key, after);
    if (after !== undefined) this.#order = Math.max(this.#order, after.order);
    if (box.size === 0) this.#boxes.delete(conversation);
    else this.#boxes.set(conversation, box);
  }
}

/** Conversation keys hold no space. */
function rowKey(conversation: string, key: string): string {
  return `${conversation} ${key}`;
}

function parseRowKey(row: string): { conversation: string; key: string } {
  const space = row.indexOf(' ');
  return { conversation: row.slice(0, space), key: row.slice(space + 1) };
}
