// Turns while the shared stores are away: on this instance alone, on its own disk, and only where the other side leaves no
// doubt. They begin late enough that whatever a regular turn was sending has arrived or failed.
import { codeOf } from '../errors.ts';
import type { Hub } from '../hub/hub.ts';
import type { ConnectTenant } from '../hub/tenant-clients.ts';
import { conversationKey } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { SpillRecord } from '../ports/spill-record.ts';
import type { TurnDecision, TurnJob } from '../ports/turn-queue.ts';
import type { Stores } from '../stores.ts';
import type { TenantRegistry } from '../tenant.ts';
import { gatherBacklog } from './gather-backlog.ts';
import type { LocalWork } from './local-work.ts';
import type { Outage } from './outage.ts';
import type { RecentConversations } from './recent-conversations.ts';

export interface DegradedTurnsDeps {
  outage: Outage;
  work: LocalWork;
  record: SpillRecord;
  recent: RecentConversations;
  tenants: Pick<TenantRegistry, 'find'>;
  connect: ConnectTenant;
  /** The same hub as ever, on other stores. */
  makeHub: (stores: Stores, connect: ConnectTenant) => Pick<Hub, 'handle'>;
  clock: Clock;
  logger: Logger;
  times: DegradedTimes;
  concurrency: number;
}

export interface DegradedTimes {
  /** Nobody can begin to send any more, and what was being sent has met its deadline. */
  beginAfterMs: number;
  /** The same for mail that a regular turn may have answered: a part may arrive so much later. */
  beginOlderAfterMs: number;
  unsureForMs: number;
}

const done: TurnDecision = { kind: 'done' };
const unsureAgainMs = 5_000;
const sweepEveryMs = 1_000;
const sweepLimit = 500;
const longestPauseMs = 10_000;
const gatherTimeoutMs = 15_000;

export class DegradedTurns {
  readonly #deps: DegradedTurnsDeps;
  #hub: Pick<Hub, 'handle'> | null = null;
  readonly #unsure = new Map<string, string>();
  /** When conversations are looked at again by themselves. */
  readonly #againAtMs = new Map<string, number>();
  readonly #sweeping: NodeJS.Timeout;

  constructor(deps: DegradedTurnsDeps) {
    this.#deps = deps;
    deps.outage.onAway(() => void this.#wakeAll());
    this.#sweeping = setInterval(() => void this.#sweep(), sweepEveryMs);
    this.#sweeping.unref();
  }

  close(): void {
    clearInterval(this.#sweeping);
  }

  /** Takes up its work on the stores as they are now; again after they were renewed. */
  async attach(): Promise<void> {
    const { work, connect, makeHub, concurrency } = this.#deps;
    this.#unsure.clear();
    this.#againAtMs.clear();
    this.#hub = makeHub(work.forTurns(), async (tenant) => {
      const clients = await connect(tenant);
      return { ...clients, conversations: clients.conversations && work.speaking(clients.conversations) };
    });
    await work.stores.queue.process(concurrency, async (job) => {
      const key = conversationKey(job.conversation);
      // While it runs nobody else need wake it.
      this.#againAtMs.set(key, Number.POSITIVE_INFINITY);
      const decision = await this.#run(job);
      if (decision.kind === 'again') this.#againAtMs.set(key, this.#deps.clock.now() + decision.delayMs);
      else this.#againAtMs.delete(key);
      return decision;
    });
  }

  /** Mail here whose wake got lost. */
  async #sweep(): Promise<void> {
    if (this.#isOver()) return;
    const { work, clock, logger } = this.#deps;
    try {
      const overdueMs = clock.now() - sweepEveryMs;
      for (const conversation of await work.stores.mailbox.due(overdueMs, sweepLimit)) {
        if ((this.#againAtMs.get(conversationKey(conversation)) ?? 0) > overdueMs) continue;
        await work.stores.queue.wake(conversation, 0);
      }
    } catch (error) {
      logger.warn({ err: error }, 'spill.sweep_failed');
    }
  }

  /** What was kept here, and what the shared mailbox may hold for the conversations we know of. */
  async #wakeAll(): Promise<void> {
    const { record, recent, work } = this.#deps;
    const known = [...(await record.conversations()), ...recent.list()];
    const conversations = new Map(known.map((conversation) => [conversationKey(conversation), conversation]));
    for (const conversation of conversations.values()) await work.stores.queue.wake(conversation, 0);
  }

  async #run(job: TurnJob): Promise<TurnDecision> {
    const { logger } = this.#deps;
    // What is left is handed in.
    if (this.#isOver() || !this.#hub) return done;
    try {
      const waitMs = this.#untilMs(this.#deps.times.beginAfterMs);
      if (waitMs > 0) return later(waitMs, job.attempt);
      const notYet = (await this.#isUnfinished(job)) ? null : await this.#prepare(job);
      return notYet ?? (await this.#hub.handle(job));
    } catch (error) {
      if (this.#isOver()) return done;
      logger.warn({ ...job.conversation, attempt: job.attempt, code: codeOf(error), err: error }, 'spill.turn_failed');
      return later(Math.min(longestPauseMs, 1_000 * 2 ** Math.min(job.attempt, 10)), job.attempt + 1);
    }
  }

  /** A reply of this outage whose end nobody saw is settled first, as ever. */
  async #isUnfinished({ conversation }: TurnJob): Promise<boolean> {
    return (await this.#deps.work.stores.ledger.current(conversation))?.state === 'intended';
  }

  async #prepare(job: TurnJob): Promise<TurnDecision | null> {
    const { tenants, connect, record, work, clock, times, recent, outage } = this.#deps;
    const { conversation } = job;
    const tenant = await tenants.find(conversation.accountId);
    if (!tenant) return later(unsureAgainMs, job.attempt);
    const backlog = await gatherBacklog(
      { record, work: work.stores, recent, clock, awaySinceMs: outage.awaySinceMs, unsureForMs: this.#unsureForMs() },
      tenant,
      await connect(tenant),
      conversation,
      AbortSignal.timeout(gatherTimeoutMs),
    );
    if (backlog.kind === 'nothing') {
      recent.remove(conversation);
      return done;
    }
    if (backlog.kind === 'unsure') {
      this.#sayOnce(job, backlog.reason);
      return later(unsureAgainMs, job.attempt);
    }
    const waitMs = backlog.isAllNew ? 0 : this.#untilMs(times.beginOlderAfterMs);
    return waitMs > 0 ? later(waitMs, job.attempt) : null;
  }

  #isOver(): boolean {
    return !this.#deps.outage.isAway;
  }

  /** Until calls were refused here, mail may have gone both ways, and a regular turn may have begun to send. */
  #unsureForMs(): number {
    const { outage, times } = this.#deps;
    return Math.max(times.unsureForMs, outage.refusedSinceMs - outage.awaySinceMs);
  }

  #untilMs(afterMs: number): number {
    const { outage, times, clock } = this.#deps;
    return outage.awaySinceMs + this.#unsureForMs() - times.unsureForMs + afterMs - clock.now();
  }

  #sayOnce({ conversation }: TurnJob, reason: string): void {
    const key = conversationKey(conversation);
    if (this.#unsure.get(key) === reason) return;
    this.#unsure.set(key, reason);
    this.#deps.logger.info({ ...conversation, reason }, 'spill.waits_for_stores');
  }
}

function later(delayMs: number, attempt: number): TurnDecision {
  return { kind: 'again', delayMs, attempt };
}
