// When a tenant is compared with its Chatwoot: at the start, after an outage, and every few minutes at a moment of its own.
// One run per tenant at a time over all instances; a run that failed is tried again soon, because a Chatwoot that was away
// is exactly when deliveries were lost.
import { codeOf } from '../errors.ts';
import { latestMoment } from '../knowledge/sync-schedule.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/locks.ts';
import type { Logger } from '../ports/logger.ts';
import type { ReconcileMarks } from '../ports/reconcile-marks.ts';
import type { Tenant } from '../tenant.ts';
import { withLock } from '../with-lock.ts';
import type { Reconcile } from './reconcile.ts';

export interface ReconcileScheduleDeps {
  reconcile: Pick<Reconcile, 'run'>;
  marks: ReconcileMarks;
  locks: Locks;
  clock: Clock;
  logger: Logger;
}

const intervalMs = 5 * 60_000;
const retryMs = 30_000;
const longestRunMs = 60_000;
const lockTtlMs = 15_000;
const tenantsAtOnce = 4;

export class ReconcileSchedule {
  readonly #deps: ReconcileScheduleDeps;
  /** Tenants whose last run failed, and when to try again. */
  readonly #failed = new Map<string, number>();
  /** Tenants whose credentials show nothing. */
  readonly #pausedUntil = new Map<string, number>();
  readonly #closing = new AbortController();
  /** Whatever was compared before this instant is compared anew: the start, or the end of an outage. */
  #anewSinceMs: number;

  constructor(deps: ReconcileScheduleDeps) {
    this.#deps = deps;
    this.#anewSinceMs = deps.clock.now();
  }

  /** Something was away for a while (our stores, the way from Chatwoot to us): every tenant is due at the next tick. */
  afterOutage(): void {
    this.#anewSinceMs = this.#deps.clock.now();
    this.#failed.clear();
  }

  /** Never rejects: what failed is logged and tried again. */
  async runDue(tenants: readonly Tenant[]): Promise<void> {
    const waiting = tenants.filter(({ config }) => (config.integrations.chatwoot?.inboxes.length ?? 0) > 0);
    const takeNext = async (): Promise<void> => {
      for (let tenant = waiting.shift(); tenant && !this.#closing.signal.aborted; tenant = waiting.shift()) {
        await this.#runIfDue(tenant);
      }
    };
    await Promise.all(Array.from({ length: tenantsAtOnce }, takeNext));
  }

  close(): void {
    this.#closing.abort();
  }

  async #runIfDue(tenant: Tenant): Promise<void> {
    const { accountId } = tenant;
    try {
      if (!(await this.#isDue(accountId))) return;
      await withLock(this.#deps.locks, `reconcile:${accountId}`, lockTtlMs, async (_lock, lost) => {
        // Another instance may have been here between the question and the lock.
        if (!(await this.#isDue(accountId))) return;
        const limit = AbortSignal.timeout(longestRunMs);
        const run = await this.#deps.reconcile.run(tenant, AbortSignal.any([lost, limit, this.#closing.signal]));
        this.#failed.delete(accountId);
        if (run === null) this.#pausedUntil.set(accountId, this.#deps.clock.now() + intervalMs);
      });
    } catch (error) {
      this.#note(accountId, error);
    }
  }

  #note(accountId: string, error: unknown): void {
    if (this.#closing.signal.aborted) return;
    const fields = { account_id: accountId, code: codeOf(error), will_retry: true, delay_ms: retryMs, err: error };
    // Said once: an outage of hours is one piece of news.
    if (this.#failed.has(accountId)) this.#deps.logger.debug(fields, 'reconcile.failed');
    else this.#deps.logger.warn(fields, 'reconcile.failed');
    this.#failed.set(accountId, this.#deps.clock.now() + retryMs);
  }

  async #isDue(accountId: string): Promise<boolean> {
    const nowMs = this.#deps.clock.now();
    if (nowMs < (this.#pausedUntil.get(accountId) ?? 0)) return false;
    const retryAtMs = this.#failed.get(accountId);
    if (retryAtMs !== undefined) return nowMs >= retryAtMs;
    const comparedUpToMs = (await this.#deps.marks.get(accountId))?.comparedUpToMs ?? -1;
    return comparedUpToMs < Math.max(this.#anewSinceMs, latestMoment(accountId, intervalMs, nowMs));
  }
}
