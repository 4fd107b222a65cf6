// The shop that lives in a real Odoo, as scripts/sandbox and the tests with Odoo set it up: one company, one Chatwoot
// account with every channel. The tokens are made up and open nothing outside the simulated Chatwoot.
import { readdirSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { demoChannels } from '../../../scripts/lib/demo/demo-tenants.ts';
import type { DemoTenant } from '../../../scripts/lib/demo/demo-tenants.ts';

export const shop = {
  domain: 'cosmetics',
  accountId: 'sandra_cosmeticos',
  name: 'Sandra Cosméticos',
  chatwootAccountId: 1,
  inboxes: demoChannels.map((channel, index) => ({ id: 101 + index, channel })),
  team: 'atendimento',
} as const satisfies DemoTenant;

/** What the administrator copies from Chatwoot into Odoo. */
export const shopTokens = {
  bot: `${shop.accountId}-bot-token`,
  user: `${shop.accountId}-user-token`,
  webhookSecret: `${shop.accountId}-webhook-secret`,
};

/** SMS only drafts, as its name in Chatwoot says. */
export function modeOf(channel: string): 'live' | 'observe' {
  return channel === 'sms' ? 'observe' : 'live';
}

const tenantsSource = path.resolve(import.meta.dirname, '../../../tenants');

/** Fills an empty TENANTS_DIR with what every tenant inherits and with no tenant: those come from Odoo. */
export function layTenantDefaults(target: string): void {
  symlinkSync(path.join(tenantsSource, '_base'), path.join(target, '_base'));
  for (const domain of readdirSync(tenantsSource)) {
    const file = path.join(tenantsSource, domain, 'domain.yaml');
    if (!existsSync(file)) continue;
    mkdirSync(path.join(target, domain));
    symlinkSync(file, path.join(target, domain, 'domain.yaml'));
  }
}
