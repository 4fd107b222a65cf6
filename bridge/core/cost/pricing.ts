// Calls in the tenant's money, priced when they are made: a later price or rate changes nothing that was counted.
import type { Tenant } from '../tenant.ts';
import type { ModelPrices } from './model-prices.ts';
import { tokensOf } from './paid-call.ts';
import type { PaidCall } from './paid-call.ts';

export interface Money {
  amount: number;
  currency: string;
}

export class Pricing {
  readonly #prices: () => Promise<ModelPrices>;

  /** `prices` gives the list as it is now and never rejects. */
  constructor(prices: () => Promise<ModelPrices>) {
    this.#prices = prices;
  }

  /** All calls together, 0 when there were none. Null when one of them has no known price: a part would look like the whole. */
  async costOf(tenant: Tenant, calls: readonly PaidCall[]): Promise<Money | null> {
    const { usd, unpriced } = await this.#add(calls);
    return unpriced > 0 ? null : moneyOf(tenant, usd);
  }

  /** For the usage ledger: tokens, cost by currency, and how many calls it does not cover. */
  async countersOf(tenant: Tenant, calls: readonly PaidCall[]): Promise<Record<string, number>> {
    const { usd, unpriced } = await this.#add(calls);
    const { amount, currency } = moneyOf(tenant, usd);
    const media = calls.filter(({ purpose }) => purpose === 'media').length;
    return withoutZeros({
      ...tokensOf(calls),
      media_calls: media,
      unpriced_calls: unpriced,
      [costCounter(currency)]: amount,
    });
  }

  async #add(calls: readonly PaidCall[]): Promise<{ usd: number; unpriced: number }> {
    if (calls.length === 0) return { usd: 0, unpriced: 0 };
    const prices = await this.#prices();
    const costs = calls.map((call) => prices.usdOf(call));
    return {
      usd: costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0),
      unpriced: costs.filter((cost) => cost === null).length,
    };
  }
}

/** The tenant's money is that of its budget; without one, what providers charge in. */
export function currencyOf({ config }: Tenant): { currency: string; usdRate: number } {
  const { currency = 'USD', usd_rate: usdRate = 1 } = config.limits.monthly_budget ?? {};
  return { currency, usdRate: currency === 'USD' ? 1 : usdRate };
}

export function costCounter(currency: string): string {
  return `cost:${currency}`;
}

function moneyOf(tenant: Tenant, usd: number): Money {
  const { currency, usdRate } = currencyOf(tenant);
  return { amount: usd * usdRate, currency };
}

function withoutZeros(counters: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counters).filter(([, amount]) => amount !== 0));
}
