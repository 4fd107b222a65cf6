import assert from 'node:assert/strict';
import { PlainOdoo } from '../../../bridge/adapters/odoo/plain-odoo.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { documentKinds, refKey } from '../../../bridge/core/knowledge/document.ts';
import { FieldMappings } from '../../../bridge/core/knowledge/field-mapping.ts';
import { ScriptedOdoo } from './scripted-odoo.ts';
import type { OdooRow } from './scripted-odoo.ts';

const never = new AbortController().signal;
const minuteMs = 60_000;
const mapping = {
  product: {
    model: 'product.template',
    domain: [['sale_ok', '=', true]],
    body: [
      'description_sale',
      'website_description',
      { field: 'weight', label: 'Peso (kg)' },
      'user_id',
      'missing_field',
    ],
    attributes: { sku: 'default_code', category: 'categ_id' },
  },
};
const fields = {
  name: { type: 'char' },
  description_sale: { type: 'text' },
  website_description: { type: 'html' },
  weight: { type: 'float' },
  default_code: { type: 'char' },
  categ_id: { type: 'many2one', relation: 'product.category' },
  user_id: { type: 'many2one', relation: 'res.users' },
  write_date: { type: 'datetime' },
};

describe('an Odoo without our addon, at its seldom moments', () => {
  let odoo: ScriptedOdoo;
  let products: OdooRow[];
  let categories: OdooRow[];
  let clock: { nowMs: number; now(): number };
  let system: PlainOdoo;

  beforeEach(() => {
    odoo = new ScriptedOdoo();
    products = odoo.table('product.template', fields);
    categories = odoo.table('product.category', { display_name: { type: 'char' } });
    clock = { nowMs: Date.parse('2026-11-20T12:00:00Z'), now: () => clock.nowMs };
    categories.push({ id: 1, write_date: '2026-01-01 00:00:00', display_name: 'Cabelo' });
    for (let id = 1; id <= 5; id++) products.push(product(id));
    system = open();
  });

  const open = (given: unknown = mapping, language = 'pt_BR') =>
    new PlainOdoo({ client: odoo, mappings: FieldMappings.parse(given), language, clock });
  const product = (id: number, changes: Record<string, unknown> = {}): OdooRow => ({
    id,
    write_date: '2026-11-20 10:00:00',
    name: `Produto ${id}`,
    sale_ok: true,
    categ_id: [1, 'Cabelo'],
    ...changes,
  });
  const at = (id: number) => products.find((row) => row.id === id) ?? assert.fail(`no product ${id}`);
  const look = async (): Promise<Map<string, string>> => {
    const { items } = await system.manifest([...documentKinds], '', 100_000, never);
    return new Map(items.map((item) => [refKey(item), item.hash]));
  };
  const differing = (before: Map<string, string>, now: Map<string, string>) =>
    [...new Set([...before.keys(), ...now.keys()])]
      .filter((key) => before.get(key) !== now.get(key))
      .map((key) => Number(key.split(':').at(-1)))
      .toSorted((a, b) => a - b);
  const read = async (id: number) => {
    const { documents } = await system.documents([{ kind: 'product', id: `odoo:product.template:${id}` }], never);
    return documents[0] ?? assert.fail(`no document ${id}`);
  };

  it('written twice within one second: what was read in that second is read once more', async () => {
    at(1).write_date = '2026-11-20 12:00:00';
    const first = await look();
    at(1)['name'] = 'Escrito no mesmo segundo';
    clock.nowMs += 5_000;
    const second = await look();
    assert.deepEqual(differing(first, second), [1]);
    clock.nowMs += minuteMs;
    assert.deepEqual(differing(second, await look()), []);
  });

  it('a long transaction that commits later is found, within the overlap and after it', async () => {
    at(5).write_date = '2026-11-20 11:59:00';
    let before = await look();
    // Began before the last look, so its date lies before what was seen.
    Object.assign(at(2), { write_date: '2026-11-20 11:50:00', name: 'Demorado' });
    clock.nowMs += minuteMs;
    let now = await look();
    assert.deepEqual(differing(before, now), [2]);
    before = now;
    products.push(product(9, { write_date: '2026-11-20 11:00:00' }));
    clock.nowMs += minuteMs;
    now = await look();
    assert.deepEqual(differing(before, now), [9]);
  });

  it('what the overlap misses is found by the whole look of the next day', async () => {
    at(5).write_date = '2026-11-20 11:59:00';
    const before = await look();
    Object.assign(at(2), { write_date: '2026-11-20 10:30:00', name: 'Muito demorado' });
    clock.nowMs += 25 * 60 * minuteMs;
    assert.deepEqual(differing(before, await look()), [2]);
  });

  it('the clocks of bridge and Odoo may differ by hours either way', async () => {
    for (const skewMs of [3 * 60 * minuteMs, -3 * 60 * minuteMs]) {
      clock.nowMs = Date.parse('2026-11-20T12:00:00Z') + skewMs;
      system = open();
      const before = await look();
      at(3).write_date = `2026-11-20 12:0${skewMs > 0 ? 1 : 2}:00`;
      clock.nowMs += minuteMs;
      const now = await look();
      assert.deepEqual(differing(before, now), [3]);
    }
  });

  it('more records than one call gives are all read, and later looks read only the overlap', async () => {
    for (let id = 6; id <= 5_005; id++) products.push(product(id, { write_date: '2026-11-01 00:00:00' }));
    const before = await look();
    assert.equal(before.size, 5_005);
    odoo.seen.length = 0;
    at(4_321).write_date = '2026-11-20 11:59:00';
    clock.nowMs += minuteMs;
    assert.deepEqual(differing(before, await look()), [4_321]);
    assert.deepEqual([odoo.count('search_read'), odoo.count('search')], [2, 1]);
  });

  it('a record that is deleted between two pages hides no other', async () => {
    for (let id = 6; id <= 4_100; id++) products.push(product(id));
    // Language, fields, categories, first page of products; then the second page.
    odoo.during = { call: 5, change: () => products.splice(0, 1) };
    const seen = await look();
    assert.equal(seen.has('product:odoo:product.template:2001'), true);
    assert.deepEqual([seen.size, products.length], [4_100, 4_099]);
  });

  it('an error in the middle of a look loses nothing: the next look reads everything', async () => {
    const before = await look();
    Object.assign(at(2), { write_date: '2026-11-20 12:01:00' });
    odoo.failAt = odoo.seen.length + 2;
    clock.nowMs += minuteMs;
    await assert.rejects(look(), (error) => error instanceof BridgeError && error.code === 'upstream_unavailable');
    Object.assign(at(4), { write_date: '2026-11-19 00:00:00' });
    clock.nowMs += minuteMs;
    assert.deepEqual(differing(before, await look()), [2, 4]);
  });

  it('a related record that is renamed, or exchanged, changes those that point at it', async () => {
    categories.push({ id: 2, write_date: '2026-01-01 00:00:00', display_name: 'Pele' });
    at(3)['categ_id'] = [2, 'Pele'];
    let before = await look();
    Object.assign(categories[1] ?? {}, { display_name: 'Pele e corpo' });
    clock.nowMs += minuteMs;
    let now = await look();
    assert.deepEqual(differing(before, now), [3]);
    before = now;
    Object.assign(at(1), { categ_id: [2, 'Pele e corpo'], write_date: '2026-11-20 12:00:30' });
    clock.nowMs += minuteMs;
    now = await look();
    assert.deepEqual(differing(before, now), [1]);
  });

  it('html is text, nothing is nothing, and a field this Odoo does not have is passed over', async () => {
    Object.assign(at(1), {
      description_sale: false,
      website_description: '<h2>Aloe</h2><p>Para <b>cabelos</b> secos.</p><img src="x.png"/><a href="http://x">Ver</a>',
      weight: 0.5,
      default_code: 'SH-1',
      user_id: [7, 'Maria Vendedora'],
    });
    await look();
    const { hash, ...document } = await read(1);
    assert.ok(hash);
    assert.deepEqual(document, {
      kind: 'product',
      id: 'odoo:product.template:1',
      title: 'Produto 1',
      body: document.body,
      attributes: { sku: 'SH-1', category: 'Cabelo' },
    });
    assert.match(document.body, /Aloe\s+Para cabelos secos\.\s+Ver\s+Peso \(kg\): 0\.5$/);
    assert.doesNotMatch(document.body, /<|x\.png|http|Maria/);
    assert.ok(!odoo.seen.some(({ args }) => JSON.stringify(args).includes('missing_field')));
    assert.ok(!odoo.seen.some(({ model }) => model === 'res.users'));
  });

  it('customers are never read: partners only as own companies, whatever the mapping says', async () => {
    const partners = odoo.table('res.partner', { name: { type: 'char' } });
    partners.push({ id: 1, write_date: false, name: 'Loja', ref_company_ids: [1] });
    partners.push({ id: 2, write_date: false, name: 'Dona Cliente', ref_company_ids: false });
    system = open({ company: { model: 'res.partner' } });
    assert.deepEqual([...(await look()).keys()], ['company:odoo:res.partner:1']);
    const refs = [1, 2].map((id) => ({ kind: 'company' as const, id: `odoo:res.partner:${id}` }));
    const { documents, gone } = await system.documents(refs, never);
    assert.deepEqual([documents.map(({ title }) => title), gone], [['Loja'], refs.slice(1)]);
  });

  for (const model of ['res.users', 'mail.message', 'account.move', 'sale.order', 'crm.lead', 'ir.config_parameter']) {
    it(`a mapping of ${model} is refused`, () => {
      assert.equal(FieldMappings.safeParse({ product: { model } }).success, false);
    });
  }

  it('a language that is not installed is not asked for, another mapping is another etag', async () => {
    const before = await look();
    system = open(mapping, 'eo_EO');
    const now = await look();
    assert.equal(differing(before, now).length, 5);
    const asked = odoo.seen.filter(({ model }) => model !== 'res.lang');
    assert.doesNotMatch(JSON.stringify(asked), /eo_EO/);
  });

  it('a cursor that is none is refused', async () => {
    await assert.rejects(
      system.manifest(['product'], 'x', 10, never),
      (error) => error instanceof BridgeError && error.code === 'bad_request',
    );
  });
});
