// What HTTP adds to JSON-RPC, and the routes for probes and metrics.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import fc from 'fast-check';
import { BridgeError } from '../../bridge/core/errors.ts';
import { gate } from '../fixtures/gate.ts';
import { adminToken, metricsToken, rpcClient, startRpcBridge } from './rpc-bridge.ts';
import type { RpcBridge } from './rpc-bridge.ts';

const tenants = {
  'retail/shop_one/config.yaml': 'account_id: shop_one\nname: One\n',
  'retail/shop_two/config.yaml': 'account_id: shop_two\nname: Two\n',
  'retail/shop_bad/config.yaml': 'account_id: shop_bad\nname: [wrong]\n',
};
const ping = { jsonrpc: '2.0', id: 1, method: 'system.ping' };

describe('POST /rpc', () => {
  let bridge: RpcBridge;
  let admin: ReturnType<typeof rpcClient>;
  const stranger = () => rpcClient(bridge.url, null);

  beforeEach(async () => {
    bridge = await startRpcBridge({ tenants });
    admin = rpcClient(bridge.url, adminToken);
  });
  afterEach(() => bridge.stop());

  it('answers 200 to results and errors, 204 to notifications, 400 only to what is no call at all', async () => {
    const status = async (body: unknown) =>
      (await admin.post(typeof body === 'string' ? body : JSON.stringify(body))).status;
    const notification = { jsonrpc: '2.0', method: 'system.ping' };
    assert.equal(await status(ping), 200);
    assert.equal(await status({ ...ping, method: 'no.such' }), 200);
    assert.equal(await status({ ...ping, params: { x: 1 } }), 200);
    assert.equal(await status([ping, 1]), 200);
    assert.equal(await status([1]), 200);
    assert.equal(await status(notification), 204);
    assert.equal(await status([notification, notification]), 204);
    assert.equal(await status('{'), 400);
    assert.equal(await status([]), 400);
    assert.equal(await status({ ...ping, jsonrpc: '1.0' }), 400);
  });

  it('refuses without a right bearer before it parses, in the form of JSON-RPC', async () => {
    const wrong = [
      rpcClient(bridge.url, 'wrong'),
      rpcClient(bridge.url, `${adminToken}x`),
      rpcClient(bridge.url, null, { Authorization: 'Basic abc' }),
      stranger(),
    ];
    for (const client of wrong) {
      for (const body of [
        JSON.stringify(ping),
        '{',
        JSON.stringify([ping]),
        JSON.stringify({ ...ping, method: 'x' }),
      ]) {
        const response = await client.post(body);
        assert.equal(response.status, 401);
        assert.equal(response.headers.get('www-authenticate'), 'Bearer');
        const { error, id } = (await response.json()) as { error: { code: number }; id: null };
        assert.equal(error.code, -32001);
        assert.equal(id, null);
      }
      bridge.time.nowMs += 60_000;
    }
  });

  it('takes one kind of call from a stranger', async () => {
    const params = {
      code: 'AAAAA-BBBBB',
      account_id: 'shop_new',
      name: 'x',
      domain: 'retail',
      database_uuid: '12345678',
    };
    const pair = { ...ping, method: 'system.pair', params };
    const response = await stranger().post(JSON.stringify(pair));
    assert.equal(response.status, 200);
    assert.equal(((await response.json()) as { error: { code: number } }).error.code, -32001);
    assert.equal((await stranger().post(JSON.stringify([pair]))).status, 401);
    assert.equal((await stranger().post(JSON.stringify({ ...pair, id: 'x'.repeat(17_000) }))).status, 413);
  });

  it('slows strangers down, and nobody else with them', async () => {
    const statuses: number[] = [];
    for (let index = 0; index < 25; index += 1) statuses.push((await stranger().post(JSON.stringify(ping))).status);
    assert.equal(statuses[0], 401);
    assert.equal(statuses.at(-1), 429);
    const limited = await stranger().post('{');
    assert.ok(Number(limited.headers.get('retry-after')) >= 1);
    assert.equal((await admin.post(JSON.stringify(ping))).status, 200);
    bridge.time.nowMs += 2_000;
    assert.equal((await stranger().post(JSON.stringify(ping))).status, 401);
  });

  it('limits each token by itself', async () => {
    await bridge.stop();
    bridge = await startRpcBridge({ tenants, limits: { caller: { burst: 3, perSecond: 1 } } });
    const one = rpcClient(bridge.url, (await bridge.tokens.create('shop_one', 'a', ['odoo'])).token);
    const two = rpcClient(bridge.url, (await bridge.tokens.create('shop_two', 'b', ['odoo'])).token);
    const statuses: number[] = [];
    for (let index = 0; index < 4; index += 1) statuses.push((await one.post(JSON.stringify(ping))).status);
    assert.deepEqual(statuses, [200, 200, 200, 429]);
    assert.equal((await two.post(JSON.stringify(ping))).status, 200);
    bridge.time.nowMs += 1_000;
    assert.equal((await one.post(JSON.stringify(ping))).status, 200);
  });

  it('refuses more than 5 MiB before it parses, announced or streamed', async () => {
    const limit = 5 * 1024 * 1024;
    const full = JSON.stringify(ping).padEnd(limit, ' ');
    assert.equal((await admin.post(full)).status, 200);
    const refused = await admin.post(`${full} `);
    assert.equal(refused.status, 413);
    assert.equal(((await refused.json()) as { error: { code: number } }).error.code, -32016);
    assert.equal(await streamed(`${bridge.url}/rpc`, limit + 1), 413);
  });

  it('takes bytes that are no UTF-8 for what is no JSON', async () => {
    const response = await admin.post(Uint8Array.from([0x22, 0xff, 0xfe, 0x22]));
    assert.equal(response.status, 400);
    assert.equal(((await response.json()) as { error: { code: number } }).error.code, -32700);
  });

  it('takes POST only', async () => {
    const response = await fetch(`${bridge.url}/rpc`);
    assert.equal(response.status, 405);
    assert.equal(response.headers.get('allow'), 'POST');
  });

  it('tells a right token whose store is away that it is our trouble, call by call', async () => {
    bridge.stores.tokens.findByHash = () => Promise.reject(new BridgeError('upstream_unavailable', 'Redis is away.'));
    const { status, error } = await rpcClient(bridge.url, 'ui_some-token').call('system.ping');
    assert.equal(status, 200);
    assert.equal(error?.code, -32010);
  });

  it('gives work up when nobody waits for it any more', async () => {
    const started = gate<undefined>();
    const aborted = gate<undefined>();
    bridge.outside.askCrew = (_tenant, _params, signal) => {
      started.open(undefined);
      return new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          aborted.open(undefined);
          reject(new BridgeError('run_limit', 'given up'));
        });
      });
    };
    const caller = new AbortController();
    const body = { ...ping, method: 'crew.ask', params: { account_id: 'shop_one', message: 'x' } };
    const asked = fetch(`${bridge.url}/rpc`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { Authorization: `Bearer ${adminToken}` },
      signal: caller.signal,
    });
    await started.promise;
    caller.abort();
    await assert.rejects(asked);
    await aborted.promise;
  });

  it('sends headers that suit a machine answer, and does not say what it is made with', async () => {
    const { headers } = await admin.post(JSON.stringify(ping));
    assert.equal(headers.get('x-powered-by'), null);
    assert.equal(headers.get('cache-control'), 'no-store');
    assert.equal(headers.get('x-content-type-options'), 'nosniff');
    assert.match(headers.get('x-request-id') ?? '', /^[0-9a-f-]{36}$/);
  });

  it('never answers a malformed call with a fault of ours', async () => {
    const names = bridge.methods.map(({ name }) => name).filter((name) => !['crew.ask', 'tenant.check'].includes(name));
    const params = fc.dictionary(
      fc.constantFrom(
        'account_id',
        'name',
        'domain',
        'config',
        'fields',
        'ref',
        'kind',
        'documents',
        'items',
        'at',
        'limit',
        'query',
        'services',
        'integrations',
        '__proto__',
      ),
      fc.oneof(fc.constantFrom<unknown>('shop_one', 'shop_two', 'retail', [], {}), fc.jsonValue()),
    );
    const call = fc.record({
      jsonrpc: fc.constant('2.0'),
      id: fc.constant(1),
      method: fc.constantFrom(...names),
      params,
    });
    await fc.assert(
      fc.asyncProperty(call, async (sent) => {
        bridge.time.nowMs += 60_000;
        const response = await admin.post(JSON.stringify(sent));
        const body = (await response.json()) as { error?: { code: number } };
        assert.equal(response.status, 200);
        assert.ok(body.error?.code !== -32603 && body.error?.code !== -32010, JSON.stringify([sent, body]));
      }),
      { numRuns: 400 },
    );
    assert.deepEqual(
      bridge.logger.lines.filter(({ level }) => level === 'error'),
      [],
    );
  });
});

