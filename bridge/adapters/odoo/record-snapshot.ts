// What one mapped model of one Odoo holds, as ids and dates. The first look reads all of them; later ones read what was
// written since a little before the last look, because a long transaction carries the date of its beginning, and compare
// the sets of ids to see what went. Texts are never read here.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type { OdooGatewayDeps } from './gateway.ts';

const overlapMs = 15 * 60_000;
const recordsPerCall = 2_000;
/** So often everything is read again: what was written behind Odoo's back carries no date. */
const wholeEveryMs = 24 * 60 * 60_000;
const languageNeutral = { active_test: true };

const Dated = z.array(z.looseObject({ id: z.number().int(), write_date: z.string().or(z.literal(false)) }));
const Ids = z.array(z.number().int());

export interface SnapshotOptions {
  model: string;
  domain: readonly unknown[];
  /** Many2one fields whose names go into the documents, with the model they point at. */
  relations: readonly { field: string; model: string }[];
  /** Changes when the same records would become other documents. */
  form: string;
}

type Call = OdooGatewayDeps['client']['call'];

export class RecordSnapshot {
  readonly #call: Call;
  readonly #options: SnapshotOptions;
  readonly #records = new Map<number, string>();
  #newest = '';
  #wholeAtMs = Number.NEGATIVE_INFINITY;

  constructor(call: Call, options: SnapshotOptions) {
    this.#call = call;
    this.#options = options;
  }

  /** Id → etag, in the order of ids. */
  async look(nowMs: number, signal: AbortSignal): Promise<Map<number, string>> {
    const related = await this.#relatedDates(signal);
    if (nowMs - this.#wholeAtMs >= wholeEveryMs) await this.#readWhole(nowMs, signal);
    else await this.#readChanges(signal);
    const ids = [...this.#records.keys()].sort((a, b) => a - b);
    return new Map(ids.map((id) => [id, this.#etag(this.#records.get(id) ?? '', related)]));
  }

  async #readWhole(nowMs: number, signal: AbortSignal): Promise<void> {
    this.#records.clear();
    let after = 0;
    for (;;) {
      const page = await this.#dated([['id', '>', after]], signal);
      this.#take(page);
      if (page.length < recordsPerCall) break;
      after = page.at(-1)?.id ?? after;
    }
    this.#wholeAtMs = nowMs;
  }

  async #readChanges(signal: AbortSignal): Promise<void> {
    const since = odooTime(Date.parse(`${this.#newest.replace(' ', 'T')}Z`) - overlapMs);
    for (let offset = 0; ; offset += recordsPerCall) {
      const page = await this.#dated(since === null ? [] : [['write_date', '>=', since]], signal, offset);
      this.#take(page);
      if (page.length < recordsPerCall) break;
    }
    const { model, domain } = this.#options;
    const context = languageNeutral;
    const ids = new Set(Ids.parse(await this.#ask(model, 'search', { domain, order: 'id', context }, signal)));
    for (const id of this.#records.keys()) if (!ids.has(id)) this.#records.delete(id);
  }

  async #dated(more: unknown[], signal: AbortSignal, offset = 0): Promise<z.infer<typeof Dated>> {
    const { model, domain, relations } = this.#options;
    const fields = ['write_date', ...relations.map(({ field }) => field)];
    const asked = {
      domain: [...domain, ...more],
      fields,
      order: 'id',
      limit: recordsPerCall,
      offset,
      context: languageNeutral,
    };
    return Dated.parse(await this.#ask(model, 'search_read', asked, signal));
  }

  #take(page: z.infer<typeof Dated>): void {
    for (const record of page) {
      const date = record.write_date === false ? '' : record.write_date;
      if (date > this.#newest) this.#newest = date;
      const pointers = this.#options.relations.map(({ field, model }) => `${model}:${pointerOf(record[field])}`);
      this.#records.set(record.id, [date, ...pointers].join('|'));
    }
  }

  /** A renamed category is another text for each of its products, whose own dates stay the same. */
  async #relatedDates(signal: AbortSignal): Promise<Map<string, string>> {
    const dates = new Map<string, string>();
    for (const model of new Set(this.#options.relations.map((relation) => relation.model))) {
      const asked = { domain: [], fields: ['write_date'], order: 'id', limit: 10_000, context: { active_test: false } };
      for (const { id, write_date } of Dated.parse(await this.#ask(model, 'search_read', asked, signal))) {
        dates.set(`${model}:${id}`, String(write_date));
      }
    }
    return dates;
  }

  #etag(record: string, related: ReadonlyMap<string, string>): string {
    const pointers = record
      .split('|')
      .slice(1)
      .map((pointer) => related.get(pointer) ?? '');
    return createHash('sha256')
      .update([this.#options.form, record, ...pointers].join('\n'))
      .digest('hex')
      .slice(0, 32);
  }

  async #ask(model: string, method: string, args: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
    try {
      return await this.#call(model, method, args, signal);
    } catch (error) {
      // Half a look is none: the next one reads everything.
      this.#wholeAtMs = Number.NEGATIVE_INFINITY;
      throw error;
    }
  }
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
