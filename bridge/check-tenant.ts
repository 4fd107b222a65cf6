// `tenant.check`: tries each integration of a tenant for real and says what to do about what does not work.
import { lookup } from 'node:dns/promises';
import { isPublicAddress } from './adapters/media/public-address.ts';
import type { TenantSystems } from './tenant-systems.ts';
import type { Budgets } from './core/cost/budgets.ts';
import type { CrewFactory } from './core/crew/crew-factory.ts';
import type { IntegrationCheck } from './core/ports/integration-check.ts';
import type { TenantCheck } from './core/rpc/deps.ts';
import type { Tenant } from './core/tenant.ts';

const checkTimeoutMs = 15_000;

export interface CheckTenantDeps {
  systems: TenantSystems;
  crews: CrewFactory;
  budgets: Pick<Budgets, 'spendingOf'>;
  publicUrl: string | null;
}

export async function checkTenant(
  { systems, crews, budgets, publicUrl }: CheckTenantDeps,
  tenant: Tenant,
  signal: AbortSignal,
): Promise<TenantCheck> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(checkTimeoutMs)]);
  const { conversations, business } = await systems.connect(tenant);
  const { chatwoot, odoo } = tenant.config.integrations;
  const integrations: TenantCheck['integrations'] = {
    chatwoot:
      chatwoot && conversations
        ? await conversations.check(bounded)
        : notConfigured('Chatwoot is not configured', 'Enter its address and account'),
    [odoo.api === 'none' ? 'catalogue' : 'odoo']: business
      ? await business.check(bounded)
      : notConfigured('The Odoo credential is missing', 'Save the Odoo credential for this tenant'),
  };
  const missing = crews.missingTools(tenant).map(({ service, tool }) => ({
    about: `crews.${service}.tools`,
    message: `The crew names the tool ${tool}, which does not exist here`,
    fix: 'Remove it from the crew or install what provides it',
  }));
  const fights = await chatwootWarnings(systems, tenant, publicUrl, bounded);
  return { integrations, warnings: [...missing, ...fights, ...(await budgetWarnings(budgets, tenant))] };
}

/** A ledger that cannot be read is what `/ready` tells of. */
async function budgetWarnings(budgets: CheckTenantDeps['budgets'], tenant: Tenant): Promise<TenantCheck['warnings']> {
  const spending = await budgets.spendingOf(tenant).catch(() => null);
  if (!spending?.budget) return [];
  const { spent, currency, budget, unpricedCalls } = spending;
  const about = 'limits.monthly_budget';
  const sum = `${spent.toFixed(2)} of ${budget.amount.toFixed(2)} ${currency}`;
  const warnings: TenantCheck['warnings'] = [];
  if (budget.isSpent) {
    const message = `The month's budget for models is spent (${sum}): replies are made without a model until next month`;
    warnings.push({ about, message, fix: 'Raise the budget, or leave it so' });
  } else if (budget.isNearlySpent) {
    const message = `The month's budget for models is nearly spent (${sum}); then replies are made without a model`;
    warnings.push({ about, message, fix: 'Raise the budget, or leave it so' });
  }
  if (unpricedCalls > 0) {
    const message = `${unpricedCalls} calls of this month went to models without a known price and count for no budget`;
    warnings.push({ about, message, fix: 'Add the price of the model to _base/model-prices.yaml' });
  }
  return warnings;
}

/** A Chatwoot that does not answer has said so above already. */
async function chatwootWarnings(
  systems: TenantSystems,
  tenant: Tenant,
  publicUrl: string | null,
  signal: AbortSignal,
): Promise<TenantCheck['warnings']> {
  if (!tenant.config.integrations.chatwoot) return [];
  const settings = await systems.chatwootWarnings(tenant, signal).catch(() => []);
  const isPrivate = publicUrl !== null && (await isOnlyPrivate(new URL(publicUrl).hostname));
  return isPrivate ? [...settings, privateAddress] : settings;
}

/** Chatwoot from 4.14 on delivers to public addresses alone, unless its operator allows others. */
const privateAddress = {
  about: 'PUBLIC_URL',
  message: 'The address of this bridge is a private one, and Chatwoot from 4.14 on refuses to deliver to it',
  fix: 'Set SAFE_FETCH_ALLOW_PRIVATE_NETWORK=true for Chatwoot’s web and worker processes (4.14.1 or newer), or use a public address',
};

async function isOnlyPrivate(hostname: string): Promise<boolean> {
  try {
    const found = await lookup(hostname.replace(/^\[|\]$/g, ''), { all: true });
    return found.every(({ address }) => !isPublicAddress(address));
  } catch {
    // A name we cannot resolve may be one that Chatwoot can.
    return false;
  }
}

function notConfigured(message: string, fix: string): IntegrationCheck {
  return { ok: false, ms: 0, message, fix };
}
