// The business system's promises on a real Odoo 19, through the addons' gateway and a tenant's own technical user.
import { OdooGateway } from '../../bridge/adapters/odoo/gateway.ts';
import { OdooJson2Client } from '../../bridge/adapters/odoo/json2-client.ts';
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

  describeBusinessSystem('a real Odoo', async () => {
    const client = new OdooJson2Client({ url: odoo.url, db: odoo.database, apiKey, timeoutMs: 20_000 });
    return new OdooGateway({ client, protocol: 1, minAddon: '19.0.1.0.0', logger: quietLog() });
  });
});
