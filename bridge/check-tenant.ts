// `tenant.check`: tries each integration of a tenant for real and says what to do about what does not work.
import type { TenantSystems } from './tenant-systems.ts';
import type { CrewFactory } from './core/crew/crew-factory.ts';
import type { IntegrationCheck } from './core/ports/integration-check.ts';
import type { TenantCheck } from './core/rpc/deps.ts';
import type { Tenant } from './core/tenant.ts';

const checkTimeoutMs = 15_000;

export async function checkTenant(
  systems: TenantSystems,
  crews: CrewFactory,
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
  const warnings = crews.missingTools(tenant).map(({ service, tool }) => ({
    about: `crews.${service}.tools`,
    message: `The crew names the tool ${tool}, which does not exist here`,
    fix: 'Remove it from the crew or install what provides it',
  }));
  return { integrations, warnings };
}

function notConfigured(message: string, fix: string): IntegrationCheck {
  return { ok: false, ms: 0, message, fix };
}
