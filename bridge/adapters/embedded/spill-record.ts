// What was accepted while Redis was away, in a journal of its own. Rows are single messages and proofs, found by their
// conversation through an index in memory: a customer who writes a thousand times costs a thousand small records.
import { conversationKey, parseConversationKey, type ConversationRef } from '../../core/message.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Mail } from '../../core/ports/mailbox.ts';
import type { SpilledConversation, SpilledMail, SpilledProof, SpillRecord } from '../../core/ports/spill-record.ts';
import type { Table } from './table.ts';
import { Tables } from './tables.ts';

type Row = { version: 1; of: string } & (
  { kind: 'mail'; spilled: SpilledMail } | { kind: 'proof'; proof: SpilledProof }
);

const noRows: ReadonlyMap<string, Row> = new Map<string, Row>();

export class EmbeddedSpillRecord implements SpillRecord {
  readonly #tables: Tables;
  readonly #rows: Table<Row>;
  readonly #byConversation = new Map<string, Map<string, Row>>();

  constructor(options: { directory: string; logger: Logger }) {
    this.#tables = new Tables({ ...options, name: 'spill' });
    this.#rows = this.#tables.table<Row>('spilled', (name, before, after) => this.#index(name, before, after));
  }

  open(): Promise<void> {
    return this.#tables.open();
  }

  async keep(mail: Mail): Promise<'stored' | 'duplicate'> {
    const of = conversationKey(mail.conversation);
    const name = mailRow(of, mail.key);
    if (this.#rows.has(name)) {
      // The first copy may still be on its way to the disk, and this answer vouches for it.
      await this.#tables.settled();
      return 'duplicate';
    }
    await this.#put(name, { version: 1, of, kind: 'mail', spilled: { mail, settled: false } });
    return 'stored';
  }

  async amend(conversation: ConversationRef, key: string, entry: Mail['entry']): Promise<boolean> {
    return this.#change(conversation, key, (spilled) => ({ ...spilled, mail: { ...spilled.mail, entry } }));
  }

  async prove(conversation: ConversationRef, proof: SpilledProof): Promise<void> {
    const of = conversationKey(conversation);
    await this.#put(proofRow(of, proof), { version: 1, of, kind: 'proof', proof });
  }

  async settle(conversation: ConversationRef, keys: string[]): Promise<void> {
    for (const key of keys) await this.#change(conversation, key, (spilled) => ({ ...spilled, settled: true }));
  }

  async read(conversation: ConversationRef): Promise<SpilledConversation> {
    const rows = [...(this.#byConversation.get(conversationKey(conversation)) ?? noRows).values()];
    return {
      mail: rows.flatMap((row) => (row.kind === 'mail' ? [row.spilled] : [])),
      proofs: rows.flatMap((row) => (row.kind === 'proof' ? [row.proof] : [])),
    };
  }

  async forget(conversation: ConversationRef, content: SpilledConversation): Promise<void> {
    const of = conversationKey(conversation);
    const names = [
      ...content.mail.map(({ mail }) => mailRow(of, mail.key)),
      ...content.proofs.map((proof) => proofRow(of, proof)),
    ];
    await this.#tables.commit(names.filter((name) => this.#rows.has(name)).map((name) => this.#rows.drop(name)));
  }

  async conversations(): Promise<ConversationRef[]> {
    return [...this.#byConversation.keys()].map(parseConversationKey);
  }

  async size(): Promise<number> {
    return this.#byConversation.size;
  }

  close(): Promise<void> {
    return this.#tables.close();
  }

  async #change(
    conversation: ConversationRef,
    key: string,
    change: (spilled: SpilledMail) => SpilledMail,
  ): Promise<boolean> {
    const name = mailRow(conversationKey(conversation), key);
    const row = this.#rows.get(name);
    if (row?.kind !== 'mail') return false;
    await this.#put(name, { ...row, spilled: change(row.spilled) });
    return true;
  }

  #put(name: string, row: Row): Promise<void> {
    return this.#tables.commit([this.#rows.put(name, row)]);
  }

  #index(name: string, before: Row | undefined, after: Row | undefined): void {
    const of = (after ?? before)?.of;
    if (of === undefined) return;
    const rows = this.#byConversation.get(of) ?? new Map<string, Row>();
    if (after) rows.set(name, after);
    else rows.delete(name);
    if (rows.size > 0) this.#byConversation.set(of, rows);
    else this.#byConversation.delete(of);
  }
}

function mailRow(of: string, key: string): string {
  return `mail\n${of}\n${key}`;
}

function proofRow(of: string, { turnId, part }: SpilledProof): string {
  return `proof\n${of}\n${turnId}\n${part}`;
}
