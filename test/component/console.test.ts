// The operator's console over real HTTP.
import assert from 'node:assert/strict';
import type { TurnTrace } from '../../bridge/core/ports/turn-traces.ts';
import { customerMail } from '../contract/store-samples.ts';
import { adminToken, startRpcBridge } from './rpc-bridge.ts';
import type { RpcBridge } from './rpc-bridge.ts';

const tenants = {
  'retail/shop_one/config.yaml':
    'account_id: shop_one\nname: "Loja <Um> & \\"Filhos\\""\nlimits: { monthly_budget: { amount: 100, currency: BRL } }\n',
  'retail/shop_bad/config.yaml': 'account_id: shop_bad\nname: [wrong]\n',
};

const used = { model_calls: 0, input_tokens: 0, output_tokens: 0, embedding_tokens: 12 };

const trace = (turnId: string, conversationId: number, more: Partial<TurnTrace> = {}): TurnTrace => ({
  turn_id: turnId,
  account_id: 'shop_one',
  conversation_id: conversationId,
  at: '2026-06-15T11:59:00.000Z',
  outcome: 'replied',
  service: 'support',
  confidence: 0.87,
  reason: 'signal words',
  rung: 'grounded',
  sources: [{ kind: 'rule', id: 'r1', title: '<script>alert(1)</script>' }],
  tools: [{ name: 'search_knowledge', ok: true, ms: 3 }],
  usage: used,
  ms: 42,
  durations: { route: 4, answer: 30 },
  ...more,
});

