import assert from 'node:assert/strict';
import fc from 'fast-check';
import { z } from 'zod';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { Caller } from '../../../bridge/core/rpc/caller.ts';
import { discoverMethod } from '../../../bridge/core/rpc/discover.ts';
import { Dispatcher } from '../../../bridge/core/rpc/dispatch.ts';
import { accountMethod, plainMethod } from '../../../bridge/core/rpc/method.ts';
import type { RpcMethod } from '../../../bridge/core/rpc/method.ts';
import type { RpcError, RpcResponse } from '../../../bridge/core/rpc/protocol.ts';
import { toRpcError } from '../../../bridge/entry/error-map.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { silentMetrics } from '../../fixtures/silent-metrics.ts';

const admin: Caller = { kind: 'admin' };
const tenantOf = (accountId: string, scopes: ('odoo' | 'mcp' | 'read')[] = ['odoo']): Caller => ({
  kind: 'tenant',
  accountId,
  tokenId: 't1',
  scopes,
});
const open = { access: 'token', scope: null } as const;

describe('the JSON-RPC dispatcher', () => {
  const log = quietLog();
  let ran: unknown[];
  let atOnce: number;
  let mostAtOnce: number;

  const add = plainMethod({
    ...open,
    name: 'math.add',
    summary: 'Adds.',
    params: z.strictObject({ a: z.number(), b: z.number(), note: z.strictObject({ text: z.string() }).optional() }),
    result: z.strictObject({ sum: z.number() }),
    run: async (_context, { a, b }) => {
      ran.push([a, b]);
      return { sum: a + b };
    },
  });
  const fails = plainMethod({
    ...open,
    name: 'test.fails',
    summary: 'Fails in a chosen way.',
    params: z.strictObject({ how: z.string() }),
    result: z.null(),
    run: async (_context, { how }) => {
      if (how === 'bug') throw new TypeError('SECRET inside');
      throw new BridgeError('upstream_unavailable', 'Odoo is away.', { retryAfterMs: 5000 });
    },
  });
  const slow = plainMethod({
    ...open,
    name: 'test.slow',
    summary: 'Counts how many run at once.',
    params: z.strictObject({}),
    result: z.null(),
    run: async () => {
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      await new Promise((resolve) => setImmediate(resolve));
      atOnce -= 1;
      return null;
    },
  });
  const whoami = accountMethod({
    name: 'test.whoami',
    summary: 'The account it runs for.',
    access: 'token',
    scope: 'read',
    params: z.strictObject({ more: z.string().optional() }),
    result: z.strictObject({ account: z.string() }),
    run: async ({ accountId }) => ({ account: accountId }),
  });
  const secret = plainMethod({ ...add, name: 'admin.only', access: 'admin', scope: null, run: async () => ({}) });
  const pair = plainMethod({ ...add, name: 'test.public', access: 'public', scope: null, run: async () => ({}) });
  const methods: RpcMethod[] = [add, fails, slow, whoami, secret, pair];

  const dispatcher = new Dispatcher({
    methods: [discoverMethod('1.2.3', methods), ...methods],
    errorOf: toRpcError,
    clock: { now: () => 0 },
    logger: log,
    metrics: silentMetrics,
  });
  const handle = (text: string, caller: Caller = admin, refusal: BridgeError | null = null) => {
    const signal = new AbortController().signal;
    return dispatcher.handle(text, { caller, refusal, ip: '127.0.0.1', requestId: 'r1', signal });
  };
  const call = async (method: string, params: unknown, caller: Caller = admin) => {
    const { body } = await handle(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }), caller);
    assert.ok(body && !Array.isArray(body));
    return body;
  };
  const errorOf = async (method: string, params: unknown, caller: Caller = admin): Promise<RpcError> => {
    const body = await call(method, params, caller);
    assert.ok('error' in body, JSON.stringify(body));
    return body.error;
  };

  beforeEach(() => {
    ran = [];
    atOnce = 0;
    mostAtOnce = 0;
  });

  it('answers a call with its result and its id, whatever kind of id', async () => {
    for (const id of [1, 0, -1.5, '', 'x', null]) {
      const { body, malformed } = await handle(
        JSON.stringify({ jsonrpc: '2.0', id, method: 'math.add', params: { a: 1, b: 2 } }),
      );
      assert.deepEqual(body, { jsonrpc: '2.0', id, result: { sum: 3 } });
      assert.equal(malformed, false);
    }
  });

  it('runs a notification and answers nothing, even when it fails', async () => {
    const notify = (method: string, params: unknown) => handle(JSON.stringify({ jsonrpc: '2.0', method, params }));
    const all = [
      await notify('math.add', { a: 1, b: 2 }),
      await notify('math.add', { a: 'x' }),
      await notify('math.add', [1, 2]),
      await notify('no.such', {}),
      await notify('test.fails', { how: 'bug' }),
    ];
    assert.deepEqual(new Set(all.map(({ body }) => body)), new Set([null]));
    assert.deepEqual(ran, [[1, 2]]);
  });

  it('says -32700 to what is not JSON and -32600 to what is no call', async () => {
    const codeOf = async (text: string) => {
      const { body, malformed } = await handle(text);
      assert.ok(body && !Array.isArray(body) && 'error' in body);
      assert.equal(malformed, true);
      return [body.error.code, body.id];
    };
    assert.deepEqual(await codeOf('{"jsonrpc": "2.0", "method"'), [-32700, null]);
    assert.deepEqual(await codeOf(''), [-32700, null]);
    assert.deepEqual(await codeOf('[]'), [-32600, null]);
    for (const value of [1, 'x', null, true, {}, { jsonrpc: '1.0', method: 'math.add' }]) {
      assert.deepEqual(await codeOf(JSON.stringify(value)), [-32600, null]);
    }
    const valid = { jsonrpc: '2.0', id: 7, method: 'math.add' };
    assert.deepEqual(await codeOf(JSON.stringify({ ...valid, method: 1 })), [-32600, 7]);
    assert.deepEqual(await codeOf(JSON.stringify({ ...valid, params: 'x' })), [-32600, 7]);
    assert.deepEqual(await codeOf(JSON.stringify({ ...valid, params: null })), [-32600, 7]);
    assert.deepEqual(await codeOf(JSON.stringify({ ...valid, id: {} })), [-32600, null]);
    assert.deepEqual(await codeOf(`${'['.repeat(100_000)}${']'.repeat(100_000)}`), [-32600, null]);
  });

  it('answers a batch in order, call by call, and leaves notifications out', async () => {
    const batch = [
      { jsonrpc: '2.0', id: 'a', method: 'math.add', params: { a: 1, b: 1 } },
      1,
      { jsonrpc: '2.0', method: 'math.add', params: { a: 2, b: 2 } },
      { jsonrpc: '2.0', id: 'b', method: 'no.such' },
      { jsonrpc: '2.0', id: 'c', method: 'math.add', params: { a: 3, b: 3 } },
    ];
    const { body, malformed } = await handle(JSON.stringify(batch));
    assert.ok(Array.isArray(body));
    assert.deepEqual(
      body.map((each) => [each.id, 'error' in each ? each.error.code : each.result]),
      [
        ['a', { sum: 2 }],
        [null, -32600],
        ['b', -32601],
        ['c', { sum: 6 }],
      ],
    );
    assert.equal(malformed, false);
    assert.equal(ran.length, 3);
  });

  it('answers nothing to a batch of notifications', async () => {
    const { body } = await handle(JSON.stringify([{ jsonrpc: '2.0', method: 'math.add', params: { a: 1, b: 2 } }]));
    assert.equal(body, null);
  });

  it('takes 100 calls in a batch, runs a few at once, and refuses 101 whole', async () => {
    const batch = (length: number) =>
      JSON.stringify(Array.from({ length }, (_, id) => ({ jsonrpc: '2.0', id, method: 'test.slow' })));
    const { body } = await handle(batch(100));
    assert.deepEqual(
      (body as RpcResponse[]).map(({ id }) => id),
      Array.from({ length: 100 }, (_, id) => id),
    );
    assert.ok(mostAtOnce > 1 && mostAtOnce <= 8, `${mostAtOnce} at once`);
    mostAtOnce = 0;
    const refused = await handle(batch(101));
    assert.ok(refused.body && !Array.isArray(refused.body) && 'error' in refused.body);
    assert.equal(refused.body.error.code, -32600);
    assert.equal(mostAtOnce, 0);
  });

  it('names the path of every wrong parameter', async () => {
    const error = await errorOf('math.add', { a: '1', note: { text: 2, other: 3 }, c: 4 });
    assert.equal(error.code, -32602);
    assert.ok(error.data && 'problems' in error.data);
    assert.deepEqual(error.data.problems.map(({ path }) => path).sort(), ['a', 'b', 'c', 'note.other', 'note.text']);
  });

  it('takes named parameters only', async () => {
    assert.equal((await errorOf('math.add', [1, 2])).code, -32602);
  });

  it('keeps the inside of our own bugs to the log', async () => {
    const error = await errorOf('test.fails', { how: 'bug' });
    assert.equal(error.code, -32603);
    assert.ok(!JSON.stringify(error).includes('SECRET'));
    assert.ok(log.lines.some(({ level, message }) => level === 'error' && message === 'rpc.failed'));
  });

  it('says when to come back where that is known', async () => {
    const error = await errorOf('test.fails', { how: 'away' });
    assert.deepEqual(error, { code: -32010, message: 'Odoo is away.', data: { retry_after_ms: 5000 } });
  });

  it('lets a tenant token speak for its own tenant only', async () => {
    const result = async (params: object, caller: Caller) => {
      const body = await call('test.whoami', params, caller);
      return 'result' in body ? body.result : body.error.code;
    };
    const shop = tenantOf('shop_one');
    assert.deepEqual(await result({}, shop), { account: 'shop_one' });
    assert.deepEqual(await result({ account_id: 'shop_one' }, shop), { account: 'shop_one' });
    assert.deepEqual(await result({ account_id: 'shop_two' }, shop), -32003);
    assert.deepEqual(await result({ account_id: 'shop_two' }, admin), { account: 'shop_two' });
  });

  it('asks the admin token which tenant it means', async () => {
    for (const account_id of [undefined, 7, '', 'UPPER', '../x', '_shared']) {
      const error = await errorOf('test.whoami', { account_id });
      assert.equal(error.code, -32602);
      assert.ok(error.data && 'problems' in error.data);
      assert.equal(error.data.problems[0]?.path, 'account_id');
    }
  });

  it('keeps tokens to their scopes, admin methods to the admin and strangers out', async () => {
    const params = { a: 1, b: 2 };
    assert.equal((await errorOf('test.whoami', {}, tenantOf('shop_one', ['mcp']))).code, -32003);
    assert.ok('result' in (await call('test.whoami', {}, tenantOf('shop_one', ['read']))));
    assert.equal((await errorOf('admin.only', params, tenantOf('shop_one'))).code, -32003);
    assert.ok('result' in (await call('admin.only', params)));
    assert.equal((await errorOf('math.add', params, { kind: 'anonymous' })).code, -32001);
    assert.ok('result' in (await call('test.public', params, { kind: 'anonymous' })));
  });

  it('answers every call of a caller who may not be served with that reason', async () => {
    const text = JSON.stringify({ jsonrpc: '2.0', id: 5, method: 'test.public', params: { a: 1, b: 2 } });
    const { body } = await handle(text, admin, new BridgeError('forbidden', 'another database'));
    assert.deepEqual(body, { jsonrpc: '2.0', id: 5, error: { code: -32003, message: 'another database' } });
  });

  it('knows what a stranger may call', () => {
    const one = { jsonrpc: '2.0', id: 1, method: 'test.public' };
    assert.equal(dispatcher.isForAnybody(JSON.stringify(one)), true);
    for (const value of [[one], { ...one, method: 'math.add' }, { ...one, method: 'no.such' }, 1, {}]) {
      assert.equal(dispatcher.isForAnybody(JSON.stringify(value)), false);
    }
    assert.equal(dispatcher.isForAnybody('{'), false);
  });

  it('describes its methods from the schemas it checks with', async () => {
    const body = await call('rpc.discover', {});
    assert.ok('result' in body);
    const { methods: described } = body.result as { methods: { name: string; params: unknown[] }[] };
    assert.deepEqual(described.map(({ name }) => name).sort(), ['rpc.discover', ...methods.map((m) => m.name)].sort());
    assert.deepEqual(described.find(({ name }) => name === 'test.whoami')?.params, [
      { name: 'more', required: false, schema: { type: 'string' } },
      {
        name: 'account_id',
        required: false,
        schema: { type: 'string', description: 'The tenant. A tenant token implies it.' },
      },
    ]);
  });

  it('refuses to start with two methods of one name', () => {
    const deps = { errorOf: toRpcError, clock: { now: () => 0 }, logger: log, metrics: silentMetrics };
    assert.throws(() => new Dispatcher({ ...deps, methods: [add, add] }));
  });

  it('never throws and never takes the blame, whatever JSON arrives', async () => {
    const name = fc.constantFrom('math.add', 'test.whoami', 'test.slow', 'rpc.discover', 'constructor', '__proto__');
    const envelope = fc.record(
      {
        jsonrpc: fc.oneof(fc.constant('2.0'), fc.jsonValue()),
        id: fc.oneof(fc.integer(), fc.jsonValue()),
        method: fc.oneof(name, fc.jsonValue()),
        params: fc.oneof(
          fc.dictionary(fc.constantFrom('a', 'b', 'note', 'account_id', '__proto__', 'toString'), fc.jsonValue()),
          fc.jsonValue(),
        ),
      },
      { requiredKeys: [] },
    );
    const text = fc.oneof(
      fc.oneof(envelope, fc.array(envelope), fc.jsonValue()).map((value) => JSON.stringify(value)),
      fc.string(),
    );
    const caller = fc.constantFrom<Caller>(admin, tenantOf('shop_one'), { kind: 'anonymous' });
    await fc.assert(
      fc.asyncProperty(text, caller, async (sent, from) => {
        const { body } = await handle(sent, from);
        for (const answer of body === null ? [] : Array.isArray(body) ? body : [body]) {
          assert.equal(answer.jsonrpc, '2.0');
          if ('error' in answer) {
            assert.ok([-32700, -32600, -32601, -32602, -32001, -32003].includes(answer.error.code), sent);
          }
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
