// Connects Odoo, the bridge and Chatwoot of the sandbox as an administrator would; nothing stays running for it.
import { connectShop } from '../../../test/sandbox/shop/connect-shop.ts';
import type { SandboxStep } from './steps.ts';

export const shopStep: SandboxStep = {
  name: 'connecting the shop',
  hasServer: false,
  up: async (sandbox) => {
    const fact = (name: string): string => {
      const value = sandbox.fact(name);
      if (value === undefined) throw new Error(`${name} is not known: scripts/sandbox down, then up`);
      return value;
    };
    await connectShop({
      odoo: { url: fact('odoo_url'), database: fact('odoo_database'), login: 'admin', password: 'admin' },
      bridge: { url: fact('bridge_url'), adminToken: fact('admin_token') },
      chatwootUrl: fact('chatwoot_url'),
    });
  },
};
