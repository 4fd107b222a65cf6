// What one mapped model of one Odoo holds, as ids and dates. The first look reads all of them; later ones read what was
// written since a little before the last look, because a long transaction carries the date of its beginning, and compare
// the sets of ids to see what came and went without a date. Texts of records are never read here.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type { OdooGatewayDeps } from './gateway.ts';

const overlapMs = 15 * 60_000;
const recordsPerCall = 2_000;
/** So often everything is read again: what was written behind Odoo's back carries no date. */
const wholeEveryMs = 24 * 60 * 60_000;
/** Dates come in whole seconds: what was written in the second in which it was read may be written in it once more. */
const unsettledMs = 2_000;

const Dated = z.array(z.looseObject({ id: z.number().int(), write_date: z.string().or(z.literal(false)) }));
const Named = z.array(z.looseObject({ id: z.number().int(), display_name: z.string().or(z.literal(false)) }));
const Ids = z.array(z.number().int());

export interface SnapshotOptions {
  model: string;
  domain: readonly unknown[];
  /** Many2one fields whose names go into the documents, with the model they point at. */
  relations: readonly { field: string; model: string }[];
  /** Changes when the same records would become other documents. */
  form: string;
  /** In which the names of related records are read. */
  context: Record<string, unknown>;
}

interface Seen {
  date: string;
  /** Of the related records, as `model:id`. */
  pointers: string[];
  /** Read so soon after it was written that the same date may come to stand for another text. */
  isUnsettled: boolean;
}

type Call = OdooGatewayDeps['client']['call'];
type Paged<Row> = (after: number) => Promise<Row[]>;

export class RecordSnapshot {
  readonly #call: Call;
  readonly #options: SnapshotOptions;
  readonly #records = new Map<number, Seen>();
  #newest = '';
  #wholeAtMs = Number.NEGATIVE_INFINITY;

  constructor(call: Call, options: SnapshotOptions) {
    this.#call = call;
    this.#options = options;
  }

  /** Id → etag, in the order of ids. */
  async look(nowMs: number, signal: AbortSignal): Promise<Map<number, string>> {
    try {
      const names = await this.#relatedNames(signal);
      if (nowMs - this.#wholeAtMs >= wholeEveryMs) await this.#readWhole(nowMs, signal);
      else await this.#readChanges(nowMs, signal);
      const records = [...this.#records].sort(([a], [b]) => a - b);
      return new Map(records.map(([id, seen]) => [id, this.#etag(seen, names)]));
    } catch (error) {
      // Half a look is none: the next one reads everything.
      this.#wholeAtMs = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }

  async #readWhole(nowMs: number, signal: AbortSignal): Promise<void> {
    this.#records.clear();
    await this.#take([], nowMs, signal);
    this.#wholeAtMs = nowMs;
  }

  async #readChanges(nowMs: number, signal: AbortSignal): Promise<void> {
    const since = odooTime(Date.parse(`${this.#newest.replace(' ', 'T')}Z`) - overlapMs);
    await this.#take(since === null ? [] : [['write_date', '>=', since]], nowMs, signal);
    for (const seen of this.#records.values()) seen.isUnsettled &&= isFresh(seen.date, nowMs);
    const { model, domain } = this.#options;
    const ids = new Set(Ids.parse(await this.#call(model, 'search', { domain, order: 'id' }, signal)));
    for (const id of this.#records.keys()) if (!ids.has(id)) this.#records.delete(id);
    // Committed after more than the overlap, or matching the domain without having been written.
    const unseen = [...ids].filter((id) => !this.#records.has(id));
    for (let at = 0; at < unseen.length; at += recordsPerCall) {
      await this.#take([['id', 'in', unseen.slice(at, at + recordsPerCall)]], nowMs, signal);
    }
  }

  async #take(more: readonly unknown[], nowMs: number, signal: AbortSignal): Promise<void> {
    const { model, domain, relations } = this.#options;
    const fields = ['write_date', ...relations.map(({ field }) => field)];
    const page: Paged<z.infer<typeof Dated>[number]> = async (after) => {
      const asked = { domain: [...domain, ...more, ['id', '>', after]], fields, order: 'id', limit: recordsPerCall };
      return asOdooAnswer(Dated, await this.#call(model, 'search_read', asked, signal), 'search_read');
    };
    for await (const record of rowsOf(page)) {
      const date = record.write_date === false ? '' : record.write_date;
      if (date > this.#newest) this.#newest = date;
      const pointers = relations.map((relation) => `${relation.model}:${pointerOf(record[relation.field])}`);
      this.#records.set(record.id, { date, pointers, isUnsettled: isFresh(date, nowMs) });
    }
  }

  /** A renamed category is another text for each of its products, whose own dates stay the same. */
  async #relatedNames(signal: AbortSignal): Promise<Map<string, string>> {
    const names = new Map<string, string>();
    const context = { ...this.#options.context, active_test: false };
    for (const model of new Set(this.#options.relations.map((relation) => relation.model))) {
      const page: Paged<z.infer<typeof Named>[number]> = async (after) => {
        const asked = {
          domain: [['id', '>', after]],
          fields: ['display_name'],
          order: 'id',
          limit: recordsPerCall,
          context,
        };
        return asOdooAnswer(Named, await this.#call(model, 'search_read', asked, signal), 'search_read');
      };
      for await (const { id, display_name: name } of rowsOf(page)) names.set(`${model}:${id}`, String(name));
    }
    return names;
  }

  #etag({ date, pointers, isUnsettled }: Seen, names: ReadonlyMap<string, string>): string {
    const related = pointers.map((pointer) => `${pointer} ${names.get(pointer) ?? ''}`);
    return createHash('sha256')
      .update(JSON.stringify([this.#options.form, date, related, isUnsettled]))
      .digest('hex')
      .slice(0, 32);
  }
}

/** By id and not by offset: a record that goes meanwhile moves no other out of sight. */
async function* rowsOf<Row extends { id: number }>(page: Paged<Row>): AsyncGenerator<Row> {
  for (let after = 0; ;) {
    const rows = await page(after);
    yield* rows;
    const last = rows.at(-1)?.id;
    if (rows.length < recordsPerCall || last === undefined) return;
    if (last <= after) {
      throw new BridgeError('upstream_rejected', 'Odoo gives its records in another order than asked.');
    }
    after = last;
  }
}

function isFresh(date: string, nowMs: number): boolean {
  return nowMs - Date.parse(`${date.replace(' ', 'T')}Z`) < unsettledMs;
}

function pointerOf(value: unknown): string {
  return Array.isArray(value) && typeof value[0] === 'number' ? String(value[0]) : '0';
}

/** Odoo's form of an instant, in UTC; null when there is none. */
function odooTime(ms: number): string | null {
  return Number.isNaN(ms) ? null : new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
}

export function asOdooAnswer<T>(schema: z.ZodType<T>, answer: unknown, what: string): T {
  const read = schema.safeParse(answer);
  if (read.success) return read.data;
  throw new BridgeError('upstream_rejected', `Odoo answered ${what} in another form than expected.`);
}
