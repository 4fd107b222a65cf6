// The business system's promises on a real Odoo 19 in which nothing of ours is installed, read with the API key of an
// ordinary seller, on both of Odoo's interfaces, which must give the same.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { yamlText } from '../../bridge/adapters/files/yaml-text.ts';
import { OdooGateway } from '../../bridge/adapters/odoo/gateway.ts';
import { OdooJson2Client } from '../../bridge/adapters/odoo/json2-client.ts';
import { OdooBusiness } from '../../bridge/adapters/odoo/odoo-business.ts';
import { PlainOdoo } from '../../bridge/adapters/odoo/plain-odoo.ts';
import { OdooXmlrpcClient } from '../../bridge/adapters/odoo/xmlrpc-client.ts';
import { documentKinds, refKey } from '../../bridge/core/knowledge/document.ts';
import type { DocumentRef } from '../../bridge/core/knowledge/document.ts';
import { FieldMappings } from '../../bridge/core/knowledge/field-mapping.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { ensureBaseTemplate } from '../sandbox/servers/odoo-template.ts';
import { startOdoo } from '../sandbox/servers/odoo-server.ts';
import type { OdooServer } from '../sandbox/servers/odoo-server.ts';
import { describeBusinessSystem } from './business-system-suite.ts';

const defaults = new URL('../../tenants/_base/defaults.yaml', import.meta.url);
const { field_mappings: mappings } = z
  .object({ field_mappings: FieldMappings })
  .parse(yamlText.parse(readFileSync(defaults, 'utf8')));

const login = 'vendedora';
const seller = `
env['res.users'].create({'name': 'Vendedora', 'login': '${login}', 'group_ids': [
    (6, 0, [env.ref('sales_team.group_sale_salesman').id, env.ref('stock.group_stock_user').id])]})
env.cr.commit()
`;

interface Call {
  model: string;
  method: string;
  args: Record<string, unknown>;
}

