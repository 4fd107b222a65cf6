// Tenants for the webhook path, where a look into the store for every delivery would cost as much as storing it. What was
// found a moment ago is believed until somebody says it changed; a turn still compares with the store itself.
import type { Clock } from '../ports/clock.ts';
import type { Tenant, TenantRegistry } from '../tenant.ts';

/** News of a change can be lost; after this it is looked up all the same. */
const believedMs = 1_000;

export class RecentTenants implements TenantRegistry {
  readonly #tenants: TenantRegistry;
  readonly #clock: Clock;
  readonly #recent = new Map<string, { tenant: Tenant; untilMs: number }>();
  #changes = 0;

  constructor(tenants: TenantRegistry, clock: Clock) {
    this.#tenants = tenants;
    this.#clock = clock;
  }

  /** An unknown tenant is looked up every time. */
  async find(accountId: string): Promise<Tenant | null> {
    const nowMs = this.#clock.now();
    const recent = this.#recent.get(accountId);
    if (recent && recent.untilMs > nowMs) return recent.tenant;
    const changesBefore = this.#changes;
    const tenant = await this.#tenants.find(accountId);
    if (tenant === null) this.#recent.delete(accountId);
    // What was read while it changed may be the old one.
    else if (changesBefore === this.#changes) this.#recent.set(accountId, { tenant, untilMs: nowMs + believedMs });
    return tenant;
  }

  list(): Promise<Tenant[]> {
    return this.#tenants.list();
  }

  disabled(): ReturnType<TenantRegistry['disabled']> {
    return this.#tenants.disabled();
  }

  /** Something changed: everything is looked up again. */
  forget(): void {
    this.#changes += 1;
    this.#recent.clear();
  }
}
