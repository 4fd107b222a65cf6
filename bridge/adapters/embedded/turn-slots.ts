// Places for turns of the one process that runs without a server. Nothing is kept on disk: after a restart nobody holds a
// place and nobody waits, and the mailbox's wake marks bring the conversations back.
import { conversationKey, parseConversationKey, type ConversationRef } from '../../core/message.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Entrance, TurnLimits, TurnSlots } from '../../core/ports/turn-slots.ts';

interface Places {
  /** Until when, by conversation. */
  holding: Map<string, number>;
  called: Map<string, number>;
  waiting: Set<string>;
  /** When each turn of the last minute began, oldest first. */
  turns: number[];
}

const minuteMs = 60_000;

export class EmbeddedTurnSlots implements TurnSlots {
  readonly #clock: Clock;
  readonly #places = new Map<string, Places>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async enter(conversation: ConversationRef, limits: TurnLimits, leaseMs: number): Promise<Entrance> {
    const places = this.#placesOf(conversation.accountId);
    const key = conversationKey(conversation);
    const untilMs = this.#clock.now() + leaseMs;
    const free = freePlaces(places, limits, this.#clock.now());
    if (places.holding.has(key)) return { kind: 'busy' };
    if (places.called.delete(key)) {
      places.holding.set(key, untilMs);
      return { kind: 'admitted', ticket: null };
    }
    const ahead = aheadOf(places.waiting, key);
    if (ahead < free) {
      places.waiting.delete(key);
      places.holding.set(key, untilMs);
      places.turns.push(this.#clock.now());
      return { kind: 'admitted', ticket: String(this.#clock.now()) };
    }
    places.waiting.add(key);
    return { kind: 'waiting', ahead };
  }

  async renew(conversation: ConversationRef, leaseMs: number): Promise<void> {
    const { holding } = this.#placesOf(conversation.accountId);
    const key = conversationKey(conversation);
    if (holding.has(key)) holding.set(key, this.#clock.now() + leaseMs);
  }

  async leave(conversation: ConversationRef, ticket: string | null): Promise<boolean> {
    const places = this.#placesOf(conversation.accountId);
    places.holding.delete(conversationKey(conversation));
    const taken = ticket === null ? -1 : places.turns.lastIndexOf(Number(ticket));
    if (taken >= 0) places.turns.splice(taken, 1);
    return places.waiting.size > 0;
  }

  async call(accountId: string, limits: TurnLimits, leaseMs: number): Promise<ConversationRef[]> {
    const places = this.#placesOf(accountId);
    const nowMs = this.#clock.now();
    const chosen = [...places.waiting].slice(0, Math.max(0, freePlaces(places, limits, nowMs)));
    for (const key of chosen) {
      places.waiting.delete(key);
      places.called.set(key, nowMs + leaseMs);
      places.turns.push(nowMs);
    }
    return chosen.map(parseConversationKey);
  }

  async accountsWaiting(): Promise<string[]> {
    return [...this.#places].filter(([, { waiting }]) => waiting.size > 0).map(([accountId]) => accountId);
  }

  #placesOf(accountId: string): Places {
    const places = this.#places.get(accountId) ?? {
      holding: new Map<string, number>(),
      called: new Map<string, number>(),
      waiting: new Set<string>(),
      turns: [],
    };
    this.#places.set(accountId, places);
    return places;
  }
}

function freePlaces(places: Places, { concurrent, perMinute }: TurnLimits, nowMs: number): number {
  for (const leases of [places.holding, places.called]) {
    for (const [key, untilMs] of leases) if (untilMs <= nowMs) leases.delete(key);
  }
  const firstInside = places.turns.findIndex((beganMs) => beganMs > nowMs - minuteMs);
  places.turns.splice(0, firstInside < 0 ? places.turns.length : firstInside);
  return Math.min(concurrent - places.holding.size - places.called.size, perMinute - places.turns.length);
}

function aheadOf(waiting: ReadonlySet<string>, key: string): number {
  if (!waiting.has(key)) return waiting.size;
  let ahead = 0;
  for (const other of waiting) {
    if (other === key) break;
    ahead += 1;
  }
  return ahead;
}
