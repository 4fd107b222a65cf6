// What a tenant may spend on models in a month of its own calendar. When it is spent only the model's rung stops: customers
// are still answered from what is known. A call without a known price counts as nothing here, and is shown wherever spending
// is.
import { codeOf } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { UsageLedger } from '../ports/usage-ledger.ts';
import { localDay } from '../tenants/local-day.ts';
import type { Tenant } from '../tenant.ts';
import { costCounter, currencyOf } from './pricing.ts';

export interface Spending {
  currency: string;
  spent: number;
  /** Null = the tenant set no budget. */
  budget: { amount: number; isNearlySpent: boolean; isSpent: boolean } | null;
  /** Calls of this month whose price is not known. */
  unpricedCalls: number;
}

export interface BudgetsDeps {
  usage: UsageLedger;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

/** The ledger is not asked for every turn, nor waited for: what is spent within about this time may go over the budget. */
const readAgainMs = 10_000;
const tenantsRemembered = 2_000;

const warnings = { nearly: 'budget_nearly_spent', spent: 'budget_spent' } as const;

export class Budgets {
  readonly #deps: BudgetsDeps;
  readonly #known = new Map<string, { atMs: number; isSpent: boolean }>();
  readonly #looking = new Map<string, Promise<boolean>>();

  constructor(deps: BudgetsDeps) {
    this.#deps = deps;
  }

  /** Never rejects: while nobody can tell what was spent, what was known holds, and without that customers are answered. */
  async isSpent(tenant: Tenant): Promise<boolean> {
    if (!tenant.config.limits.monthly_budget) return false;
    const nowMs = this.#deps.clock.now();
    const key = [tenant.accountId, tenant.fingerprint, monthOf(localDay(tenant, nowMs))].join('\n');
    const known = this.#known.get(key);
    if (known && nowMs - known.atMs < readAgainMs) return known.isSpent;
    const looking = this.#looking.get(key) ?? this.#look(key, tenant);
    return known ? known.isSpent : looking;
  }

  /** This month so far, by the tenant's calendar. Rejects when the ledger cannot be read. */
  async spendingOf(tenant: Tenant): Promise<Spending> {
    return (await this.#read(tenant)).spending;
  }

  #look(key: string, tenant: Tenant): Promise<boolean> {
    const looking = this.#ask(tenant).then((answer) => {
      const isSpent = answer ?? this.#known.get(key)?.isSpent ?? false;
      if (this.#known.size >= tenantsRemembered) this.#known.clear();
      this.#known.set(key, { atMs: this.#deps.clock.now(), isSpent });
      this.#looking.delete(key);
      return isSpent;
    });
    this.#looking.set(key, looking);
    return looking;
  }

  /** Null when nobody can tell now. */
  async #ask(tenant: Tenant): Promise<boolean | null> {
    try {
      const { spending, counters } = await this.#read(tenant);
      const { isSpent = false, isNearlySpent = false } = spending.budget ?? {};
      const warning = isSpent ? warnings.spent : warnings.nearly;
      if (isNearlySpent || isSpent) {
        await this.#warnOnce(tenant, spending, counters, warning).catch(this.#complain(tenant, 'budget.not_warned'));
      }
      return isSpent;
    } catch (error) {
      this.#complain(tenant, 'budget.unknown')(error);
      return null;
    }
  }

  #complain({ accountId }: Tenant, message: string): (error: unknown) => void {
    return (error) => {
      this.#deps.logger.warn({ account_id: accountId, err: error, code: codeOf(error) }, message);
    };
  }

  async #read(tenant: Tenant): Promise<{ spending: Spending; counters: Record<string, number> }> {
    const today = localDay(tenant, this.#deps.clock.now());
    const days = await this.#deps.usage.range(tenant.accountId, `${monthOf(today)}-01`, today);
    const counters: Record<string, number> = {};
    for (const [name, by] of Object.values(days).flatMap((day) => Object.entries(day))) {
      counters[name] = (counters[name] ?? 0) + by;
    }
    return { spending: spendingFrom(tenant, counters), counters };
  }

  /** Once in a month, remembered with what it is about: instances share it. */
  async #warnOnce(
    tenant: Tenant,
    { spent, currency }: Spending,
    counters: Record<string, number>,
    warning: (typeof warnings)[keyof typeof warnings],
  ): Promise<void> {
    if ((counters[warning] ?? 0) > 0) return;
    const { usage, clock, logger, metrics } = this.#deps;
    const amount = tenant.config.limits.monthly_budget?.amount;
    await usage.add(tenant.accountId, localDay(tenant, clock.now()), { [warning]: 1 });
    metrics.count(warning);
    logger.warn({ account_id: tenant.accountId, spent, amount, currency }, warning);
  }
}

function monthOf(day: string): string {
  return day.slice(0, 'yyyy-MM'.length);
}

function spendingFrom(tenant: Tenant, counters: Record<string, number>): Spending {
  const { currency, usdRate } = currencyOf(tenant);
  const { monthly_budget: budget } = tenant.config.limits;
  const counted = counters[costCounter(currency)] ?? 0;
  // What was counted before the tenant had a budget stands in the providers' money.
  const inUsd = currency === 'USD' ? 0 : (counters[costCounter('USD')] ?? 0);
  const spent = counted + inUsd * usdRate;
  return {
    currency,
    spent,
    budget: budget
      ? {
          amount: budget.amount,
          isNearlySpent: spent >= budget.amount * budget.warn_at,
          isSpent: spent >= budget.amount,
        }
      : null,
    unpricedCalls: counters['unpriced_calls'] ?? 0,
  };
}
