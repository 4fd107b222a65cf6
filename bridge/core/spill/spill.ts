// Answers go on while the shared stores are away: what is delivered then is kept on this instance's own disk, answered from
// there where that is certain, and handed in when they are back. This file puts the parts together.
import type { Hub } from '../hub/hub.ts';
import type { ConnectTenant } from '../hub/tenant-clients.ts';
import type { ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { TurnQueue } from '../ports/turn-queue.ts';
import type { StoreHealth, Stores } from '../stores.ts';
import type { TenantRegistry } from '../tenant.ts';
import { atOnce } from './at-once.ts';
import { DegradedTurns } from './degraded-turns.ts';
import { drainConversation } from './drain-conversation.ts';
import { gatedQueue, heldBack } from './hold-back.ts';
import type { ComparingSchedule } from './hold-back.ts';
import { KnownCredentials } from './known-credentials.ts';
import { withKnownRevisions } from './known-revisions.ts';
import { LocalWork } from './local-work.ts';
import type { SpillPlace } from './local-work.ts';
import { noticingStores } from './noticing-stores.ts';
import { Outage } from './outage.ts';
import { RecentConversations } from './recent-conversations.ts';
import { spillingIntake } from './spilling-intake.ts';
import type { IntakeStores } from './spilling-intake.ts';
import { TurnGate } from './turn-gate.ts';
import { watchedStores } from './watched-stores.ts';

export interface SpillDeps {
  shared: Stores;
  place: SpillPlace;
  clock: Clock;
  logger: Logger;
  /** Names this instance where it writes to see whether the shared stores take it. */
  instanceId: string;
  lockTtlMs: number;
  readBackAfterMs: number;
}

/** What turns need that is made after the stores. */
export interface SpillTurns {
  tenants: Pick<TenantRegistry, 'find' | 'list'>;
  connect: ConnectTenant;
  makeHub: (stores: Stores, connect: ConnectTenant) => Pick<Hub, 'handle'>;
  /** Brings what answers of this tenant need into this process; may fail. */
  warm: (accountId: string) => Promise<void>;
  /** How many of them at once. */
  concurrency: number;
}

const drainConcurrency = 8;
const againMs = 1_000;
const probeTtlMs = 2_000;
/** Clocks, timers and a busy machine. */
const marginMs = 1_500;
/** Two instances notice that the stores went away, or are back, so far apart at most. */
const noticedWithinMs = 3_500;

export class Spill {
  /** The shared stores for everybody else. */
  readonly stores: Stores;
  readonly intake: IntakeStores;
  readonly outage: Outage;
  readonly #deps: SpillDeps;
  readonly #work: LocalWork;
  readonly #recent: RecentConversations;
  readonly #warmed = new Map<string, Promise<void>>();
  #turns: SpillTurns | null = null;
  #degraded: DegradedTurns | null = null;
  #wasThere = false;
  #retry: NodeJS.Timeout | null = null;

  static async open(deps: SpillDeps): Promise<Spill> {
    const { clock, logger } = deps;
    const times = {
      probeEveryMs: 500,
      probeTimeoutMs: 1_500,
      mattersAfterMs: deps.lockTtlMs + marginMs - noticedWithinMs,
      resumeAfterMs: deps.lockTtlMs + noticedWithinMs,
      rememberedMs: 3 * 60_000,
    };
    // The drain needs the parts that are made below; it never runs before `begin`.
    const late: { spill: Spill | null } = { spill: null };
    const outage = new Outage({
      probe: () => probe(deps),
      drain: async () => late.spill?.drain(),
      clock,
      logger,
      times,
    });
    const work = await LocalWork.open(deps.place, outage);
    late.spill = new Spill(deps, outage, work);
    return late.spill;
  }

  private constructor(deps: SpillDeps, outage: Outage, work: LocalWork) {
    const { shared, place, clock, logger } = deps;
    const watched = watchedStores(shared, outage);
    this.#deps = deps;
    this.outage = outage;
    this.#work = work;
    this.#recent = new RecentConversations(clock);
    this.stores = {
      ...watched,
      ...noticingStores(watched, this.#recent),
      sealed: new KnownCredentials(watched.sealed),
      documents: withKnownRevisions(watched.documents),
      check: () => this.#check(),
    };
    this.intake = spillingIntake({
      shared,
      record: place.record,
      work,
      outage,
      recent: this.#recent,
      onTraffic: (accountId) => this.#warm(accountId),
      logger,
    });
  }

  /** Before the first turn: what an earlier process left behind is handed in, and work without the shared stores is ready. */
  async begin(turns: SpillTurns): Promise<void> {
    const { place, clock, logger, lockTtlMs, readBackAfterMs } = this.#deps;
    this.#turns = turns;
    this.#degraded = new DegradedTurns({
      ...turns,
      outage: this.outage,
      work: this.#work,
      record: place.record,
      recent: this.#recent,
      clock,
      logger,
      times: {
        beginAfterMs: lockTtlMs + marginMs,
        beginOlderAfterMs: readBackAfterMs + marginMs,
        unsureForMs: marginMs,
      },
    });
    await this.#degraded.attach();
    await this.#rememberCredentials(turns);
    this.outage.begin((await place.record.size()) > 0);
  }

  /** The queue as regular turns see it. */
  gatedQueue(queue: TurnQueue): TurnQueue {
    return gatedQueue(queue, this.outage, () => this.#gate());
  }

  /** Comparing with the other side, as the clock may ask for it. */
  heldBack(schedule: ComparingSchedule) {
    return heldBack(schedule, this.outage);
  }

  /** Conversations whose mail is kept here and nowhere else. */
  size(): Promise<number> {
    return this.#deps.place.record.size();
  }

  /** Hands in whatever is kept here; what cannot go now is tried again soon. */
  async drain(): Promise<void> {
    const { shared, place, clock, logger } = this.#deps;
    const conversations = await place.record.conversations();
    const deps = { shared, work: this.#work.stores, record: place.record, clock };
    let left = 0;
    await atOnce(conversations, drainConcurrency, async (conversation) => {
      if (!(await drainConversation(deps, conversation))) left += 1;
    });
    if (conversations.length > 0) {
      logger.info({ conversations: conversations.length - left, left }, 'spill.handed_in');
    }
    if (left > 0) this.#drainAgain();
    else if (conversations.length > 0 && (await place.record.size()) === 0) await this.#renewWork(conversations);
  }

  async close(): Promise<void> {
    this.outage.close();
    this.#degraded?.close();
    if (this.#retry) clearTimeout(this.#retry);
    await this.#work.close();
    await this.#deps.place.close();
  }

  async #rememberCredentials({ tenants }: SpillTurns): Promise<void> {
    const listed = (await tenants.list()).map(({ accountId }) => this.stores.sealed.list(accountId));
    const isThere = (await this.#deps.shared.check()).state !== 'down';
    const known = await Promise.allSettled(listed);
    this.#wasThere = isThere && known.every(({ status }) => status === 'fulfilled');
    if (!isThere) this.outage.doubt();
  }

  async #renewWork(conversations: readonly ConversationRef[]): Promise<void> {
    const accounts = new Set(conversations.map(({ accountId }) => accountId));
    for (const accountId of accounts) await this.#handInUsage(accountId);
    await this.#work.renew();
    await this.#degraded?.attach();
  }

  /** Figures: a death in the middle may count an outage twice. */
  async #handInUsage(accountId: string): Promise<void> {
    const days = await this.#work.stores.usage.range(accountId, '0000-01-01', '9999-12-31');
    for (const [day, amounts] of Object.entries(days)) await this.#deps.shared.usage.add(accountId, day, amounts);
  }

  #drainAgain(): void {
    this.#retry = setTimeout(() => this.outage.drainSoon(), againMs);
    this.#retry.unref();
  }

  #gate(): TurnGate | null {
    if (!this.#turns) return null;
    const { outage } = this;
    const { shared, place, logger } = this.#deps;
    return new TurnGate({ ...this.#turns, outage, record: place.record, recent: this.#recent, shared, logger });
  }

  /** Once a tenant: an index that is built only when the stores are gone comes too late. */
  #warm(accountId: string): void {
    if (!this.#turns || this.#warmed.has(accountId)) return;
    const warmed = this.#turns.warm(accountId).catch(() => void this.#warmed.delete(accountId));
    this.#warmed.set(accountId, warmed);
  }

  async #check(): Promise<StoreHealth> {
    const [health, kept] = await Promise.all([this.#deps.shared.check(), this.size()]);
    if (health.state !== 'down') {
      this.#wasThere = true;
      if (kept === 0) return health;
      return { ...health, state: 'degraded', message: `Redis is back; conversations still to be handed in: ${kept}` };
    }
    this.outage.doubt();
    // Without it there from the start nobody knows tenants, credentials or documents.
    if (!this.#wasThere) return health;
    const message = `${health.message ?? 'no answer'}; answers go on from the journal of this instance, conversations kept there: ${kept}`;
    return { ...health, state: 'degraded', message };
  }
}

/** Something is really written: a server that answers but takes nothing is as good as away. */
async function probe({ shared, instanceId }: SpillDeps): Promise<void> {
  const lock = await shared.locks.acquire(`probe:${instanceId}`, probeTtlMs);
  await lock?.release();
}
