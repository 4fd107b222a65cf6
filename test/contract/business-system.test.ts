import assert from 'node:assert/strict';
import { join } from 'node:path';
import { YamlCatalogue } from '../../bridge/adapters/files/catalogue.ts';
import { KnowledgeFiles } from '../../bridge/adapters/files/knowledge-files.ts';
import { OdooGateway } from '../../bridge/adapters/odoo/gateway.ts';
import { OdooJson2Client } from '../../bridge/adapters/odoo/json2-client.ts';
import { BridgeError } from '../../bridge/core/errors.ts';
import type { ErrorCode } from '../../bridge/core/errors.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { describeBusinessSystem } from './business-system-suite.ts';
import { OdooJson2Server } from './servers/odoo-json2-server.ts';
import type { ServedDocument } from './servers/odoo-json2-server.ts';

const never = new AbortController().signal;
const demoTenant = new URL('../../tenants/cosmetics/sandra_cosmeticos', import.meta.url).pathname;

describeBusinessSystem('YAML files', async () => new YamlCatalogue(new KnowledgeFiles(join(demoTenant))));

describe('Odoo over JSON-2', () => {
  let server: OdooJson2Server;

  before(async () => {
    server = await OdooJson2Server.start('key-1', 'main');
  });

  beforeEach(() => {
    server.documents = Array.from({ length: 7 }, (_, i) => rule(i));
    server.documents.push({ ...rule(8), kind: 'faq' });
    server.description = { protocol: 1, addon_version: '19.0.1.2.0', apps: ['sale'], tools: [] };
    server.tools = {};
    server.fault = null;
    server.seen.length = 0;
  });

  after(() => server.stop());

  const open = (changes: { url?: string; apiKey?: string; db?: string | null } = {}, logger = quietLog()) =>
    new OdooGateway({
      client: new OdooJson2Client({ url: server.url, db: 'main', apiKey: 'key-1', timeoutMs: 300, ...changes }),
      protocol: 1,
      minAddon: '19.0.1.0.0',
      logger,
    });
  const rejectsWith = (work: Promise<unknown>, code: ErrorCode, message: RegExp) =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof BridgeError);
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.doesNotMatch(JSON.stringify([error.message, String(error.cause)]), /Traceback|key-1/);
      return true;
    });
  const manifest = (gateway: OdooGateway) => gateway.manifest(['rule'], '', 10, never);

  describeBusinessSystem('the gateway of a strict local server', async () => {
    server.documents = Array.from({ length: 7 }, (_, i) => rule(i));
    return open();
  });

  it('asks with named arguments, the key as bearer and the database by name', async () => {
    await open().documents([{ kind: 'rule', id: 'odoo:integrator.rule:1' }], never);
    const [{ path, headers, body } = { path: '', headers: {}, body: null }] = server.seen;
    assert.equal(path, '/json/2/integrator.gateway/documents');
    assert.equal(headers.authorization, 'bearer key-1');
    assert.equal(headers['x-odoo-database'], 'main');
    assert.deepEqual(body, { refs: [{ kind: 'rule', id: 'odoo:integrator.rule:1' }] });
  });

  it('a record that is no document is left out and named in the log; the others come', async () => {
    const log = quietLog();
    server.documents[0] = { ...rule(0), title: '' };
    const { documents } = await open({}, log).documents(
      [0, 1].map((i) => ({ kind: 'rule', id: rule(i).id })),
      never,
    );
    assert.deepEqual(
      documents.map(({ id }) => id),
      [rule(1).id],
    );
    assert.deepEqual([log.lines[0]?.fields['id'], log.lines[0]?.fields['path']], [rule(0).id, 'title']);
  });

  describe('facts about products', () => {
    const product = { kind: 'product', id: 'odoo:product.template:7' } as const;
    const factsOf = (answer: unknown) => {
      server.tools = { product_facts: answer };
      return open().productFacts([product, { kind: 'rule', id: 'odoo:integrator.rule:1' }], never);
    };

    it('come from the tool of that name, and only products are asked for', async () => {
      const facts = await factsOf({
        ok: true,
        result: { facts: [{ ...product, currency: 'BRL', price: 29.9, stock: 3 }] },
      });
      assert.deepEqual(facts, [{ ref: product, currency: 'BRL', price: 29.9, stock: 3 }]);
      const { body } = server.seen.at(-1) ?? {};
      assert.deepEqual(body, { name: 'product_facts', arguments: { products: [product] }, caller: {}, key: '' });
    });

    it('are unknown, not zero, where Odoo does not tell them', async () => {
      const facts = await factsOf({ ok: true, result: { facts: [{ ...product, currency: 'BRL' }] } });
      assert.deepEqual(facts, [{ ref: product, currency: 'BRL', price: null, stock: null }]);
    });

    it('are none where the addon of products is not installed', async () => {
      assert.deepEqual(await open().productFacts([product], never), []);
    });

    it('are an error in words when the tool refuses', async () => {
      await rejectsWith(
        factsOf({ ok: false, code: 'refused', message: 'Not today.' }),
        'upstream_rejected',
        /refused to tell prices: «Not today\.»/,
      );
    });

    it('are not asked for when nothing is a product', async () => {
      assert.deepEqual(await open().productFacts([{ kind: 'rule', id: 'odoo:integrator.rule:1' }], never), []);
      assert.equal(server.seen.length, 0);
    });
  });

  it('a refused key is upstream_rejected and says so, without the traceback', async () => {
    await rejectsWith(manifest(open({ apiKey: 'old' })), 'upstream_rejected', /key was refused/);
    server.fault = {
      status: 403,
      body: '{"name":"odoo.exceptions.AccessError","message":"Only the technical user.","debug":"Traceback"}',
    };
    await rejectsWith(manifest(open()), 'upstream_rejected', /key was refused.*Only the technical user\./);
  });

  it('an unknown database or a missing addon is upstream_rejected and says what to check', async () => {
    await rejectsWith(manifest(open({ db: 'other' })), 'upstream_rejected', /addon is installed/);
  });

  const faults: [string, OdooJson2Server['fault'], ErrorCode, RegExp][] = [
    [
      'a server error',
      { status: 500, body: '{"name":"x","message":"boom","debug":"Traceback"}' },
      'upstream_unavailable',
      /500/,
    ],
    ['a gateway in front that is down', { status: 502, body: '<html>' }, 'upstream_unavailable', /502/],
    ['silence', 'silent', 'upstream_unavailable', /does not answer/],
    ['a page instead of JSON', { status: 200, body: '<html>' }, 'upstream_rejected', /something else than JSON/],
    [
      'another form of answer',
      { status: 200, body: '{"items":[{"kind":"x"}],"next":"","digest":""}' },
      'upstream_rejected',
      /items\.0\.kind/,
    ],
    [
      'a redirect',
      { status: 302, body: '', headers: { location: 'http://127.0.0.1:9/' } },
      'upstream_rejected',
      /points elsewhere/,
    ],
    [
      'a refused argument',
      {
        status: 422,
        body: '{"name":"odoo.exceptions.UserError","message":"after: this is no cursor.","debug":"Traceback"}',
      },
      'upstream_rejected',
      /no cursor/,
    ],
  ];
  for (const [what, fault, code, message] of faults) {
    it(`${what} is ${code}`, async () => {
      server.fault = fault;
      await rejectsWith(manifest(open()), code, message);
    });
  }

  it('a server that is not there is upstream_unavailable', async () => {
    await rejectsWith(manifest(open({ url: 'http://127.0.0.1:9' })), 'upstream_unavailable', /does not answer/);
  });

  it('stops when it is told to', async () => {
    server.fault = 'silent';
    const stop = new AbortController();
    const work = open().manifest(['rule'], '', 10, stop.signal);
    stop.abort(new BridgeError('busy', 'stop'));
    await assert.rejects(work, (error) => error instanceof BridgeError && error.code === 'busy');
  });

  describe('check', () => {
    const checked = async (description: Record<string, unknown>) => {
      server.description = { ...server.description, ...description };
      return open().check(never);
    };

    it('an addon that is too old, or newer than the bridge, is named with what to update', async () => {
      const old = await checked({ addon_version: '19.0.0.9.0' });
      assert.deepEqual([old.ok, old.fix], [false, 'Update the addon universal_integrator in Odoo.']);
      const newer = await checked({ protocol: 2 });
      assert.deepEqual([newer.ok, newer.fix], [false, 'Update the bridge.']);
      assert.equal((await checked({ protocol: 1, addon_version: '19.0.10.0.0' })).ok, true);
    });

    it('trouble is an answer, not a rejection', async () => {
      const refused = await open({ apiKey: 'old' }).check(never);
      assert.deepEqual(
        [refused.ok, refused.fix],
        [false, 'Open the connection in Odoo and send the credential again.'],
      );
      const away = await open({ url: 'http://127.0.0.1:9' }).check(never);
      assert.deepEqual([away.ok, away.fix], [false, 'Check that Odoo runs and that the bridge reaches its address.']);
    });
  });
});

function rule(i: number): ServedDocument {
  return {
    kind: 'rule',
    id: `odoo:integrator.rule:${i}`,
    title: `Regra ${i}`,
    body: 'Texto.',
    lang: 'pt_BR',
    active: true,
    updated_at: '2026-11-20T10:00:00Z',
    hash: `hash-${i}`,
  };
}
