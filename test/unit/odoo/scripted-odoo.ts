// A small Odoo of records in memory for tests of what a real one does seldom: it answers the few calls that the adapter
// without our addon makes, by Odoo's rules for domains, order and pages, and fails on any other.
import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';

export type OdooRow = { id: number; write_date: string | false } & Record<string, unknown>;
type Term = [string, string, unknown];

export interface SeenCall {
  model: string;
  method: string;
  args: Record<string, unknown>;
}

export class ScriptedOdoo {
  readonly models = new Map<string, { fields: Record<string, object>; rows: OdooRow[] }>();
  readonly seen: SeenCall[] = [];
  languages = ['pt_BR'];
  /** Fails the call with this number, counted from 1 since it was set. */
  failAt = Number.POSITIVE_INFINITY;
  /** Runs before the call with this number is answered: what changes while a look goes on. */
  during: { call: number; change: () => void } | null = null;

  table(model: string, fields: Record<string, object>): OdooRow[] {
    const rows: OdooRow[] = [];
    this.models.set(model, { fields, rows });
    return rows;
  }

  async call(model: string, method: string, args: Record<string, unknown>): Promise<unknown> {
    this.seen.push({ model, method, args });
    if (this.seen.length === this.failAt) throw new BridgeError('upstream_unavailable', 'Odoo does not answer.');
    if (this.seen.length === this.during?.call) this.during.change();
    if (model === 'res.lang') return this.languages.filter((code) => JSON.stringify(args['domain']).includes(code));
    const table = this.models.get(model) ?? assert.fail(`no model ${model}`);
    if (method === 'fields_get') return table.fields;
    const { domain, limit = Number.POSITIVE_INFINITY, order } = args;
    assert.ok(order === undefined || order === 'id', 'only this order is known');
    const found = table.rows
      .filter((row) => (domain as Term[]).every((term) => matches(row, term)))
      .toSorted((a, b) => a.id - b.id)
      .slice(0, Number(limit));
    if (method === 'search') return found.map(({ id }) => id);
    assert.equal(method, 'search_read', `${method} is not expected`);
    const fields = ['id', ...(args['fields'] as string[])];
    return found.map((row) => Object.fromEntries(fields.map((field) => [field, row[field] ?? false])));
  }

  count(method: string): number {
    return this.seen.filter((call) => call.method === method).length;
  }
}

function matches(row: OdooRow, [field, operator, value]: Term): boolean {
  const own = row[field];
  switch (operator) {
    case '=':
      return own === value;
    case '!=':
      return own !== value;
    case '>':
      return Number(own) > Number(value);
    case '>=':
      return String(own) >= String(value);
    case 'in':
      return (value as unknown[]).includes(own);
    default:
      return assert.fail(`operator ${operator} is not expected`);
  }
}