describe('probes and metrics', () => {
  let bridge: RpcBridge;
  const get = (path: string, bearer?: string) =>
    fetch(`${bridge.url}${path}`, bearer === undefined ? {} : { headers: { Authorization: `Bearer ${bearer}` } });

  beforeEach(async () => (bridge = await startRpcBridge({ tenants })));
  afterEach(() => bridge.stop());

  it('/health says 200 while it serves and 503 from when it begins to stop', async () => {
    assert.equal((await get('/health')).status, 200);
    bridge.state.isOpen = false;
    assert.equal((await get('/health')).status, 503);
  });

  it('/ready names tenants to the admin, counts them for strangers and shows a tenant only itself', async () => {
    const seen = async (bearer?: string) => {
      const response = await get('/ready', bearer);
      assert.equal(response.status, 200);
      return ((await response.json()) as { tenants: { loaded: number; disabled: unknown } }).tenants;
    };
    const { token } = await bridge.tokens.create('shop_one', 'a', ['read']);
    const { loaded, disabled } = await seen(adminToken);
    assert.equal(loaded, 2);
    assert.deepEqual(
      (disabled as { account_id: string; file: string; path: string }[]).map((t) => [t.account_id, t.file, t.path]),
      [['shop_bad', 'retail/shop_bad/config.yaml', 'name']],
    );
    assert.deepEqual(await seen(), { loaded: 2, disabled: 1 });
    assert.deepEqual(await seen('wrong'), { loaded: 2, disabled: 1 });
    assert.deepEqual(await seen(token), { loaded: 1, disabled: [] });
  });

  it('/ready says 503 only when nothing works', async () => {
    const read = async () => {
      const response = await get('/ready');
      return [response.status, ((await response.json()) as { status: string }).status];
    };
    assert.deepEqual(await read(), [200, 'degraded'], 'a tenant is disabled');
    bridge.stores.check = async () => ({ state: 'down', ms: null, message: 'gone', fix: 'start it' });
    assert.deepEqual(await read(), [503, 'down']);
    bridge.stores.check = () => Promise.reject(new Error('gone'));
    assert.deepEqual(await read(), [503, 'down']);
    bridge.stores.check = () => new Promise(() => undefined);
    assert.deepEqual(await read(), [503, 'down'], 'no answer in time');
  });

  it('/metrics wants its own token and speaks Prometheus', async () => {
    for (const bearer of [undefined, 'wrong', adminToken, '']) {
      assert.equal((await get('/metrics', bearer)).status, 401);
    }
    await rpcClient(bridge.url, adminToken).call('system.ping');
    const response = await get('/metrics', metricsToken);
    assert.equal(response.status, 200);
    assert.match(response.headers.get('content-type') ?? '', /^text\/plain/);
    assert.match(await response.text(), /rpc_calls_total\{method="system.ping",code="ok"\} 1/);
  });

  it('answers 400 to a path that cannot be read and 404 to one that does not exist', async () => {
    assert.equal((await get('/console/tenants/%E0%A4%A')).status, 400);
    assert.equal((await get('/no/such/path')).status, 404);
  });
});

function streamed(url: string, bytes: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Authorization: `Bearer ${adminToken}`, 'Transfer-Encoding': 'chunked' };
    const call = request(url, { method: 'POST', headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    call.on('error', reject);
    call.end(Buffer.alloc(bytes, ' '));
  });
}
