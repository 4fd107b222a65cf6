import assert from 'node:assert/strict';
import { OdooGateway } from '../../../bridge/adapters/odoo/gateway.ts';
import { OdooClients } from '../../../bridge/odoo-clients.ts';
import type { OdooUser } from '../../../bridge/odoo-clients.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { OdooXmlrpcServer } from './xmlrpc-server.ts';

const never = new AbortController().signal;

describe('the way to a tenant’s Odoo', () => {
  let server: OdooXmlrpcServer;
  let clients: OdooClients;

  beforeEach(async () => {
    server = await OdooXmlrpcServer.start();
    server.run = () => ({ protocol: 1, addon_version: '19.0.1.0.0' });
    clients = new OdooClients();
  });
  afterEach(() => server.stop());

  const check = (api: 'auto' | 'xmlrpc', link: { db?: string }, user: Partial<OdooUser> = {}) => {
    const client = clients.clientFor({ api, url: server.url, ...link }, { login: 'ana', secret: 'key-1', ...user });
    return new OdooGateway({ client, protocol: 1, minAddon: '19.0.1.0.0', logger: quietLog() }).check(never);
  };

  for (const api of ['xmlrpc', 'auto'] as const) {
    it(`${api}: an older Odoo answers, and each login is authenticated once`, async () => {
      assert.equal((await check(api, { db: 'main' })).ok, true);
      assert.equal((await check(api, { db: 'main' })).ok, true);
      assert.equal(server.methods().filter((method) => method === 'authenticate').length, 1);
    });

    it(`${api}: without the database a check says what is missing and where to enter it`, async () => {
      const { ok, message, fix } = await check(api, {});
      assert.deepEqual([ok, message], [false, 'XML-RPC needs the name of the database.']);
      assert.match(fix ?? '', /integrations\.odoo\.db/);
    });
  }

  it('without the login a check says so', async () => {
    const { ok, message, fix } = await check('xmlrpc', { db: 'main' }, { login: null });
    assert.deepEqual([ok, message], [false, 'XML-RPC needs the login of the key’s user.']);
    assert.match(fix ?? '', /credential/);
  });

  it('a new secret is used at once', async () => {
    await check('xmlrpc', { db: 'main' });
    server.user.secret = 'key-2';
    assert.equal((await check('xmlrpc', { db: 'main' })).ok, false);
    assert.equal((await check('xmlrpc', { db: 'main' }, { secret: 'key-2' })).ok, true);
  });
});
