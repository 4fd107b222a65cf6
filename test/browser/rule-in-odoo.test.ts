// The shop's owner writes a rule in Odoo's web client and a customer gets it in the next answer; changed, expired and
// deleted just so. Odoo, bridge, Redis and PostgreSQL are real, Chatwoot is the simulated one.
import assert from 'node:assert/strict';
import { everythingSent } from '../sandbox/shop/connect-shop.ts';
import { startShop } from '../sandbox/shop/start-shop.ts';
import type { RunningShop } from '../sandbox/shop/start-shop.ts';
import { OdooWebClient } from './odoo-web-client.ts';
import { openBrowser } from './open-browser.ts';
import type { Browser } from './open-browser.ts';

const question = 'Vocês têm estacionamento?';

describe('a rule written in the Odoo web client', () => {
  let shop: RunningShop;
  let browser: Browser;
  let client: OdooWebClient;

  before(async function () {
    // The first run on a machine builds Odoo's template database.
    this.timeout(900_000);
    shop = await startShop();
    browser = await openBrowser('en-US');
    client = await OdooWebClient.signIn(await browser.openPage({ width: 1366, height: 900 }), shop.odoo);
  });
  after(async () => {
    await browser.stop();
    await shop.stop();
  });

  /** Asks as soon as Odoo has sent what was saved, and prints how long a customer would have waited for the news. */
  async function answerAfter(what: string, savedAtMs: number): Promise<string> {
    await everythingSent(shop.session);
    const sentMs = performance.now() - savedAtMs;
    const answer = await shop.ask(question);
    const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
    const answeredMs = performance.now() - savedAtMs;
    process.stdout.write(
      `      ${what}: on the bridge ${seconds(sentMs)} after saving, in an answer ${seconds(answeredMs)} after\n`,
    );
    return answer;
  }

  it('before it is written nobody answers from it', async () => {
    assert.doesNotMatch(await shop.ask(question), /vagas/);
  });

  it('is in the next answer once it is saved', async () => {
    await client.openMenu(
      'universal_integrator.menu_integrator_root',
      'universal_integrator_rules.menu_integrator_knowledge',
      'universal_integrator_rules.menu_integrator_rule',
    );
    await browser.picture(client.page, 'odoo-rules');
    await client.startNew();
    await client.fill('name', 'Estacionamento da loja');
    await client.fill('body', 'Temos 7 vagas de estacionamento gratuito atrás da loja.');
    await browser.picture(client.page, 'odoo-rule-new');
    const savedAtMs = performance.now();
    await client.save();
    assert.match(await answerAfter('written', savedAtMs), /7 vagas/);
    await client.reload();
    await client.page.waitForSelector('.o_field_widget[name="sync_state"] [aria-checked="true"][data-value="synced"]');
    await browser.picture(client.page, 'odoo-rule-synced');
  });

  it('answers with its new text once it is edited', async () => {
    await client.fill('body', 'O estacionamento tem 9 vagas e custa R$ 5,00 por hora.');
    const savedAtMs = performance.now();
    await client.save();
    const answer = await answerAfter('edited', savedAtMs);
    assert.match(answer, /9 vagas/);
    assert.doesNotMatch(answer, /7 vagas/);
  });

  it('is not used any more once its last day is in the past, and again once that day is in the future', async () => {
    await client.reload();
    await client.fillDate('valid_to', '01/31/2020');
    const expiredAtMs = performance.now();
    await client.save();
    await browser.picture(client.page, 'odoo-rule-expired');
    assert.doesNotMatch(await answerAfter('expired', expiredAtMs), /vagas/);
    await client.reload();
    await client.fillDate('valid_to', '12/31/2099');
    const validAtMs = performance.now();
    await client.save();
    assert.match(await answerAfter('valid again', validAtMs), /9 vagas/);
  });

  it('is gone once it is deleted', async () => {
    const deletedAtMs = performance.now();
    await client.deleteRecord();
    assert.doesNotMatch(await answerAfter('deleted', deletedAtMs), /vagas/);
    assert.deepEqual(browser.complaints, []);
  });
});
