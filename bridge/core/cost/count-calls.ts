// Calls that belong to no turn's report: documents that were embedded, files that were read. Counted on the tenant's own
// day, and never a reason for what they were made for to fail.
import { codeOf } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { UsageLedger } from '../ports/usage-ledger.ts';
import { localDay } from '../tenants/local-day.ts';
import type { Tenant } from '../tenant.ts';
import type { PaidCall } from './paid-call.ts';
import type { Pricing } from './pricing.ts';

export interface CountCallsDeps {
  pricing: Pricing;
  usage: Pick<UsageLedger, 'add'>;
  clock: Clock;
  logger: Logger;
}

export async function countCalls(deps: CountCallsDeps, tenant: Tenant, calls: readonly PaidCall[]): Promise<void> {
  if (calls.length === 0) return;
  try {
    const counters = await deps.pricing.countersOf(tenant, calls);
    await deps.usage.add(tenant.accountId, localDay(tenant, deps.clock.now()), counters);
  } catch (error) {
    deps.logger.warn({ account_id: tenant.accountId, err: error, code: codeOf(error) }, 'usage not counted');
  }
}
