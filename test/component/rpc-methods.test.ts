// Every JSON-RPC method over real HTTP, on real stores, registry, vault and knowledge. Each result is checked against the
// schema its method publishes.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { adminToken, databaseUuid, rpcClient, startRpcBridge } from './rpc-bridge.ts';
import type { Answer, RpcBridge } from './rpc-bridge.ts';

const fileTenant = `account_id: shop_file\nname: File shop\n`;
const base = { '_base/defaults.yaml': 'language: pt_BR\n', 'retail/domain.yaml': 'description: a shop\n' };

const rule = (id: string, body: string, more: object = {}) => ({
  kind: 'rule',
  id,
  title: `Rule ${id}`,
  body,
  ...more,
});
const pathsOf = ({ error }: Answer) => error?.data?.problems?.map(({ path }) => path) ?? [];

describe('the JSON-RPC methods', () => {
  let bridge: RpcBridge;
  let admin: ReturnType<typeof rpcClient>;
  let one: ReturnType<typeof rpcClient>;

  before(async () => {
    bridge = await startRpcBridge({ tenants: { ...base, 'retail/shop_file/config.yaml': fileTenant } });
    admin = rpcClient(bridge.url, adminToken);
    await admin.call('tenant.upsert', { account_id: 'shop_one', name: 'One', domain: 'retail' });
    await admin.call('tenant.upsert', { account_id: 'shop_two', name: 'Two', domain: 'retail' });
    const { result } = await admin.call('token.create', { account_id: 'shop_one', name: 'Odoo', scopes: ['odoo'] });
    one = rpcClient(bridge.url, String(result['token']));
  });
  after(() => bridge.stop());

  describe('system', () => {
    it('ping tells versions and mode', async () => {
      const { result } = await one.call('system.ping');
      assert.deepEqual(result, { version: '1.2.3', protocol: 1, min_addon: '19.0.1.0.0', mode: 'embedded' });
    });

    it('health shows the admin everything and a tenant only itself', async () => {
      assert.deepEqual((await admin.call('system.health')).result['tenants'], { loaded: 3, disabled: [] });
      assert.deepEqual((await one.call('system.health')).result['tenants'], { loaded: 1, disabled: [] });
    });

    it('a pairing code gives one database one token, for a new tenant, once', async () => {
      const stranger = rpcClient(bridge.url, null);
      const { result: made } = await admin.call('system.create_pairing_code', {});
      const request = { code: made['code'], account_id: 'shop_new', name: 'New', domain: 'retail' };
      const paired = await stranger.call('system.pair', { ...request, database_uuid: databaseUuid });
      assert.equal(paired.error, null);
      const again = await stranger.call('system.pair', { ...request, database_uuid: databaseUuid });
      assert.equal(again.error?.code, -32001);
      assert.equal(again.status, 200);
      const token = String(paired.result['token']);
      const odoo = rpcClient(bridge.url, token, { 'X-Database-UUID': databaseUuid });
      assert.equal((await odoo.call('tenant.get')).result['managed_by'], 'rpc');
      const copy = rpcClient(bridge.url, token, { 'X-Database-UUID': 'another-database' });
      const refused = await copy.call('knowledge.upsert', { documents: [rule('r1', 'from a copy')] });
      assert.equal(refused.error?.code, -32003);
      assert.equal(refused.status, 200);
      assert.deepEqual((await odoo.call('knowledge.status')).result['kinds'], {});
    });

    it('create_pairing_code is for the admin', async () => {
      assert.equal((await one.call('system.create_pairing_code', {})).error?.code, -32003);
    });

    it('rpc.discover describes every method with its parameters', async () => {
      const { result } = await one.call('rpc.discover');
      const described = result['methods'] as { name: string; params: { name: string; required: boolean }[] }[];
      assert.deepEqual(described.map(({ name }) => name).sort(), bridge.methods.map(({ name }) => name).sort());
      const upsert = described.find(({ name }) => name === 'tenant.upsert');
      assert.ok(upsert);
      assert.ok(upsert.params.some(({ name }) => name === 'integrations'));
      assert.deepEqual(
        upsert.params.filter(({ required }) => required).map(({ name }) => name),
        ['account_id', 'name', 'domain'],
      );
    });
  });

  describe('token', () => {
    it('list shows names, scopes and use, and no value; revoke ends it at once', async () => {
      const { result: made } = await admin.call('token.create', {
        account_id: 'shop_two',
        name: 'Reader',
        scopes: ['read'],
      });
      const reader = rpcClient(bridge.url, String(made['token']));
      assert.equal((await reader.call('tenant.get')).error, null);
      const listed = await admin.call('token.list', { account_id: 'shop_two' });
      assert.ok(!JSON.stringify(listed.result).includes(String(made['token'])));
      const [token] = listed.result['tokens'] as Record<string, unknown>[];
      assert.ok(token);
      assert.equal(token['id'], made['id']);
      assert.deepEqual(token['scopes'], ['read']);
      assert.equal(token['last_used_at'], '2026-06-15T12:00:00.000Z');
      assert.equal((await reader.call('token.list')).error?.code, -32003);
      const revoke = { account_id: 'shop_two', id: made['id'] };
      assert.deepEqual((await admin.call('token.revoke', revoke)).result, { revoked: true });
      assert.deepEqual((await admin.call('token.revoke', revoke)).result, { revoked: false });
      const after = await reader.post('{"jsonrpc":"2.0","id":1,"method":"tenant.get"}');
      assert.equal(after.status, 401);
    });

    it('create is for the admin, for a tenant that exists, with known scopes', async () => {
      const params = { name: 'x', scopes: ['odoo'] };
      assert.equal((await one.call('token.create', params)).error?.code, -32003);
      assert.equal((await admin.call('token.create', { ...params, account_id: 'nobody' })).error?.code, -32002);
      const wrong = await admin.call('token.create', { account_id: 'shop_one', name: '', scopes: ['root'] });
      assert.equal(wrong.error?.code, -32602);
      assert.deepEqual(pathsOf(wrong), ['name', 'scopes.0']);
    });
  });

  describe('tenant', () => {
    const flat = { account_id: 'shop_flat', domain: 'retail', name: 'Flat' };
    const upsert = (params: object) => admin.call('tenant.upsert', params);

    it('upsert saves, counts versions, and says when nothing changed', async () => {
      assert.deepEqual((await upsert(flat)).result, { version: 1, changed: true, warnings: [] });
      assert.deepEqual((await upsert(flat)).result, { version: 1, changed: false, warnings: [] });
      assert.equal(
        (await upsert({ name: 'Flat', domain: 'retail', account_id: 'shop_flat' })).result['changed'],
        false,
      );
      const { account_id, ...config } = flat;
      assert.equal((await upsert({ account_id, config })).result['changed'], false, 'the other form, the same tenant');
      assert.deepEqual((await upsert({ ...flat, name: 'Flatter' })).result['version'], 2);
      const { result } = await admin.call('tenant.get', { account_id: 'shop_flat' });
      assert.deepEqual(result, { config: { ...flat, name: 'Flatter' }, version: 2, managed_by: 'rpc' });
    });

    it('upsert refuses a version that is not the present one, and changes nothing', async () => {
      const before = (await upsert(flat)).result['version'];
      const refused = await upsert({ ...flat, name: 'Other', expected_version: 99 });
      assert.equal(refused.error?.code, -32017);
      assert.equal((await upsert({ ...flat, expected_version: before })).result['changed'], false);
      assert.equal(
        (await upsert({ ...flat, name: 'New', account_id: 'shop_v0', expected_version: 1 })).error?.code,
        -32017,
      );
      assert.equal((await upsert({ ...flat, account_id: 'shop_v0', expected_version: 0 })).result['version'], 1);
    });

    it('upsert names the path of every unknown key and wrong value, in both forms', async () => {
      const wrong = { name: 'x', limits: { turns_per_minute: 'many' }, handoff: { taem: 'x' }, nonsense: 1 };
      const paths = ['handoff.taem', 'limits.turns_per_minute', 'nonsense'];
      const given = { account_id: 'shop_wrong', domain: 'retail' };
      assert.deepEqual(pathsOf(await upsert({ ...given, ...wrong })).sort(), paths);
      assert.deepEqual(
        pathsOf(await upsert({ ...given, config: wrong })).sort(),
        paths.map((path) => `config.${path}`),
      );
      assert.deepEqual(pathsOf(await upsert({ account_id: 'shop_wrong', name: 'x' })), ['domain']);
      assert.deepEqual(pathsOf(await upsert({ domain: 'retail', name: 'x' })), ['account_id']);
      assert.deepEqual(pathsOf(await upsert({ ...given, config: { ...wrong, domain: 'services' } })), ['domain']);
      assert.equal((await admin.call('tenant.get', { account_id: 'shop_wrong' })).error?.code, -32002);
    });

    it('upsert warns of credentials that are named and not saved', async () => {
      const integrations = {
        chatwoot: { base_url: 'https://chat.example', account_id: 3, inboxes: [5], credential_ref: 'warned-chatwoot' },
        odoo: { url: 'https://odoo.example', credential_ref: 'warned-odoo' },
      };
      const { result } = await upsert({ ...flat, account_id: 'shop_warned', integrations });
      assert.deepEqual(
        (result['warnings'] as { path: string }[]).map(({ path }) => path),
        ['integrations.chatwoot.credential_ref', 'integrations.odoo.credential_ref'],
      );
      const fields = { bot_token: 'b' };
      await admin.call('credentials.set', { account_id: 'shop_warned', ref: 'warned-chatwoot', fields });
      const again = await upsert({ ...flat, account_id: 'shop_warned', integrations });
      assert.deepEqual(
        (again.result['warnings'] as { path: string }[]).map(({ path }) => path),
        ['integrations.odoo.credential_ref'],
      );
    });

    it('a tenant token saves its own tenant and no other', async () => {
      const saved = await one.call('tenant.upsert', { name: 'One again', domain: 'retail' });
      assert.equal(saved.result['changed'], true);
      const other = { account_id: 'shop_two', name: 'Mine now', domain: 'retail' };
      assert.equal((await one.call('tenant.upsert', other)).error?.code, -32003);
      const { account_id, ...config } = other;
      assert.equal((await one.call('tenant.upsert', { config: { ...config, account_id } })).error?.code, -32003);
      assert.equal((await one.call('tenant.upsert', { account_id, config })).error?.code, -32003);
    });

    it('a saved tenant wins over a file of the same id, and the file is back when it is removed', async () => {
      const account_id = 'shop_file';
      assert.equal((await admin.call('tenant.get', { account_id })).result['managed_by'], 'file');
      assert.equal((await admin.call('tenant.remove', { account_id })).error?.code, -32017);
      await upsert({ account_id, domain: 'retail', name: 'Saved over the file' });
      assert.equal((await admin.call('tenant.get', { account_id })).result['managed_by'], 'rpc');
      await admin.call('tenant.remove', { account_id });
      const back = await admin.call('tenant.get', { account_id });
      assert.equal(back.result['managed_by'], 'file');
      assert.equal((back.result['config'] as { name: string }).name, 'File shop');
    });

    it('list shows the admin all tenants and a tenant itself', async () => {
      const ids = (answer: Answer) => (answer.result['tenants'] as { account_id: string }[]).map((t) => t.account_id);
      assert.ok(ids(await admin.call('tenant.list')).includes('shop_two'));
      assert.deepEqual(ids(await one.call('tenant.list')), ['shop_one']);
    });

    it('remove takes documents, credentials, tokens and cached values along, and only of that tenant', async () => {
      const account_id = 'shop_gone';
      await upsert({ account_id, name: 'Gone', domain: 'retail' });
      await admin.call('token.create', { account_id, name: 'x', scopes: ['odoo'] });
      await admin.call('credentials.set', {
        account_id,
        ref: 'gone-odoo',
        kind: 'odoo',
        fields: { login: 'a', api_key: 'b' },
      });
      await admin.call('knowledge.upsert', { account_id, documents: [rule('r1', 'x'), rule('r2', 'y')] });
      const place = { resource_type: 'partner', resource_id: '1', action: 'card' };
      await admin.call('cache.set', { account_id, ...place, value: 1, tier: 'session' });
      await one.call('cache.set', { ...place, value: 2, tier: 'session' });
      const { result } = await admin.call('tenant.remove', { account_id });
      assert.deepEqual(result, { removed: { documents: 2, credentials: 1, keys: 2 } });
      assert.equal((await admin.call('tenant.get', { account_id })).error?.code, -32002);
      assert.equal((await admin.call('tenant.remove', { account_id })).error?.code, -32002);
      assert.deepEqual((await one.call('cache.get', place)).result, { hit: true, value: 2 });
    });

    it('a tenant whose saved configuration became wrong can be seen, mended and removed', async () => {
      await bridge.stores.tenants.put({ accountId: 'shop_broken', domain: 'retail', config: { name: 7 } }, null);
      const account_id = 'shop_broken';
      assert.equal((await admin.call('knowledge.status', { account_id })).error?.code, -32002);
      assert.deepEqual((await admin.call('tenant.get', { account_id })).result['config'], { name: 7 });
      assert.equal((await admin.call('tenant.remove', { account_id })).error, null);
    });

    it('check passes on what each integration said, without empty fields', async () => {
      bridge.outside.checkTenant = async (tenant) => ({
        integrations: {
          chatwoot: { ok: true, ms: 3, message: `fine, ${tenant.accountId}`, fix: null },
          odoo: { ok: false, ms: 9, message: 'key revoked', fix: 'make a new key' },
        },
        warnings: [{ about: 'greeting', message: 'two greetings', fix: 'switch one off' }],
      });
      assert.deepEqual((await one.call('tenant.check')).result, {
        integrations: {
          chatwoot: { ok: true, ms: 3, message: 'fine, shop_one' },
          odoo: { ok: false, ms: 9, message: 'key revoked', fix: 'make a new key' },
        },
        warnings: [{ about: 'greeting', message: 'two greetings', fix: 'switch one off' }],
      });
    });
  });

  describe('credentials', () => {
    it('go in and never come out, in no answer, no log, no audit entry and no file', async () => {
      const secret = 'TOP-SECRET-VALUE-123456';
      const fields = { bot_token: secret, webhook_secrets: [secret], url_token: `${secret}${secret}` };
      const set = await one.call('credentials.set', { ref: 'one-chatwoot', kind: 'chatwoot', fields });
      assert.deepEqual(set.result, { ref: 'one-chatwoot', updated_at: '2026-06-15T12:00:00.000Z' });
      const listed = await one.call('credentials.list');
      const shown = listed.result['credentials'] as { ref: string; kind: string; fields: string[] }[];
      const found = shown.find(({ ref }) => ref === 'one-chatwoot');
      assert.equal(found?.kind, 'chatwoot');
      assert.deepEqual(found.fields.toSorted(), ['bot_token', 'url_token', 'webhook_secrets']);
      const wrong = await one.call('credentials.set', { ref: 'one-chatwoot', kind: 'odoo', fields });
      const told = [set, listed, wrong, await one.call('audit.list'), await one.call('tenant.get')];
      assert.ok(!JSON.stringify([told, bridge.logger.lines]).includes(secret));
      const files = readdirSync(bridge.dataDir, { recursive: true, withFileTypes: true }).filter((f) => f.isFile());
      assert.ok(files.length > 0);
      for (const file of files) assert.ok(!readFileSync(join(file.parentPath, file.name)).includes(secret), file.name);
      assert.deepEqual((await one.call('credentials.remove', { ref: 'one-chatwoot' })).result, { removed: true });
      assert.deepEqual((await one.call('credentials.remove', { ref: 'one-chatwoot' })).result, { removed: false });
    });

    it('have the fields of their kind and no others', async () => {
      const set = async (kind: string, fields: object) =>
        pathsOf(await one.call('credentials.set', { ref: 'one-any', kind, fields }));
      assert.deepEqual(await set('chatwoot', { bot_token: 'x', bot_tokn: 'x' }), ['fields.bot_tokn']);
      assert.deepEqual(await set('chatwoot', {}), ['fields']);
      assert.deepEqual(await set('chatwoot', { url_token: 'short' }), ['fields.url_token']);
      assert.deepEqual(await set('chatwoot', { webhook_secrets: Array(33).fill('x') }), ['fields.webhook_secrets']);
      assert.deepEqual(await set('odoo', { login: 'a' }), ['fields']);
      assert.deepEqual(await set('odoo', { login: 'a', api_key: 'b', password: 'c' }), ['fields']);
      assert.deepEqual(await set('model', { base_url: 'ftp://x' }), ['fields.base_url']);
      assert.deepEqual(await set('mcp', { headers: { 'X-Key': 'a\r\nX-Evil: b' } }), ['fields.headers.X-Key']);
      assert.deepEqual(await set('ftp', { a: 'b' }), ['kind']);
      for (const [kind, fields] of [
        ['odoo', { login: 'a', password: 'c' }],
        ['model', { api_key: 'k', base_url: 'http://10.0.0.1:8000/v1' }],
        ['mcp', { headers: { Authorization: 'Bearer x' } }],
      ] as const) {
        assert.deepEqual(await set(kind, fields), []);
      }
    });

    it('know their kind and address from the tenant that names them', async () => {
      const odoo = { url: 'https://odoo.example:8443/web', credential_ref: 'named-odoo' };
      await one.call('tenant.upsert', { name: 'One', domain: 'retail', integrations: { odoo } });
      const fields = { login: 'a', api_key: 'b' };
      assert.equal((await one.call('credentials.set', { ref: 'named-odoo', fields })).error, null);
      const saved = await bridge.stores.sealed.list('shop_one');
      assert.ok(saved.some(({ ref }) => ref === 'named-odoo'));
      assert.deepEqual(pathsOf(await one.call('credentials.set', { ref: 'no-one-names-it', fields })), ['kind']);
    });
  });

  describe('knowledge', () => {
    it('upsert, search, status, reconcile and remove work on one tenant only', async () => {
      await admin.call('tenant.upsert', { account_id: 'shop_know', name: 'Know', domain: 'retail' });
      const made = await admin.call('token.create', { account_id: 'shop_know', name: 'Odoo', scopes: ['odoo'] });
      const one = rpcClient(bridge.url, String(made.result['token']));
      const documents = [
        rule('r1', 'O prazo para trocar um produto é de 30 dias.', { title: 'Prazo de troca' }),
        rule('r2', 'Frete grátis acima de 200 reais.', { title: 'Frete', valid_to: '2026-06-10' }),
        { kind: 'rule', id: 'r3', title: 'Sem corpo', colour: 'red' },
      ];
      const { result: report } = await one.call('knowledge.upsert', { documents });
      assert.equal(report['received'], 3);
      assert.deepEqual(
        (report['rejected'] as { index: number }[]).map(({ index }) => index).every((index) => index === 2),
        true,
      );
      const hits = async (client: typeof one, params: object) => {
        const { result } = await client.call('knowledge.search', params);
        return (result['hits'] as { id: string }[]).map(({ id }) => id);
      };
      assert.equal((await hits(one, { query: 'qual o prazo para trocar um produto?' }))[0], 'r1');
      const other = { account_id: 'shop_two', query: 'qual o prazo para trocar um produto?' };
      assert.deepEqual(await hits(admin, other), []);
      assert.ok(!(await hits(one, { query: 'frete grátis' })).includes('r2'), 'not valid any more');
      assert.ok((await hits(one, { query: 'frete grátis', at: '2026-06-10' })).includes('r2'));
      assert.ok((await hits(one, { query: 'frete grátis', at: '2026-06-10T23:00:00-03:00' })).includes('r2'));
      assert.ok(!(await hits(one, { query: 'frete grátis', at: '2026-06-11T00:30:00-03:00' })).includes('r2'));
      assert.ok((await hits(one, { query: 'frete grátis', include_invalid: true })).includes('r2'));
      const status = await one.call('knowledge.status');
      assert.equal((status.result['kinds'] as { rule: { documents: number } }).rule.documents, 2);
      const items = [{ kind: 'rule', id: 'r9', hash: 'x' }];
      const compare = { source: 'rpc', kinds: ['rule'], run: 'a', items, last: true };
      const dry = await one.call('knowledge.reconcile', { ...compare, dry_run: true });
      assert.deepEqual(dry.result['missing'], [{ kind: 'rule', id: 'r9' }]);
      assert.equal((dry.result['extra'] as unknown[]).length, 2);
      assert.equal(dry.result['removed'], 0);
      const removed = await one.call('knowledge.remove', { documents: [{ kind: 'rule', id: 'r1' }] });
      assert.deepEqual(removed.result, { removed: 1 });
      assert.equal((await one.call('knowledge.reconcile', { ...compare, run: 'b' })).result['removed'], 1);
    });

    it('upsert takes 500 documents and 4 MB, and says so when it is more', async () => {
      const many = Array.from({ length: 501 }, (_, index) => rule(`m${index}`, 'x'));
      assert.deepEqual(pathsOf(await one.call('knowledge.upsert', { documents: many })), ['documents']);
      const heavy = Array.from({ length: 44 }, (_, index) => rule(`h${index}`, 'x'.repeat(99_000)));
      assert.equal((await one.call('knowledge.upsert', { documents: heavy })).error?.code, -32016);
    });

    it('search refuses moments that are none', async () => {
      for (const at of ['yesterday', '2026-02-30', '2026-06-10T10:00:00', 7]) {
        assert.deepEqual(pathsOf(await one.call('knowledge.search', { query: 'x', at })), ['at'], String(at));
      }
    });
  });

  it('crew.ask passes the question on with its defaults and the answer back', async () => {
    const seen: unknown[] = [];
    const usage = { model_calls: 0, input_tokens: 0, output_tokens: 0, embedding_tokens: 3, cost: null };
    const answer = {
      reply: 'São 30 dias.',
      service: 'support',
      confidence: 0.9,
      reason: 'words',
      rung: 'grounded' as const,
      sources: [{ kind: 'rule', id: 'r1', title: 'Prazo' }],
      tools: [{ name: 'search_knowledge', ok: true, ms: 2 }],
      handoff: null,
      usage,
      ms: 12,
    };
    bridge.outside.askCrew = async (tenant, params) => {
      seen.push([tenant.accountId, params]);
      return answer;
    };
    assert.deepEqual((await one.call('crew.ask', { message: ' Qual o prazo? ' })).result, answer);
    assert.deepEqual(seen, [['shop_one', { message: 'Qual o prazo?', channel: 'default', history: [] }]]);
    assert.deepEqual(pathsOf(await one.call('crew.ask', { message: '', channel: 'fax' })), ['message', 'channel']);
  });

  describe('cache', () => {
    const place = { resource_type: 'partner', resource_id: 'a:b*', action: 'card' };

    it('keeps any JSON value, a null included, for its tier', async () => {
      for (const value of [null, 0, 'x', [1, { a: null }]]) {
        assert.deepEqual((await one.call('cache.set', { ...place, value, tier: 'transient' })).result, {
          stored: true,
        });
        assert.deepEqual((await one.call('cache.get', place)).result, { hit: true, value });
      }
      bridge.time.nowMs += 15 * 60_000;
      assert.deepEqual((await one.call('cache.get', place)).result, { hit: false, value: null });
    });

    it('is one for each tenant, and invalidation stays inside it', async () => {
      const set = { ...place, value: 1, tier: 'session' };
      await one.call('cache.invalidate', {});
      await one.call('cache.set', set);
      await admin.call('cache.set', { ...set, account_id: 'shop_two', value: 2 });
      assert.equal((await one.call('cache.invalidate', { resource_type: '*' })).result['removed'], 0);
      assert.equal(
        (await one.call('cache.invalidate', { resource_type: 'partner', resource_id: 'a' })).result['removed'],
        0,
      );
      assert.equal((await one.call('cache.invalidate', {})).result['removed'], 1);
      assert.deepEqual((await admin.call('cache.get', { ...place, account_id: 'shop_two' })).result, {
        hit: true,
        value: 2,
      });
    });

    it('reaches no other module, and no half-named resource', async () => {
      assert.deepEqual(pathsOf(await one.call('cache.invalidate', { module: 'answers' })), ['module']);
      assert.deepEqual(pathsOf(await one.call('cache.invalidate', { resource_id: '1' })), ['resource_type']);
      const value = 'x'.repeat(256 * 1024);
      assert.equal((await one.call('cache.set', { ...place, value, tier: 'session' })).error?.code, -32016);
    });
  });

  it('usage.summary adds up days and shows what could not be priced', async () => {
    const { usage } = bridge.stores;
    await usage.add('shop_one', '2026-06-01', { turns: 2, 'rung:cached': 1, 'rung:model': 1, 'cost:BRL': 0.5 });
    await usage.add('shop_one', '2026-06-02', {
      turns: 1,
      'rung:model': 1,
      model_calls: 2,
      media_calls: 3,
      unpriced_calls: 2,
    });
    const { result } = await one.call('usage.summary', { from: '2026-06-01', to: '2026-06-30' });
    assert.deepEqual(
      (result['days'] as { day: string; turns: number }[]).map(({ day, turns }) => [day, turns]),
      [
        ['2026-06-01', 2],
        ['2026-06-02', 1],
      ],
    );
    assert.deepEqual(result['total'], {
      turns: 3,
      rungs: { cached: 1, deterministic: 0, grounded: 0, model: 2, person: 0 },
      model_calls: 2,
      input_tokens: 0,
      output_tokens: 0,
      embedding_tokens: 0,
      media_calls: 3,
      cache_hits: 1,
      cost: { BRL: 0.5 },
      unpriced_calls: 2,
    });
    assert.deepEqual(pathsOf(await one.call('usage.summary', { from: '2026-06-02', to: '2026-06-01' })), ['to']);
  });

  it('audit.list tells who changed what, newest first, and reading leaves no trace', async () => {
    await one.call('knowledge.upsert', { documents: [rule('audited', 'x')] });
    await admin.call('credentials.set', {
      account_id: 'shop_one',
      ref: 'audited-model',
      kind: 'model',
      fields: { api_key: 'k' },
    });
    const list = async () =>
      (await one.call('audit.list', { limit: 2 })).result['entries'] as Record<string, unknown>[];
    const entries = await list();
    assert.deepEqual(
      entries.map(({ action }) => action),
      ['credentials.set', 'knowledge.upsert'],
    );
    assert.equal(entries[0]?.['actor'], 'admin');
    assert.match(String(entries[1]?.['actor']), /^token:/);
    await one.call('tenant.get');
    assert.deepEqual(await list(), entries);
    const foreign = await admin.call('audit.list', { account_id: 'shop_two' });
    assert.ok(!JSON.stringify(foreign.result).includes('audited'));
  });
});
