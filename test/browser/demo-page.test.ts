// The demo as a person sees it: choose a company and a channel, write as its customer, see the reply and how it was made,
// and take the conversation over as one of the team.
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { startDemo } from '../../scripts/lib/demo/start-demo.ts';
import type { Demo } from '../../scripts/lib/demo/start-demo.ts';
import { eventually } from '../component/eventually.ts';
import { openBrowser } from './open-browser.ts';
import type { Browser } from './open-browser.ts';

const question = 'Qual o prazo para trocar um produto?';
const fromAssistant = '.turn.theirs:not(.person):has(.meta)';

describe('the demo page', () => {
  let demo: Demo;
  let browser: Browser;
  let page: Page;

  before(async () => {
    demo = await startDemo();
    browser = await openBrowser();
  });
  beforeEach(async () => {
    page = await browser.openPage({ width: 1360, height: 860 });
    await page.goto(demo.sandbox.url);
  });
  afterEach(() => page.close());
  after(async () => {
    await browser.stop();
    await demo.stop();
  });

  async function choose(tenant: string, channel: string): Promise<void> {
    await page.selectOption('#tenant', { label: tenant });
    await page.selectOption('#channel', { label: channel });
    await page.click('#new-contact');
  }

  async function write(text: string): Promise<void> {
    await page.fill('#text', text);
    await page.press('#text', 'Enter');
    await page.locator('.turn.mine .bubble', { hasText: text }).last().waitFor();
  }

  const replies = async (): Promise<string[]> => page.locator(`${fromAssistant} .bubble`).allInnerTexts();

  /** Nothing is on its way between Chatwoot and the bridge, and nobody waits for an answer. */
  async function quiet(): Promise<void> {
    const headers = { Authorization: `Bearer ${demo.bridge.adminToken}` };
    await eventually(
      'quiet',
      async () => {
        const overview = (await (await fetch(`${demo.bridge.url}/console/api/overview`, { headers })).json()) as {
          mailbox: number;
        };
        return demo.sandbox.api.isIdle() && overview.mailbox === 0 && demo.sandbox.api.isIdle();
      },
      30_000,
    );
  }

  it('offers every company of the demo with all its channels', async () => {
    assert.deepEqual(
      (await page.locator('#tenant option').allInnerTexts()).sort(),
      demo.tenants.map(({ name }) => name).sort(),
    );
    for (const { name, inboxes } of demo.tenants) {
      await page.selectOption('#tenant', { label: name });
      assert.equal(await page.locator('#channel option').count(), inboxes.length, name);
    }
    await browser.picture(page, 'demo-start');
  });

  it('shows the reply to what was typed, with the trace that names its sources', async () => {
    await choose('Sandra Cosméticos', 'WhatsApp');
    await write(question);
    await page.locator(fromAssistant).waitFor();
    const trace = page.locator('#trace');
    await trace
      .getByText('pergunta frequente')
      .or(trace.getByText('política'))
      .or(trace.getByText('regra'))
      .first()
      .waitFor();
    assert.match((await replies()).join(' '), /dias/);
    assert.equal(await page.locator(`${fromAssistant} .meta button`).getAttribute('aria-pressed'), 'true');
    assert.ok((await page.locator('#trace .bars .bar').count()) > 0, 'timings are drawn');
    await browser.picture(page, 'demo-page');
  });

  it('answers each company from its own rules, and each channel in its own conversation', async () => {
    const answers: string[] = [];
    for (const tenant of demo.tenants.slice(0, 2)) {
      await choose(tenant.name, 'WhatsApp');
      await write(question);
      await page.locator(fromAssistant).waitFor();
      answers.push((await replies()).join(' '));
    }
    assert.notEqual(answers[0], answers[1]);
    await page.selectOption('#channel', { label: 'Instagram' });
    await page.locator('.empty').waitFor();
    assert.deepEqual(await replies(), []);
  });

  it('opens the trace of an earlier reply when it is asked for', async () => {
    await choose('Sandra Cosméticos', 'WhatsApp');
    for (const [index, text] of [question, 'Quais são as formas de pagamento?'].entries()) {
      await write(text);
      await page.locator(fromAssistant).nth(index).waitFor();
    }
    const buttons = page.locator(`${fromAssistant} .meta button`);
    await buttons.last().and(page.locator('[aria-pressed=true]')).waitFor();
    const newest = await page.locator('#trace').innerText();
    await buttons.first().click();
    await buttons.first().and(page.locator('[aria-pressed=true]')).waitFor();
    assert.notEqual(await page.locator('#trace').innerText(), newest);
  });

  it('tells the whole story of a handoff: asked for, taken over by writing, silent meanwhile, handed back, answered again', async () => {
    const state = (text: string) => page.locator('#state', { hasText: text }).waitFor();
    const decided = (text: string) => page.locator('#trace .chip', { hasText: text }).waitFor();
    await choose('Sandra Cosméticos', 'WhatsApp');
    await write(question);
    await page.locator(fromAssistant).waitFor();
    await state('pendente (assistente)');

    await write('Quero falar com uma pessoa, o produto veio com defeito');
    await page.locator(fromAssistant).nth(1).waitFor();
    await state('aberta (pessoas)');
    await decided('passada para a equipe');
    await page.locator('#trace', { hasText: 'o cliente pediu uma pessoa' }).waitFor();
    const note = page.locator('#timeline .note');
    await note.waitFor();
    const written = await note.innerText();
    for (const part of [
      'Resumo: 2 mensagens do cliente',
      'produto veio com defeito',
      'Categoria: pedido',
      'prioridade: média',
    ]) {
      assert.ok(written.includes(part), `the note says ${part}`);
    }
    for (const fact of ['atendimento', 'assistente-pedido', 'média']) await state(fact);
    assert.equal(await page.locator('#log', { hasText: 'Categoria' }).count(), 0, 'the customer sees no note');

    await page.fill('#desk-text', 'Oi! Aqui é a Bia. Me manda uma foto do defeito?');
    await page.click('#desk button[value="person-replies"]');
    await page.locator('#log .turn.person .bubble', { hasText: 'Aqui é a Bia' }).waitFor();
    const before = await replies();
    await write('Obrigada, Bia! Quais são as formas de pagamento?');
    await page.locator('#log .aside', { hasText: 'uma pessoa está atendendo' }).waitFor();
    await quiet();
    assert.deepEqual(await replies(), before);
    await browser.picture(page, 'demo-takeover');

    await page.click('#desk [data-act="mark-pending"]');
    await state('pendente (assistente)');
    await page.locator(fromAssistant).nth(before.length).waitFor();
    assert.match((await replies()).at(-1) ?? '', /Pix|cartão|boleto/i);
    await decided('respondida');
    await quiet();
    assert.equal((await replies()).length, before.length + 1, 'answered once');
    await browser.picture(page, 'demo-hand-back');
  }).timeout(60_000);

  it('shows a reply the channel refused as not delivered, and people get it with the reason', async () => {
    await choose('Sandra Cosméticos', 'WhatsApp');
    await write(question);
    await page.locator(fromAssistant).waitFor();
    await page.click('#desk summary');
    await page.click('[data-trick="refuse"]');
    await page.locator('#log .failed', { hasText: 'não entregue' }).waitFor();
    await page.locator('#timeline .note', { hasText: 'não recebeu esta resposta' }).waitFor();
    await page.locator('#state', { hasText: 'aberta (pessoas)' }).waitFor();
    await browser.picture(page, 'demo-refused');
  });

  it('declines an unrelated question with the offer of a person, and hands over when the customer accepts', async () => {
    await choose('Sandra Cosméticos', 'WhatsApp');
    await write('Qual a capital da Mongólia?');
    await page.locator(fromAssistant).waitFor();
    assert.match((await replies()).join(' '), /pessoa|equipe|atendente/);
    await page.locator(`${fromAssistant} .meta button`, { hasText: 'nada encontrado' }).waitFor();
    await page.locator('.choices button', { hasText: 'Sim' }).click();
    await page.locator('#state .chip', { hasText: 'aberta' }).waitFor();
    await page.locator('#timeline .note', { hasText: 'aceitou falar com uma pessoa' }).waitFor();
    await browser.picture(page, 'demo-handoff');
  });

  it('shows what a customer writes as text, never as part of the page', async () => {
    await choose('Sandra Cosméticos', 'WhatsApp');
    const nasty = '<img src=x onerror="document.title=1"> & <b>oi</b>';
    await write(nasty);
    assert.equal(await page.locator('.turn.mine .bubble').innerText(), nasty);
    assert.equal(await page.locator('#log img, #log b').count(), 0);
  });

  it('works on a phone, one part at a time, without scrolling sideways', async () => {
    await page.setViewportSize({ width: 375, height: 740 });
    await choose('Sandra Cosméticos', 'WhatsApp');
    await write(question);
    await page.locator(fromAssistant).waitFor();
    await browser.picture(page, 'demo-phone');
    await page.click('#tab-trace');
    await page.locator('#trace .chip').first().waitFor();
    await browser.picture(page, 'demo-phone-trace');
    await page.click('#tab-desk');
    await page.locator('#timeline .said').first().waitFor();
    await browser.picture(page, 'demo-phone-desk');
    assert.equal(await page.evaluate('document.documentElement.scrollWidth <= window.innerWidth'), true);
  });

  it('no page had an error of its own', () => {
    assert.deepEqual(browser.complaints, []);
  });
});
