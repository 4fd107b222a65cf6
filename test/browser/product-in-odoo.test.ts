// A product of the shop, seen in Odoo's web client and asked for by customers: its text comes from the bridge's knowledge,
// its price from Odoo at that moment. Odoo, bridge, Redis and PostgreSQL are real, Chatwoot is the simulated one.
import assert from 'node:assert/strict';
import { everythingSent } from '../sandbox/shop/connect-shop.ts';
import { startShop } from '../sandbox/shop/start-shop.ts';
import type { RunningShop } from '../sandbox/shop/start-shop.ts';
import { OdooWebClient } from './odoo-web-client.ts';
import { openBrowser } from './open-browser.ts';
import type { Browser } from './open-browser.ts';

const name = 'Sérum Facial de Bakuchiol';
const question = 'Quanto custa o sérum de bakuchiol?';

describe('a product in the Odoo web client', () => {
  let shop: RunningShop;
  let browser: Browser;
  let client: OdooWebClient;
  let id: number;

  before(async function () {
    this.timeout(900_000);
    shop = await startShop();
    browser = await openBrowser('en-US');
    id = await shop.session.create('product.template', {
      name,
      description_sale: 'Sérum noturno com bakuchiol para pele madura.',
      description: '<p>Margem de 61 %, não contar a ninguém.</p>',
      list_price: 89.9,
    });
    await everythingSent(shop.session);
    client = await OdooWebClient.signIn(await browser.openPage({ width: 1366, height: 900 }), shop.odoo);
  });
  after(async () => {
    await browser.stop();
    await shop.stop();
  });

  const ask = () => shop.ask(question);

  it('shows on its tab what the assistant reads and that it has arrived', async () => {
    const { page } = client;
    await client.openMenu(
      'universal_integrator.menu_integrator_root',
      'universal_integrator_product.menu_integrator_product',
    );
    await browser.picture(page, 'odoo-products');
    await page.goto(`${shop.odoo.url}/odoo/product.template/${id}`);
    await page.click('a.nav-link[name="integrator"]');
    await page.waitForSelector('.tab-pane.active .o_field_widget[name="integrator_text"]');
    await browser.picture(page, 'odoo-product');
    const shown = await page.locator('.tab-pane.active').innerText();
    assert.match(shown, /Sérum noturno com bakuchiol/);
    assert.doesNotMatch(shown, /Margem/);
    assert.match(await page.locator('.tab-pane.active .o_field_widget[name="sync_state"]').innerText(), /Synced/);
  });

  it('a customer is told its price as it is at that moment, though nothing was sent', async () => {
    assert.match(await ask(), /89,90/);
    await shop.session.write('product.template', id, { list_price: 94.5 });
    const waiting = await shop.session.find('integrator.outbox', [['state', '!=', 'done']], ['ref']);
    assert.deepEqual(waiting, []);
    const answer = await ask();
    assert.match(answer, /94,50/);
    assert.doesNotMatch(answer, /89,90|Margem/);
  });

  it('kept from the assistant, it is in no answer any more', async () => {
    await client.toggle('integrator_published');
    await everythingSent(shop.session);
    assert.doesNotMatch(await ask(), /94,50|Sérum noturno/);
  });
});
