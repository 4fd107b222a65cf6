import assert from 'node:assert/strict';
import { startOdoo } from '../../sandbox/servers/odoo-server.ts';
import type { OdooServer } from '../../sandbox/servers/odoo-server.ts';
import { ensureBaseTemplate } from '../../sandbox/servers/odoo-template.ts';

interface Language {
  code: string;
}

describe('a private Odoo 19', function () {
  this.timeout(600_000);
  let odoo: OdooServer;

  before(async () => {
    odoo = await startOdoo({ template: await ensureBaseTemplate() });
  });
  after(() => odoo.stop());

  const ask = (path: string, headers: Record<string, string>, body: unknown): Promise<Response> =>
    fetch(odoo.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });

  it('answers the JSON-2 API with a key made for it, in English and Brazilian Portuguese', async () => {
    const headers = { authorization: `bearer ${await odoo.createApiKey()}` };
    const response = await ask('/json/2/res.lang/search_read', headers, { domain: [], fields: ['code'] });
    const languages = (await response.json()) as Language[];
    assert.deepEqual(languages.map((language) => language.code).sort(), ['en_US', 'pt_BR']);
    const products = await ask('/json/2/product.product/search_count', headers, { domain: [] });
    assert.ok(((await products.json()) as number) > 20, 'demo products are there');
  });

  it('lets the administrator in by the older API', async () => {
    const params = { service: 'common', method: 'login', args: [odoo.database, odoo.login, odoo.password] };
    const response = await ask('/jsonrpc', {}, { jsonrpc: '2.0', method: 'call', id: 1, params });
    assert.equal(((await response.json()) as { result: unknown }).result, 2);
  });

  it('has identifiers of its own, and the same database after being stopped and started', async () => {
    const uuid = "SELECT value FROM ir_config_parameter WHERE key = 'database.uuid'";
    const own = await odoo.postgres.query(odoo.database, uuid);
    assert.notEqual(own, await odoo.postgres.query('template_odoo', uuid));
    await odoo.kill();
    await odoo.start();
    assert.equal(await odoo.shell("print(env['ir.config_parameter'].get_param('database.uuid'))"), own);
  });
});
