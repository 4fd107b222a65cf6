// The business system's promises on a real Odoo 19, through the addons' gateway and a tenant's own technical user, on both
// of Odoo's interfaces, which must give the same.
import assert from 'node:assert/strict';
import { OdooApiDetector } from '../../bridge/adapters/odoo/detect-api.ts';
import { OdooGateway } from '../../bridge/adapters/odoo/gateway.ts';
import { OdooJson2Client } from '../../bridge/adapters/odoo/json2-client.ts';
import { OdooXmlrpcClient } from '../../bridge/adapters/odoo/xmlrpc-client.ts';
import type { OdooXmlrpcAddress } from '../../bridge/adapters/odoo/xmlrpc-client.ts';
import { BridgeError } from '../../bridge/core/errors.ts';
import type { ErrorCode } from '../../bridge/core/errors.ts';
import { documentKinds } from '../../bridge/core/knowledge/document.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { startOdoo } from '../sandbox/servers/odoo-server.ts';
import type { OdooServer } from '../sandbox/servers/odoo-server.ts';
import { describeBusinessSystem } from './business-system-suite.ts';

/** A tenant as the pairing leaves it, without a bridge: the technical user, its key, and rules to be listed. */
const pairedTenant = `
from datetime import timedelta
from odoo import fields
bridge = env['integrator.bridge'].create({'name': 'Bridge', 'url': 'http://127.0.0.1:9'})
tenant = env['integrator.tenant'].create(
    {'name': 'Loja', 'account_id': 'loja_contrato', 'domain': 'cosmetics', 'bridge_id': bridge.id})
tenant._pair('a-token-nobody-checks-here')
for number in range(7):
    env['integrator.rule'].create(
        {'name': 'Regra %s' % number, 'kind': 'rule', 'body': 'Texto da regra %s.' % number})
env['integrator.rule'].create({'name': 'Aceitam Pix?', 'kind': 'faq', 'body': 'Sim, aceitamos Pix.'})
keys = env['res.users.apikeys'].with_user(tenant.technical_user_id).sudo()
print(keys._generate('rpc', 'contract', fields.Datetime.now() + timedelta(hours=2)))
env.cr.commit()
`;

describe('Odoo 19 with the addons', function () {
  this.timeout(600_000);
  let odoo: OdooServer;
  let apiKey: string;

  before(async () => {
    odoo = await startOdoo();
    apiKey = (await odoo.shell(pairedTenant)).split('\n').at(-1) ?? '';
  });
  after(() => odoo.stop());

  const timeoutMs = 20_000;
  const never = new AbortController().signal;
  const gateway = (client: OdooJson2Client | OdooXmlrpcClient) =>
    new OdooGateway({ client, protocol: 1, minAddon: '19.0.1.0.0', logger: quietLog() });
  const overJson2 = () => new OdooJson2Client({ url: odoo.url, db: odoo.database, apiKey, timeoutMs });
  const overXmlrpc = (changes: Partial<OdooXmlrpcAddress> = {}) => {
    const user = { login: 'universal-integrator.loja_contrato', secret: apiKey };
    return new OdooXmlrpcClient({ url: odoo.url, db: odoo.database, ...user, timeoutMs, ...changes });
  };

  describeBusinessSystem('a real Odoo over JSON-2', async () => gateway(overJson2()));
  describeBusinessSystem('a real Odoo over XML-RPC', async () => gateway(overXmlrpc()));

  it('gives the same manifest and the same documents over both', async () => {
    const read = async (client: OdooJson2Client | OdooXmlrpcClient) => {
      const manifest = await gateway(client).manifest([...documentKinds], '', 500, never);
      const refs = manifest.items.slice(0, 200).map(({ kind, id }) => ({ kind, id }));
      return { manifest, documents: await client.call('integrator.gateway', 'documents', { refs }, never) };
    };
    const json2 = await read(overJson2());
    assert.ok(json2.manifest.items.length > 7);
    assert.deepEqual(await read(overXmlrpc()), json2);
  });

  it('tells price, currency and stock of products live, the same over both', async () => {
    const { items } = await gateway(overJson2()).manifest(['product', 'service'], '', 40, never);
    assert.ok(items.length > 10, 'the demo data has products');
    const facts = await gateway(overJson2()).productFacts(items, never);
    assert.equal(facts.length, items.length);
    assert.ok(facts.some(({ price }) => price !== null && price > 0));
    assert.ok(facts.some(({ stock }) => stock !== null));
    assert.ok(facts.every(({ currency }) => /^[A-Z]{3}$/.test(currency ?? '')));
    assert.deepEqual(await gateway(overXmlrpc()).productFacts(items, never), facts);
  });

  it('is recognised as one that speaks JSON-2', async () => {
    assert.equal(await new OdooApiDetector({ timeoutMs }).detect(odoo.url, never), 'json2');
  });

  const refusals: [string, Partial<OdooXmlrpcAddress>, ErrorCode, RegExp][] = [
    ['a wrong key', { secret: 'old' }, 'upstream_rejected', /refused the login/],
    ['an unknown login', { login: 'nobody' }, 'upstream_rejected', /refused the login/],
    ['an unknown database', { db: 'other' }, 'upstream_rejected', /no such database/],
    ['a user who is not the bridge’s', { login: 'admin', secret: 'admin' }, 'upstream_rejected', /may not use/],
  ];
  for (const [what, changes, code, message] of refusals) {
    it(`XML-RPC with ${what} is ${code} and says so, without a traceback`, async () => {
      await assert.rejects(gateway(overXmlrpc(changes)).manifest([], '', 10, never), (error) => {
        assert.ok(error instanceof BridgeError);
        assert.equal(error.code, code);
        assert.match(error.message, message);
        assert.doesNotMatch(JSON.stringify([error.message, String(error.cause)]), /Traceback/);
        return true;
      });
    });
  }

  it('an argument that Odoo refuses and a model that is not there are upstream_rejected over XML-RPC too', async () => {
    const rejects = (work: Promise<unknown>, message: RegExp) =>
      assert.rejects(work, (error) => {
        assert.ok(error instanceof BridgeError);
        assert.deepEqual([error.code, message.test(error.message)], ['upstream_rejected', true], error.message);
        return true;
      });
    await rejects(gateway(overXmlrpc()).manifest([], '', 0, never), /whole number from 1/);
    await rejects(overXmlrpc().call('no.such.model', 'describe', {}, never), /no such model/);
  });
});
