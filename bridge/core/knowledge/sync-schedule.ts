// When a tenant's knowledge is compared with its source: files when first needed and when they change, Odoo on a schedule.
// The addon pushes its changes by itself; the schedule finds what a push missed. One pass per tenant at a time over all
// instances, and the time of the last one is shared, because a cron that was away never catches up by itself.
import { createHash } from 'node:crypto';
import { cacheKey } from '../cache/keys.ts';
import { BridgeError, codeOf } from '../errors.ts';
import type { CacheStore } from '../ports/cache-store.ts';
import type { Clock } from '../ports/clock.ts';
import type { Locks } from '../ports/locks.ts';
import type { Logger } from '../ports/logger.ts';
import type { Tenant } from '../tenant.ts';
import { withLock } from '../with-lock.ts';
import type { SyncOptions, SyncReport } from './sync.ts';

export interface SyncScheduleDeps {
  /** One whole comparison; safe to repeat and to interrupt. Null when the tenant has no source. */
  sync(tenant: Tenant, options: SyncOptions): Promise<SyncReport | null>;
  locks: Locks;
  cache: CacheStore;
  clock: Clock;
  logger: Logger;
  intervalMs: number;
}

const lockTtlMs = 15_000;
const rememberedSeconds = 7 * 86_400;

export class SyncSchedule {
  readonly #deps: SyncScheduleDeps;
  /** Tenants whose files were read by this process, or are being read. */
  readonly #files = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();

  constructor(deps: SyncScheduleDeps) {
    this.#deps = deps;
  }

  /** Makes sure that the tenant's files were taken in since they last changed. A failure is logged and tried again. */
  async ensureFiles(tenant: Tenant): Promise<void> {
    const running = this.#files.get(tenant.accountId) ?? this.#readFiles(tenant);
    this.#files.set(tenant.accountId, running);
    return running;
  }

  /** The files changed: the next turn, or the caller, takes them in. */
  forgetFiles(accountId: string): void {
    this.#files.delete(accountId);
  }

  /** Compares those that are due; each tenant has its own moment in the interval, so that they do not come together. */
  async runDue(tenants: readonly Tenant[]): Promise<void> {
    for (const tenant of tenants) {
      if (this.#closing.signal.aborted) return;
      if (await this.#isDue(tenant)) await this.#runOne(tenant);
    }
  }

  /** At once, for whoever asks; rejects with `busy` while another pass of this tenant runs. Null: it has no source. */
  async runNow(tenant: Tenant, { dryRun, signal }: SyncOptions): Promise<SyncReport | null> {
    const until = AbortSignal.any([signal, this.#closing.signal]);
    const done = await this.#underLock(tenant, (lost) => this.#sync(tenant, dryRun, AbortSignal.any([lost, until])));
    if (!done) throw new BridgeError('busy', 'This tenant is being synchronised just now: try again in a minute.');
    return done.result;
  }

  close(): void {
    this.#closing.abort();
  }

  async #readFiles(tenant: Tenant): Promise<void> {
    try {
      await this.#sync(tenant, false, this.#closing.signal);
    } catch (error) {
      this.#files.delete(tenant.accountId);
      this.#deps.logger.warn({ account_id: tenant.accountId, code: codeOf(error), err: error }, 'sync.files_failed');
    }
  }

  async #runOne(tenant: Tenant): Promise<void> {
    const { logger, cache, clock } = this.#deps;
    try {
      const { signal } = this.#closing;
      await this.#underLock(tenant, (lost) => this.#sync(tenant, false, AbortSignal.any([lost, signal])));
    } catch (error) {
      logger.warn({ account_id: tenant.accountId, code: codeOf(error), err: error }, 'sync.failed');
    }
    // A failed pass waits for its next moment too: an Odoo that is down is not asked at every tick.
    await cache.set(lastRunKey(tenant.accountId), String(clock.now()), rememberedSeconds).catch(() => undefined);
  }

  #underLock<T>(tenant: Tenant, work: (lost: AbortSignal) => Promise<T>): Promise<{ result: T } | null> {
    return withLock(this.#deps.locks, `sync:${tenant.accountId}`, lockTtlMs, (_lock, lost) => work(lost));
  }

  async #sync(tenant: Tenant, dryRun: boolean, signal: AbortSignal): Promise<SyncReport | null> {
    const report = await this.#deps.sync(tenant, { dryRun, signal });
    if (report) this.#deps.logger.info({ account_id: tenant.accountId, dry_run: dryRun, ...report }, 'sync.finished');
    return report;
  }

  async #isDue(tenant: Tenant): Promise<boolean> {
    const lastMs = Number(await this.#deps.cache.get(lastRunKey(tenant.accountId)).catch(() => null));
    return lastMs < latestMoment(tenant.accountId, this.#deps.intervalMs, this.#deps.clock.now());
  }
}

/** The latest of the tenant's own moments: every `intervalMs`, shifted by a hash of the id. */
export function latestMoment(accountId: string, intervalMs: number, nowMs: number): number {
  const shiftMs = createHash('sha256').update(accountId).digest().readUInt32BE(0) % intervalMs;
  return Math.floor((nowMs - shiftMs) / intervalMs) * intervalMs + shiftMs;
}

function lastRunKey(accountId: string): string {
  return cacheKey({ accountId, module: 'sync', resourceType: 'cron', resourceId: 'all', action: 'last_run' });
}