describe('Odoo 19 without our addons', function () {
  this.timeout(900_000);
  let odoo: OdooServer;
  let sellerKey: string;
  let admin: OdooJson2Client;

  const timeoutMs = 20_000;
  const never = new AbortController().signal;
  const clock = { nowMs: Date.now(), now: () => clock.nowMs };
  const json2 = (apiKey: string) => new OdooJson2Client({ url: odoo.url, db: odoo.database, apiKey, timeoutMs });
  const xmlrpc = () => new OdooXmlrpcClient({ url: odoo.url, db: odoo.database, login, secret: sellerKey, timeoutMs });
  const plain = (client: Pick<OdooJson2Client, 'call'>) =>
    new PlainOdoo({ client, mappings, language: 'pt_BR', clock });

  before(async () => {
    odoo = await startOdoo({ template: await ensureBaseTemplate() });
    await odoo.shell(seller);
    sellerKey = await odoo.createApiKey(login);
    admin = json2(await odoo.createApiKey());
    // What the demo data wrote is older than what tests write.
    clock.nowMs = Date.now() + 60_000;
  });
  after(() => odoo.stop());

  describeBusinessSystem('a real Odoo without addons over JSON-2', async () => plain(json2(sellerKey)));
  describeBusinessSystem('a real Odoo without addons over XML-RPC', async () => plain(xmlrpc()));

  /** Reads everything as a sync does. */
  const readAll = async (system: PlainOdoo) => {
    const { items } = await system.manifest([...documentKinds], '', 10_000, never);
    return { items, ...(await system.documents(items, never)) };
  };

  it('the same documents, facts and etags come over both interfaces', async () => {
    const [one, other] = [plain(json2(sellerKey)), plain(xmlrpc())];
    const read = await readAll(one);
    assert.ok(read.documents.length > 20);
    assert.deepEqual([...new Set(read.documents.map(({ kind }) => kind))].toSorted(), [
      'company',
      'product',
      'service',
    ]);
    assert.deepEqual(await readAll(other), read);
    const refs = read.items.slice(0, 40);
    const facts = await one.productFacts(refs, never);
    assert.ok(facts.some(({ price }) => price !== null && price > 0));
    assert.ok(facts.some(({ stock }) => stock !== null) && facts.some(({ stock }) => stock === null));
    assert.ok(facts.every(({ currency }) => /^[A-Z]{3}$/.test(currency ?? '')));
    assert.deepEqual(await other.productFacts(refs, never), facts);
  });

  it('is found out by itself: no gateway there, so the mapped fields are read', async () => {
    const client = json2(sellerKey);
    const gateway = new OdooGateway({ client, protocol: 1, minAddon: '19.0.1.0.0', logger: quietLog() });
    for (const over of [client, xmlrpc()]) {
      const system = new OdooBusiness(gateway, plain(over), clock);
      assert.match((await system.check(never)).message, /without the addon; read are product\.template/);
      assert.ok((await system.manifest(['product'], '', 10, never)).items.length > 0);
    }
  });

  it('fields that this Odoo does not have are left out and named by the check', async () => {
    const check = await plain(json2(sellerKey)).check(never);
    assert.deepEqual([check.ok, /left out: description_ecommerce/.test(check.message)], [true, true], check.message);
  });

  it('a language that this Odoo does not have is not asked for', async () => {
    const system = new PlainOdoo({ client: json2(sellerKey), mappings, language: 'eo_EO', clock });
    assert.ok((await readAll(system)).documents.length > 20);
  });

  describe('after a first look', () => {
    let system: PlainOdoo;
    let calls: Call[];
    let before: Map<string, string>;

    const look = async () => {
      clock.nowMs += 60_000;
      const { items } = await system.manifest([...documentKinds], '', 10_000, never);
      return new Map(items.map((item) => [refKey(item), item.hash]));
    };
    /** Keys of what is new, other or gone since the last look. */
    const changes = async () => {
      const now = await look();
      const differing = [...new Set([...before.keys(), ...now.keys()])].filter(
        (key) => before.get(key) !== now.get(key),
      );
      before = now;
      return differing.toSorted();
    };
    const create = async (model: string, values: Record<string, unknown>) => {
      const [id] = z.tuple([z.number()]).parse(await admin.call(model, 'create', { vals_list: [values] }, never));
      // Odoo's dates have whole seconds here: what a test writes next shall carry another one.
      const table = model.replace('.', '_');
      await odoo.postgres.query(
        odoo.database,
        `UPDATE ${table} SET write_date = write_date - interval '1 minute' WHERE id = ${id}`,
      );
      return id;
    };
    const write = (model: string, id: number, vals: Record<string, unknown>) =>
      admin.call(model, 'write', { ids: [id], vals, context: { lang: 'pt_BR' } }, never);
    const keyOf = (id: number) => `product:odoo:product.template:${id}`;
    const refOf = (id: number): DocumentRef => ({ kind: 'product', id: `odoo:product.template:${id}` });

    beforeEach(async () => {
      calls = [];
      const client = json2(sellerKey);
      system = plain({
        call: (model, method, args, signal) => {
          calls.push({ model, method, args });
          return client.call(model, method, args, signal);
        },
      });
      before = await look();
      calls.length = 0;
    });

    it('nothing is different when nothing changed, and no text was read', async () => {
      assert.deepEqual(await changes(), []);
      const texts = calls.filter(({ args }) => /name"|description/.test(JSON.stringify(args['fields'] ?? [])));
      assert.deepEqual(
        texts.filter(({ args }) => JSON.stringify(args['fields']) !== '["display_name"]'),
        [],
      );
    });

    it('a new product, a changed name and a changed description are found, and nothing beside them', async () => {
      const id = await create('product.template', { name: 'Sabonete', description_sale: 'De lavanda.' });
      assert.deepEqual(await changes(), [keyOf(id)]);
      await write('product.template', id, { name: 'Sabonete líquido' });
      const other = Number(
        [...before.keys()]
          .find((key) => key.startsWith('product:') && key !== keyOf(id))
          ?.split(':')
          .at(-1),
      );
      assert.deepEqual(await changes(), [keyOf(id)]);
      await write('product.template', other, { description_sale: 'Outra descrição.' });
      assert.deepEqual(await changes(), [keyOf(other)]);
      const { documents } = await system.documents([refOf(id), refOf(other)], never);
      assert.deepEqual(
        documents.map(({ title, body }) => (title === 'Sabonete líquido' ? body : body.split('\n')[0])).toSorted(),
        ['De lavanda.', 'Outra descrição.'],
      );
    });

    it('a renamed category changes its products and no others', async () => {
      const category = await create('product.category', { name: 'Sabonetes' });
      const inside = await create('product.template', { name: 'Sabonete em barra', categ_id: category });
      await create('product.template', { name: 'Pente' });
      await changes();
      await write('product.category', category, { name: 'Sabonetes artesanais' });
      assert.deepEqual(await changes(), [keyOf(inside)]);
      const { documents } = await system.documents([refOf(inside)], never);
      assert.equal(documents[0]?.attributes?.['category'], 'Sabonetes artesanais');
    });

    it('what is deleted, archived or no longer for sale leaves', async () => {
      const [deleted, archived, kept] = [
        await create('product.template', { name: 'Some' }),
        await create('product.template', { name: 'Arquivado' }),
        await create('product.template', { name: 'Fora de venda' }),
      ];
      await changes();
      await admin.call('product.template', 'unlink', { ids: [deleted] }, never);
      await write('product.template', archived, { active: false });
      await write('product.template', kept, { sale_ok: false });
      const keys = [deleted, archived, kept].map(keyOf);
      assert.deepEqual(await changes(), keys.toSorted());
      assert.ok(keys.every((key) => !before.has(key)));
      const { documents, gone } = await system.documents([deleted, archived, kept].map(refOf), never);
      assert.deepEqual([documents, gone.length], [[], 3]);
    });

    it('a changed price is another etag and the same text', async () => {
      const id = await create('product.template', { name: 'Creme', list_price: 10, description_sale: 'Para as mãos.' });
      await changes();
      const [first] = (await system.documents([refOf(id)], never)).documents;
      await write('product.template', id, { list_price: 12.5 });
      assert.deepEqual(await changes(), [keyOf(id)]);
      const [second] = (await system.documents([refOf(id)], never)).documents;
      assert.deepEqual({ ...second, hash: '' }, { ...first, hash: '' });
      assert.deepEqual((await system.productFacts([refOf(id)], never))[0]?.price, 12.5);
    });

    it('of partners only the own companies are ever read', async () => {
      const customer = await create('res.partner', { name: 'Dona Cliente', phone: '+55 11 98888-7777' });
      await create('product.template', { name: 'Com responsável', responsible_id: 2 });
      calls.length = 0;
      const { documents } = await readAll(system);
      assert.doesNotMatch(JSON.stringify(documents), /Dona Cliente|98888/);
      const asked = calls.filter(({ model }) => model === 'res.partner' || model === 'res.users');
      assert.ok(asked.length > 0);
      for (const { method, args } of asked.filter(({ method: name }) => name !== 'fields_get')) {
        assert.match(JSON.stringify([method, args['domain']]), /\["ref_company_ids","!=",false\]/);
      }
      const ref = { kind: 'company', id: `odoo:res.partner:${customer}` } as const;
      assert.deepEqual(await system.documents([ref], never), { documents: [], gone: [ref] });
    });
  });
});
