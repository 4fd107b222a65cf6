// The way to a tenant's Odoo that its config names. XML-RPC clients are kept, because each authenticates once; so is what
// the servers said about their version. One of these per process.
import { OdooAutoClient } from './adapters/odoo/auto-client.ts';
import { OdooApiDetector } from './adapters/odoo/detect-api.ts';
import type { OdooGatewayDeps } from './adapters/odoo/gateway.ts';
import { OdooJson2Client } from './adapters/odoo/json2-client.ts';
import { OdooXmlrpcClient } from './adapters/odoo/xmlrpc-client.ts';
import { BridgeError } from './core/errors.ts';
import type { Tenant } from './core/tenant.ts';

export type OdooLink = Exclude<Tenant['config']['integrations']['odoo'], { api: 'none' }>;
type OdooClient = OdooGatewayDeps['client'];

export interface OdooUser {
  login: string | null;
  /** API key, or for XML-RPC a password. */
  secret: string;
}

const callTimeoutMs = 20_000;
const detectTimeoutMs = 5_000;

export class OdooClients {
  readonly #detector = new OdooApiDetector({ timeoutMs: detectTimeoutMs });
  /** By address, database and login: a new secret takes the place of the old one. */
  readonly #xmlrpc = new Map<string, { secret: string; client: OdooXmlrpcClient }>();

  clientFor(link: OdooLink, user: OdooUser): OdooClient {
    const { api, url } = link;
    if (api === 'xmlrpc') return this.#xmlrpcClient(link, user);
    const json2 = new OdooJson2Client({ url, db: link.db ?? null, apiKey: user.secret, timeoutMs: callTimeoutMs });
    if (api === 'json2') return json2;
    return new OdooAutoClient({ url, detector: this.#detector, json2, xmlrpc: this.#xmlrpcClient(link, user) });
  }

  #xmlrpcClient({ url, db }: OdooLink, { login, secret }: OdooUser): OdooClient {
    if (!db) return missing('the name of the database', 'Enter the database (integrations.odoo.db).');
    if (!login) return missing('the login of the key’s user', 'Save the Odoo credential again, with its login.');
    const key = JSON.stringify([url, db, login]);
    const known = this.#xmlrpc.get(key);
    if (known?.secret === secret) return known.client;
    const client = new OdooXmlrpcClient({ url, db, login, secret, timeoutMs: callTimeoutMs });
    this.#xmlrpc.set(key, { secret, client });
    return client;
  }
}

/** Says so at each call, so that a check shows it. */
function missing(what: string, fix: string): OdooClient {
  return {
    call: async () => {
      const problems = [{ path: 'integrations.odoo', message: fix }];
      throw new BridgeError('upstream_rejected', `XML-RPC needs ${what}.`, { problems });
    },
  };
}
