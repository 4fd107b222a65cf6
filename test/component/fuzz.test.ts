// Whatever is thrown at a running bridge from outside: it answers that the sender is wrong, goes on, and keeps nothing broken.
import assert from 'node:assert/strict';
import fc from 'fast-check';
import { YamlTenantFiles } from '../../bridge/adapters/files/tenant-files.ts';
import { LayeredTenantRegistry } from '../../bridge/core/tenants/tenant-registry.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { tenantsFolder } from '../fixtures/tenants-folder.ts';
import { postDelivery } from '../sandbox/chatwoot/helpers/forge-delivery.ts';
import { fuzzCount, fuzzSeed, isFullFuzz } from './fuzz/fuzz-count.ts';
import type { Mutation } from './fuzz/mutations.ts';
import { mutated, mutation, spoiling } from './fuzz/mutations.ts';
import { Installation } from './installation.ts';

const account = 'sandra_cosmeticos';
const secret = `${account}-webhook-secret`;
const question = 'Qual o prazo para trocar um produto?';
const atOnce = 24;
const allowed = new Set([200, 400, 401, 404, 405, 413]);

interface Forged {
  /** Which of the real deliveries it is made from. */
  base: number;
  /** A message nobody has seen, before anything is spoilt. */
  id: number;
  mutations: Mutation[];
  spoil: ((text: string) => string) | null;
  sign: 'right' | 'wrong' | 'none' | 'stale' | 'future' | 'nonsense';
  to: 'own' | 'unknown' | 'other' | 'strange';
  copies: number;
}

const seldomSpoilt = fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: spoiling });

const forged: fc.Arbitrary<Forged> = fc.record({
  base: fc.nat(1_000),
  id: fc.integer({ min: 1, max: 100_000_000 }),
  mutations: fc.array(mutation, { minLength: 1, maxLength: 4 }),
  spoil: seldomSpoilt,
  // Mostly right: what is not signed never gets far.
  sign: fc.oneof(
    { weight: 8, arbitrary: fc.constant('right' as const) },
    { weight: 2, arbitrary: fc.constantFrom('wrong', 'none', 'stale', 'future', 'nonsense') },
  ),
  to: fc.oneof(
    { weight: 9, arbitrary: fc.constant('own' as const) },
    { weight: 1, arbitrary: fc.constantFrom('unknown', 'other', 'strange') },
  ),
  copies: fc.constantFrom(1, 1, 1, 2, 3),
});

describe(`a bridge that is sent nonsense (seed ${fuzzSeed})`, function () {
  this.timeout(isFullFuzz ? 1_200_000 : 240_000);
  let installation: Installation;
  let bases: object[];

  before(async () => {
    installation = await Installation.start({ environment: { LOG_LEVEL: 'info' } });
    const asked = await installation.ask(question, { contact: { name: 'Ana', phone_number: '+5511988880001' } });
    await installation.api.waitForReply(asked, undefined, 60_000);
    installation.api.personReplies({ ...asked, text: 'Oi, aqui é a Bia.' });
    await installation.quiet();
    bases = installation.api.deliveriesTo('agent_bot').map(({ body }) => JSON.parse(body) as object);
  });
  after(() => installation.stop());

  async function deliver({ base, id, mutations, spoil, sign, to, copies }: Forged): Promise<number[]> {
    const body = JSON.stringify(mutated({ ...bases[base % bases.length], id }, mutations));
    const nowSeconds = Math.floor(Date.now() / 1_000);
    const timestamp = sign === 'stale' ? nowSeconds - 3_600 : sign === 'future' ? nowSeconds + 3_600 : nowSeconds;
    const paths = { own: account, unknown: 'nobody_here', other: 'clinica_bem_viver', strange: '%00..%2f' };
    const request = {
      url: `${installation.bridge.url}/webhooks/chatwoot/${paths[to]}`,
      body: spoil ? spoil(body) : body,
      timestamp,
      secret: sign === 'none' ? null : sign === 'wrong' ? 'not the secret' : secret,
      ...(sign === 'nonsense'
        ? { signature: 'sha256=ünsinn'.replace('ü', 'u'), headers: { 'X-Chatwoot-Timestamp': '-1e9' } }
        : {}),
      timeoutMs: 30_000,
    };
    const answers = await Promise.all(Array.from({ length: copies }, () => postDelivery(request)));
    return answers.map(({ status }) => status ?? 0);
  }

  async function call(body: string): Promise<{ status: number; text: string }> {
    const response = await fetch(`${installation.bridge.url}/rpc`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${installation.bridge.adminToken}` },
      body,
    });
    return { status: response.status, text: await response.text() };
  }

  /** Sends all of them, so many at once, and returns those whose answer is not what it should be. */
  async function sendAll<T>(items: T[], send: (item: T) => Promise<boolean>): Promise<T[]> {
    const wrong: T[] = [];
    const left = items.values();
    const lane = async () => {
      for (const item of left) if (!(await send(item))) wrong.push(item);
    };
    await Promise.all(Array.from({ length: atOnce }, lane));
    return wrong;
  }

  function assertUnharmed(from: number): void {
    const { child } = installation.bridge;
    assert.equal(child.exitCode ?? child.signalCode, null, 'the bridge ended');
    const lines = installation.log.slice(from).split('\n');
    const bad = lines.filter((line) => /unhandled|uncaught|TypeError|RangeError|"code":"internal"/i.test(line));
    assert.deepEqual(bad.slice(0, 3), []);
  }

  const deliveries = fuzzCount(10_000);
  it(`${deliveries} deliveries: nobody is told it was our fault, and nothing breaks`, async () => {
    const before = installation.log.length;
    const items = fc.sample(forged, { numRuns: deliveries, seed: fuzzSeed });
    const told = new Map<number, number>();
    const wrong = await sendAll(items, async (item) => {
      const statuses = await deliver(item);
      for (const status of statuses) told.set(status, (told.get(status) ?? 0) + 1);
      return statuses.every((status) => allowed.has(status));
    });
    const stored = installation.log.slice(before).split('"outcome":"stored"').length - 1;
    process.stdout.write(`      answers ${JSON.stringify(Object.fromEntries(told))}, ${stored} stored\n`);
    // Or it would prove nothing about what lies behind the signature.
    assert.ok(stored > deliveries / 100, `${stored} stored`);
    assert.deepEqual(wrong.slice(0, 2), []);
    assertUnharmed(before);
  });

  const calls = fuzzCount(2_500);
  it(`${calls} calls: an error of the caller's or an answer, never one of ours`, async () => {
    const before = installation.log.length;
    const discovered = (await installation.call('rpc.discover', {})) as { methods: { name: string }[] };
    // Removing the tenant is no nonsense, and ends the test.
    const names = discovered.methods
      .map(({ name }) => name)
      .filter((name) => !/remove|revoke|upsert$|set$|connect/.test(name));
    const request = fc.record({
      name: fc.nat(1_000),
      mutations: fc.array(mutation, { maxLength: 4 }),
      spoil: seldomSpoilt,
    });
    const params = {
      account_id: account,
      query: question,
      message: question,
      limit: 5,
      from: '2026-01-01',
      to: '2026-02-01',
    };
    const wrong = await sendAll(
      fc.sample(request, { numRuns: calls, seed: fuzzSeed }),
      async ({ name, mutations, spoil }) => {
        const whole = { jsonrpc: '2.0', id: 1, method: names[name % names.length], params };
        const body = JSON.stringify(mutated(whole, mutations) ?? null);
        const { status, text } = await call(spoil ? spoil(body) : body);
        return status < 500 && !text.includes('-32603');
      },
    );
    assert.deepEqual(wrong.slice(0, 2), []);
    assertUnharmed(before);
  });

  it('afterwards a customer is answered once, nothing waits for ever, and Chatwoot saw no call it does not know', async () => {
    const asked = await installation.ask(question, { contact: { name: 'Rita', phone_number: '+5511988880002' } });
    const reply = await installation.api.waitForReply(asked, undefined, 60_000);
    assert.match(reply.content ?? '', /15 dias/);
    await installation.quiet(180_000);
    assert.equal(installation.repliesIn(asked).length, 1);
    assert.deepEqual(installation.api.violations, []);
    await installation.kill();
    await installation.restart();
    await installation.quiet();
    assert.equal(installation.repliesIn(asked).length, 1);
  });
});

