// The operator's console over real HTTP.
import assert from 'node:assert/strict';
import type { TurnTrace } from '../../bridge/core/ports/turn-traces.ts';
import { adminToken, startRpcBridge } from './rpc-bridge.ts';
import type { RpcBridge } from './rpc-bridge.ts';

const tenants = {
  'retail/shop_one/config.yaml': 'account_id: shop_one\nname: "Loja <Um> & \\"Filhos\\""\n',
  'retail/shop_bad/config.yaml': 'account_id: shop_bad\nname: [wrong]\n',
};

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
  usage: { model_calls: 0, input_tokens: 0, output_tokens: 0, embedding_tokens: 12 },
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
    assert.match(page, /journal/);
    assert.match(page, /Loja &lt;Um&gt; &amp; &quot;Filhos&quot;/);
    assert.match(page, /retail\/shop_bad\/config\.yaml/);
  });

  it("shows a tenant's turns with everything escaped, in the reader's language and the tenant's time", async () => {
    const Cookie = await signIn();
    const page = await (await get('/console/tenants/shop_one', { Cookie, 'Accept-Language': 'pt-BR,pt;q=0.9' })).text();
    assert.match(page, /<html lang="pt-BR">/);
    assert.ok(!page.includes('<script'));
    assert.match(page, /&lt;script&gt;alert\(1\)&lt;\/script&gt;/);
    assert.match(page, /search_knowledge/);
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
      { account_id: 'shop_one', name: 'Loja <Um> & "Filhos"', domain: 'retail', version: 0, managed_by: 'file' },
    ]);
    assert.equal((await get('/console', { Cookie })).status, 200);
  });
});
