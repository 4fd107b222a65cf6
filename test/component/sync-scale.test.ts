// The sync's promises between a real Odoo and a real bridge, counted at the embedding endpoint. The same world with
// 10 000 products is a row of scripts/bench.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { SyncWorld } from '../sandbox/sync/sync-world.ts';
import { eventually } from './eventually.ts';

const products = 400;
const rules = 30;
const all = products + rules;

describe('sync with a real Odoo, counted', function () {
  this.timeout(900_000);
  let world: SyncWorld;

  before(async () => {
    world = await SyncWorld.start({ products, rules, embeddingDelayMs: 150 });
  });
  after(() => world.stop());
  beforeEach(() => world.forgetEmbedded());

  const texts = () => world.embedded.length;
  const isLevel = async () => {
    const { items, index, differences } = await world.sync({ dry_run: true });
    assert.deepEqual([items, index, differences], [all, { points: all, missing: 0, foreign: 0 }, 0]);
  };

  it('a dry run says what a run would do and does nothing', async () => {
    const { items, fetched, differences } = await world.sync({ dry_run: true });
    assert.deepEqual([items, fetched, differences, texts()], [all, all, all, 0]);
  });

  it('a bridge killed in the middle goes on where it was: nothing is embedded twice but the batch in flight', async () => {
    const first = world.sync().catch(() => null);
    await eventually('some texts are embedded', async () => texts() > 0, 60_000);
    await world.kill();
    await first;
    const before = texts();
    assert.ok(before < all, `killed after ${before} of ${all}`);
    await world.startBridge();
    const report = await world.sync();
    assert.deepEqual([report.items, report.differences], [all, 0]);
    assert.equal(new Set(world.embedded).size, all);
    const twice = texts() - all;
    assert.ok(twice <= world.largestBatch, `${twice} twice, the largest batch has ${world.largestBatch}`);
    await isLevel();
  });

  it('the command says that Odoo and the index are level', async () => {
    const { accountId, url, token } = world.address;
    const args = ['sync', accountId, '--dry-run', '--url', url, '--token', token];
    const { stdout } = await promisify(execFile)('scripts/tenant', args);
    assert.match(stdout, new RegExp(`^source ${all}, index ${all}, difference 0\\n`));
  });

  it('nothing changed: no document is fetched, nothing is embedded', async () => {
    const { items, fetched, embedded, unchanged, differences } = await world.sync();
    assert.deepEqual([items, fetched, embedded, unchanged, differences, texts()], [all, 0, 0, all, 0, 0]);
  });

  it('one in a hundred changed: exactly those are fetched and embedded', async () => {
    await world.odoo.shell(`
changed = env['product.template'].search([('default_code', '=like', 'SKU-%00')])
for product in changed:
    product.description_sale = 'Texto novo do produto %s.' % product.default_code
env.cr.commit()
`);
    const { fetched, embedded, differences } = await world.sync();
    assert.deepEqual([fetched, embedded, differences], [4, 4, 0]);
    assert.equal(texts(), 4);
    assert.ok(world.embedded.every((text) => text.includes('Texto novo do produto')));
  });

  it('prices, stock and pictures changed: nothing is fetched, nothing is embedded', async () => {
    await world.odoo.shell(`
products = env['product.template'].search([('default_code', '=like', 'SKU-%')])
products.write({'list_price': 77.7, 'standard_price': 3, 'is_storable': True, 'weight': 2})
warehouse = env['stock.warehouse'].search([('company_id', '=', products.company_id.id)], limit=1)
for product in products.filtered(lambda one: one.default_code >= 'SKU-00300')[:20]:
    env['stock.quant']._update_available_quantity(product.product_variant_id, warehouse.lot_stock_id, 5)
env.cr.commit()
`);
    const { fetched, embedded, differences } = await world.sync();
    assert.deepEqual([fetched, embedded, differences, texts()], [0, 0, 0, 0]);
  });

  it('what is archived, deleted or kept back leaves; what is new comes', async () => {
    await world.odoo.shell(`
find = lambda code: env['product.template'].search([('default_code', '=', code)])
find('SKU-00010').active = False
find('SKU-00011').unlink()
find('SKU-00012').integrator_published = False
find('SKU-00013').copy({'name': 'Novo', 'default_code': 'NOVO'})
env['integrator.rule'].search([('name', '=', 'Regra 3')]).active = False
env.cr.commit()
`);
    const { items, removed, embedded, differences, index } = await world.sync();
    assert.deepEqual([items, removed, embedded, differences], [all - 3, 4, 1, 0]);
    assert.equal(index?.points, all - 3);
  });
});