describe('the console', () => {
  let bridge: RpcBridge;
  const get = (path: string, headers: Record<string, string> = {}) => fetch(`${bridge.url}${path}`, { headers });
  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(`${bridge.url}${path}`, {
      method: 'POST',
      body,
      redirect: 'manual',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
    });
  const signIn = async (): Promise<string> => {
    const response = await post('/console/login', `token=${adminToken}`);
    assert.equal(response.status, 303);
    return response.headers.get('set-cookie')?.split(';')[0] ?? '';
  };

  beforeEach(async () => {
    bridge = await startRpcBridge({ tenants });
    await bridge.stores.traces.add(trace('t1', 7));
    await bridge.stores.traces.add(trace('t2', 8, { service: null, confidence: null, reason: null, tools: [] }));
  });
  afterEach(() => bridge.stop());

  it('shows a stranger the sign-in form and nothing else', async () => {
    const front = await get('/console');
    assert.equal(front.status, 200);
    assert.match(await front.text(), /<form method="post" action="\/console\/login">/);
    const tenant = await get('/console/tenants/shop_one');
    assert.equal(tenant.status, 401);
    assert.ok(!(await tenant.text()).includes('Filhos'));
    for (const path of ['/console/api/overview', '/console/api/turns?account_id=shop_one']) {
      assert.equal((await get(path)).status, 401);
      assert.equal((await get(path, { Authorization: 'Bearer wrong' })).status, 401);
      assert.equal((await get(path, { Cookie: 'ui_console=guessed' })).status, 401);
    }
  });

  it('takes the admin token only, and gives a session no script and no other site can use', async () => {
    const { token } = await bridge.tokens.create('shop_one', 'a', ['odoo', 'read']);
    for (const wrong of ['', 'wrong', token]) {
      assert.equal((await post('/console/login', `token=${encodeURIComponent(wrong)}`)).status, 401);
    }
    const response = await post('/console/login', `token=${adminToken}`);
    assert.equal(response.status, 303);
    const cookie = response.headers.get('set-cookie') ?? '';
    assert.match(cookie, /HttpOnly/);
    assert.match(cookie, /SameSite=Strict/);
    assert.match(cookie, /Path=\/console/);
    assert.match(cookie, /Max-Age=28800/);
    assert.ok(!cookie.includes(adminToken));
    const behindTls = await post('/console/login', `token=${adminToken}`, { 'X-Forwarded-Proto': 'https' });
    assert.match(behindTls.headers.get('set-cookie') ?? '', /Secure/);
  });

  it('ends a session at sign-out and after eight hours', async () => {
    const [one, other] = [await signIn(), await signIn()];
    assert.equal((await post('/console/logout', '', { Cookie: one })).status, 303);
    assert.equal((await get('/console/api/overview', { Cookie: one })).status, 401);
    assert.equal((await get('/console/api/overview', { Cookie: other })).status, 200);
    bridge.time.nowMs += 8 * 60 * 60 * 1000;
    assert.equal((await get('/console/api/overview', { Cookie: other })).status, 401);
  });

  it('takes no form from another site', async () => {
    const foreign = { Origin: 'https://evil.example' };
    assert.equal((await post('/console/login', `token=${adminToken}`, foreign)).status, 403);
    assert.equal((await post('/console/logout', '', foreign)).status, 403);
    assert.equal((await post('/console/login', `token=${adminToken}`, { Origin: bridge.url })).status, 303);
  });

  it('slows down whoever guesses', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 12; index += 1) statuses.push((await post('/console/login', 'token=guess')).status);
    assert.equal(statuses[0], 401);
    assert.equal(statuses.at(-1), 429);
  });

  it('allows no script, no outside resource and no frame', async () => {
    const policy = (await get('/console')).headers.get('content-security-policy') ?? '';
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.ok(!policy.includes('script-src') && !policy.includes('unsafe'));
    const style = await get('/console/style.css');
    assert.match(style.headers.get('content-type') ?? '', /^text\/css/);
    assert.ok(!/url\(|@import/.test(await style.text()));
  });

  it('shows the state, the queue, tenants and what is wrong with disabled ones', async () => {
    const page = await (await get('/console', { Cookie: await signIn(), 'Accept-Language': 'en' })).text();
    assert.match(page, /<html lang="en">/);
    assert.match(page, /Degraded/);
    assert.match(page, /Journal/);
    assert.match(page, /Loja &lt;Um&gt; &amp; &quot;Filhos&quot;/);
    assert.match(page, /retail\/shop_bad\/config\.yaml/);
  });

  it("shows a tenant's turns with everything escaped, in the reader's language and the tenant's time", async () => {
    const Cookie = await signIn();
    const page = await (await get('/console/tenants/shop_one', { Cookie, 'Accept-Language': 'pt-BR,pt;q=0.9' })).text();
    assert.match(page, /<html lang="pt-BR">/);
    assert.ok(!page.includes('<script'));
    assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(page, /busca nas fontes/);
    assert.match(page, /08:59:00/, 'the time of São Paulo');
    assert.match(page, /87%/);
    const filtered = await (await get('/console/tenants/shop_one?conversation_id=8', { Cookie })).text();
    assert.ok(filtered.includes('turn-t2') && !filtered.includes('turn-t1'));
    assert.equal((await get('/console/tenants/nobody', { Cookie })).status, 404);
    assert.equal((await get('/console/tenants/shop_one?conversation_id=x', { Cookie })).status, 400);
  });

  it('speaks Portuguese to whoever asks for neither language', async () => {
    for (const language of ['fr', '*', 'pt', '']) {
      assert.match(
        await (await get('/console', { 'Accept-Language': language })).text(),
        /<html lang="pt-BR">/,
        language,
      );
    }
  });

  it('answers turns as a list, newest first, to a session and to the admin token', async () => {
    const bearer = { Authorization: `Bearer ${adminToken}` };
    const turns = async (query: string, headers: Record<string, string>) => {
      const response = await get(`/console/api/turns?${query}`, headers);
      return (await response.json()) as TurnTrace[];
    };
    const all = await turns('account_id=shop_one', bearer);
    assert.deepEqual(
      all.map(({ turn_id }) => turn_id),
      ['t2', 't1'],
    );
    assert.deepEqual(all[1], trace('t1', 7));
    assert.deepEqual(await turns('account_id=shop_one', { Cookie: await signIn() }), all);
    assert.deepEqual(await turns('account_id=shop_one&conversation_id=7', bearer), [trace('t1', 7)]);
    assert.equal((await turns('account_id=shop_one&limit=1', bearer)).length, 1);
    assert.equal((await get('/console/api/turns?account_id=nobody', bearer)).status, 404);
    const wrong = await get('/console/api/turns?limit=0&conversation_id=x', bearer);
    assert.equal(wrong.status, 400);
    const { error } = (await wrong.json()) as { error: { problems: { path: string }[] } };
    assert.deepEqual(error.problems.map(({ path }) => path).sort(), ['account_id', 'conversation_id', 'limit']);
  });

  it('answers the overview as JSON, also while a store is away', async () => {
    bridge.stores.queue.counts = () => Promise.reject(new Error('away'));
    const Cookie = await signIn();
    const overview = (await (await get('/console/api/overview', { Cookie })).json()) as Record<string, unknown>;
    assert.equal(overview['queue'], null);
    assert.equal(overview['mailbox'], 0);
    assert.deepEqual(overview['tenants'], [
      {
        account_id: 'shop_one',
        name: 'Loja <Um> & "Filhos"',
        domain: 'retail',
        version: 0,
        managed_by: 'file',
        timezone: 'America/Sao_Paulo',
        compared: { state: 'never' },
      },
    ]);
    assert.equal((await get('/console', { Cookie })).status, 200);
  });

  const pageOf = async (path: string) => (await get(path, { Cookie: await signIn() })).text();

  it('says what to do about dead letters, without what customers wrote', async () => {
    const conversation = { accountId: 'shop_one', conversationId: 7 };
    const at = Date.parse('2026-06-15T11:59:00Z');
    await bridge.stores.deadLetters.put(
      {
        version: 1,
        id: 'shop_one/7/abc',
        kind: 'conversation_refused',
        conversation,
        code: 'upstream_rejected',
        message: 'gone',
        attempts: 4,
        firstAtMs: at,
        lastAtMs: at,
        mail: [customerMail(conversation, 11)],
      },
      { most: 10, notBeforeMs: 0 },
    );
    for (const path of ['/console', '/console/tenants/shop_one']) {
      const page = await pageOf(path);
      assert.match(page, /o Chatwoot recusa a conversa de vez/, path);
      assert.match(page, /scripts\/replay --list/, path);
      assert.match(page, /08:59:00/, `${path}: the time of São Paulo`);
      assert.ok(!page.includes(textOf(customerMail(conversation, 11))), path);
    }
  });

  it('says a part that cannot be read is not empty, and an empty one that it is', async () => {
    const empty = await pageOf('/console/tenants/shop_one');
    assert.match(empty, /Nenhum documento ainda/);
    assert.match(empty, /Nenhum atendimento nestes dias/);
    assert.ok(!empty.includes('Não foi possível consultar'));
    const { usage, deadLetters, traces, marks } = bridge.stores;
    const away = () => Promise.reject(new Error('away'));
    Object.assign(usage, { range: away });
    Object.assign(deadLetters, { list: away });
    Object.assign(traces, { list: away });
    Object.assign(marks, { get: away });
    const page = await pageOf('/console/tenants/shop_one');
    assert.equal(page.split('Não foi possível consultar isto agora').length - 1, 3);
    assert.match(page, /Comparada com o Chatwoot até: sem informação/);
    assert.match(await pageOf('/console'), /Não foi possível consultar isto agora/);
  });

  it('shows how answers were made in the last days, kept ones included, and what is known', async () => {
    const day = localDay(bridge.time.nowMs);
    await bridge.stores.usage.add('shop_one', day, { turns: 21, 'rung:cached': 13, 'rung:model': 5, gap: 3 });
    await bridge.stores.marks.set('shop_one', {
      version: 1,
      comparedUpToMs: Date.parse('2026-06-15T11:30:00Z'),
      inboxesSinceMs: {},
    });
    const page = await pageOf('/console/tenants/shop_one');
    assert.match(page, /resposta guardada/);
    for (const number of [21, 13, 5, 3]) assert.match(page, new RegExp(`<td class="number">${number}</td>`));
    assert.match(page, /Comparada com o Chatwoot até: 15\/06\/2026,? 08:30:00/);
  });

  it('shows what models cost this month beside the budget, and what nobody could price', async () => {
    const page = () => pageOf('/console/tenants/shop_one');
    assert.match(await page(), /Modelos neste mês: R\$\s0,00 de R\$\s100,00/);
    const day = localDay(bridge.time.nowMs);
    await bridge.stores.usage.add('shop_one', day, { 'cost:BRL': 81.5, unpriced_calls: 4 });
    const nearly = await page();
    assert.match(nearly, /Modelos neste mês: R\$\s81,50 de R\$\s100,00/);
    assert.match(nearly, /sem preço conhecido, fora da soma: 4\./);
    assert.match(nearly, /O orçamento deste mês está no fim/);
    await bridge.stores.usage.add('shop_one', day, { 'cost:BRL': 20 });
    assert.match(await page(), /O orçamento deste mês acabou/);
    await bridge.stores.traces.add(
      trace('t3', 9, { usage: { ...used, model_calls: 1, cost: { amount: 0.0123, currency: 'BRL' } } }),
    );
    await bridge.stores.traces.add(trace('t4', 9, { usage: { ...used, model_calls: 1, cost: null } }));
    const turns = await page();
    assert.match(turns, /· R\$\s0,012/);
    assert.match(turns, /· preço desconhecido/);
  });

  it('tells in Portuguese why nothing was said, and keeps no code for people to guess', async () => {
    const silence = { outcome: 'silent_person_owns', service: null, confidence: null, reason: null, rung: null };
    await bridge.stores.traces.add(trace('t3', 9, { ...silence, sources: [], tools: [], durations: {} }));
    await bridge.stores.traces.add(
      trace('t4', 9, { outcome: 'handed_over', rung: 'person', handoff: 'customer_asked', reason: 'no signal' }),
    );
    await bridge.stores.traces.add(trace('t5', 9, { rung: 'grounded', sources: [] }));
    const page = await pageOf('/console/tenants/shop_one');
    for (const words of ['uma pessoa está atendendo', 'o cliente pediu uma pessoa', 'nada encontrado', 'Suporte']) {
      assert.ok(page.includes(words), words);
    }
    for (const code of [
      'silent_person_owns',
      'handed_over',
      'customer_asked',
      'no signal',
      'grounded',
      'search_knowledge',
    ]) {
      assert.ok(!page.includes(code), code);
    }
  });
});

function textOf({ entry }: ReturnType<typeof customerMail>): string {
  return entry.kind === 'customer_message' ? entry.text : 'no message';
}

function localDay(nowMs: number): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Sao_Paulo' }).format(nowMs);
}