describe(`tenant files full of nonsense (seed ${fuzzSeed})`, function () {
  this.timeout(isFullFuzz ? 1_200_000 : 240_000);
  const good = JSON.stringify({
    schema_version: 1,
    account_id: 'ID',
    name: 'Loja',
    company_metadata: { business_hours: { weekly: [{ days: [0, 1], open: '09:00', close: '18:00' }], holidays: [] } },
    channels: { whatsapp: { debounce: { complete_ms: 100, fragment_ms: 200, max_ms: 300 } } },
    limits: { turns_per_minute: 10, concurrent_turns: 2 },
    integrations: {
      chatwoot: { base_url: 'https://chat.example', account_id: 3, inboxes: [5, { id: 7, mode: 'observe' }] },
      odoo: { api: 'none' },
    },
  });
  const file = fc.record({ mutations: fc.array(mutation, { minLength: 1, maxLength: 3 }), spoil: seldomSpoilt });
  const files = fuzzCount(1_000);

  it(`${files} files: each tenant is in service or named with its file, and its neighbours are in service`, async () => {
    const samples = fc.sample(file, { numRuns: files, seed: fuzzSeed });
    const entries = samples.map(({ mutations, spoil }, index) => {
      const id = `loja_${index}`;
      const text = JSON.stringify(mutated(JSON.parse(good.replace('"ID"', `"${id}"`)), mutations), null, 1);
      return [`retail/${id}/config.yaml`, spoil ? spoil(text) : text] as const;
    });
    const folder = tenantsFolder({
      ...Object.fromEntries(entries),
      'retail/vizinha/config.yaml': good.replace('"ID"', '"vizinha"'),
    });
    const log = quietLog();
    const source = new YamlTenantFiles({ root: folder.root, log });
    try {
      const nothingStored = {
        list: async () => [],
        get: async () => null,
        put: () => Promise.reject(new Error('not here')),
        remove: async () => false,
        onChange: () => undefined,
      };
      const registry = new LayeredTenantRegistry({ source, store: nothingStored, log });
      await registry.load();
      const inService = new Set((await registry.list()).map(({ accountId }) => accountId));
      const disabled = registry.disabled();
      assert.ok(inService.has('vizinha'));
      for (const [name] of entries) {
        const id = name.split('/')[1] ?? '';
        assert.ok(inService.has(id) || disabled.some(({ file: named }) => named.includes(`/${id}/`)), name);
      }
    } finally {
      source.close();
      folder.end();
    }
  });
});
