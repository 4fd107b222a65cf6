// Lets turns in, so many of one tenant at once and a minute. What has no place stands in the tenant's waiting list and costs
// nothing until it is called: a flood of one tenant must neither fill the workers nor go round and round in the queue.
// Limits delay turns and never drop mail; when nobody can count them, turns go on uncounted.
import type { ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Mailbox } from '../ports/mailbox.ts';
import type { TurnDecision, TurnJob, TurnQueue } from '../ports/turn-queue.ts';
import type { TurnLimits, TurnSlots } from '../ports/turn-slots.ts';
import type { TenantRegistry } from '../tenant.ts';

export interface AdmissionDeps {
  turnSlots: TurnSlots;
  mailbox: Mailbox;
  queue: TurnQueue;
  tenants: TenantRegistry;
  clock: Clock;
  logger: Logger;
}

/** A pass over a conversation asks its place before it answers. */
export interface Place {
  /** True when an answer may be made now; it then counts as one of the minute's turns. */
  take(): boolean;
}

type Turn = (place: Place) => Promise<TurnDecision>;

/** As long as the conversation lock, and renewed as often. */
const leaseMs = 5_000;
/** A called conversation's job may have to wait for a worker. */
const calledLeaseMs = 15_000;
const busyDelayMs = 300;
const limitsFreshMs = 5_000;
/** The waiting list may be lost (a crash without Redis): then the wake mark brings the conversation back after this … */
const waitsAtLeastMs = 15_000;
/** … and after as much again for each that stands before it, or a long list would be looked through all the time. */
const waitsForEachMs = 250;

const done: TurnDecision = { kind: 'done' };
export const openPlace: Place = { take: () => true };
const noPlace: Place = { take: () => false };

export class Admission {
  readonly #deps: AdmissionDeps;
  readonly #limits = new Map<string, { limits: TurnLimits | null; untilMs: number }>();

  constructor(deps: AdmissionDeps) {
    this.#deps = deps;
  }

  /** Runs the turn when its tenant has a place for it. */
  async during(job: TurnJob, turn: Turn): Promise<TurnDecision> {
    const { conversation } = job;
    const limits = await this.#limitsOf(conversation.accountId);
    if (!limits) return turn(openPlace);
    const entered = await this.#deps.turnSlots.enter(conversation, limits, leaseMs).catch((error: unknown) => {
      this.#deps.logger.warn({ ...conversation, err: error }, 'admission.not_counted');
      return null;
    });
    if (entered === null) return turn(openPlace);
    if (entered.kind === 'busy') return { kind: 'again', delayMs: busyDelayMs, attempt: job.attempt };
    if (entered.kind === 'waiting') return this.#wait(conversation, entered.ahead, turn);
    return this.#hold(conversation, entered.ticket, limits, turn);
  }

  /** Wakes who waited and may go now: places of processes that died, a new minute. */
  async callWaiting(): Promise<void> {
    for (const accountId of await this.#deps.turnSlots.accountsWaiting()) {
      const limits = (await this.#limitsOf(accountId)) ?? { concurrent: 1, perMinute: 1_000 };
      await this.#callNext(accountId, limits);
    }
  }

  async #hold(
    conversation: ConversationRef,
    ticket: string | null,
    limits: TurnLimits,
    turn: Turn,
  ): Promise<TurnDecision> {
    const { turnSlots } = this.#deps;
    const renewal = setInterval(() => void turnSlots.renew(conversation, leaseMs).catch(() => undefined), leaseMs / 3);
    renewal.unref();
    let toGiveBack = ticket;
    const take = () => {
      toGiveBack = null;
      return true;
    };
    try {
      return await turn({ take });
    } finally {
      clearInterval(renewal);
      await this.#leave(conversation, toGiveBack, limits);
    }
  }

  /** A place that cannot be given back now ends with its lease, and the sweep calls the next. */
  async #leave(conversation: ConversationRef, ticket: string | null, limits: TurnLimits): Promise<void> {
    try {
      const somebodyWaits = await this.#deps.turnSlots.leave(conversation, ticket);
      if (somebodyWaits) await this.#callNext(conversation.accountId, limits);
    } catch (error) {
      this.#deps.logger.warn({ ...conversation, err: error }, 'admission.left_to_sweeper');
    }
  }

  /** What people did is done at once, place or not; the answer waits. */
  async #wait(conversation: ConversationRef, ahead: number, turn: Turn): Promise<TurnDecision> {
    const { mailbox, clock } = this.#deps;
    const { mail } = await mailbox.read(conversation);
    if (mail.some(({ entry }) => entry.kind === 'ownership')) await turn(noPlace);
    await mailbox.moveWake(conversation, clock.now() + waitsAtLeastMs + ahead * waitsForEachMs);
    return done;
  }

  async #callNext(accountId: string, limits: TurnLimits): Promise<void> {
    const { turnSlots, mailbox, queue, clock } = this.#deps;
    for (const conversation of await turnSlots.call(accountId, limits, calledLeaseMs)) {
      // The mark first: it makes the job again when this one is lost.
      await mailbox.moveWake(conversation, clock.now());
      await queue.wake(conversation, 0);
    }
  }

  /** Null for a tenant that is unknown or disabled now: what happens to its mail is the hub's to say. */
  async #limitsOf(accountId: string): Promise<TurnLimits | null> {
    const nowMs = this.#deps.clock.now();
    const known = this.#limits.get(accountId);
    if (known && known.untilMs > nowMs) return known.limits;
    const tenant = await this.#deps.tenants.find(accountId);
    const { concurrent_turns: concurrent, turns_per_minute: perMinute } = tenant?.config.limits ?? {};
    const limits = concurrent === undefined || perMinute === undefined ? null : { concurrent, perMinute };
    this.#limits.set(accountId, { limits, untilMs: nowMs + limitsFreshMs });
    return limits;
  }
}
