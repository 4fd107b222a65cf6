// The operator's console in a browser: in with the admin token only, from the overview to a tenant's turns.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { Installation } from '../component/installation.ts';
import { openBrowser } from './open-browser.ts';
import type { Browser } from './open-browser.ts';

const question = 'Qual o prazo para trocar um produto?';

describe('the console', () => {
  let installation: Installation;
  let browser: Browser;
  let page: Page;

  before(async () => {
    installation = await Installation.start();
    browser = await openBrowser();
    page = await browser.openPage();
    await installation.api.waitForReply(await installation.ask(question));
    await installation.quiet();
  });
  after(async () => {
    await browser.stop();
    await installation.stop();
  });

  async function signIn(token: string): Promise<void> {
    await page.goto(`${installation.bridge.url}/console`);
    await page.fill('#token', token);
    await page.click('main form button');
  }

  it('refuses a wrong token and shows nothing', async () => {
    await signIn('not-the-token');
    await page.locator('[role=alert]').waitFor();
    await browser.picture(page, 'console-refused');
    await page.goto(`${installation.bridge.url}/console/tenants/sandra_cosmeticos`);
    await page.locator('#token').waitFor();
    assert.ok(!(await page.content()).includes('Sandra'));
  });

  it('lets the admin token in, lists every tenant and says how the bridge is', async () => {
    await signIn(installation.bridge.adminToken);
    await page.locator('a[href="/console/tenants/sandra_cosmeticos"]').waitFor();
    assert.equal(await page.locator('a[href^="/console/tenants/"]').count(), installation.tenants.length);
    assert.equal(await page.locator('.heading .state.ready').count(), 1);
    await browser.picture(page, 'console-overview');
  });

  it('shows the turn of a tenant: service, rung, sources, tools and times', async () => {
    await page.click('a[href="/console/tenants/sandra_cosmeticos"]');
    const turn = page.locator('details.card').first();
    await turn.waitFor();
    const text = await turn.innerText();
    assert.match(text, /respondida/);
    assert.match(text, /das fontes/);
    assert.match(text, /busca nas fontes/);
    assert.ok((await turn.locator('.kind').count()) > 0, 'a source is named');
    assert.ok((await turn.locator('meter').count()) > 0, 'times are drawn');
    await browser.picture(page, 'console-tenant');
  });

  it('shows what the tenant knows and used, and up to when it was compared with Chatwoot', async () => {
    const rule = page.locator('tr', { hasText: 'regra' }).locator('td.number');
    assert.ok(Number(await rule.first().innerText()) > 0, 'rules are counted');
    const today = page.locator('section', { hasText: 'Uso nos últimos sete dias' }).locator('tbody tr').first();
    assert.equal(await today.locator('td').nth(1).innerText(), '1');
    await page.getByText(/Comparada com o Chatwoot até: \d/).waitFor();
  });

  it('shows the turns of one conversation when its number is typed', async () => {
    await page.fill('#conversation', '424242');
    await page.click('form.filter button');
    await page.waitForURL(/conversation_id=424242/);
    assert.equal(await page.locator('details.card').count(), 0);
    await page.fill('#conversation', '1');
    await page.click('form.filter button');
    await page.locator('details.card').first().waitFor();
  });

  it('fits a phone', async () => {
    await page.setViewportSize({ width: 375, height: 740 });
    await browser.picture(page, 'console-phone');
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), true);
    await page.setViewportSize({ width: 1280, height: 800 });
  });

  it('lets nobody in after signing out, not even back through the browser’s history', async () => {
    await page.click('form[action="/console/logout"] button');
    await page.locator('#token').waitFor();
    await page.goBack();
    await page.locator('#token').waitFor();
    assert.deepEqual(browser.complaints, []);
  });
});
