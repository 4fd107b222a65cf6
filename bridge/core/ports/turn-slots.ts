// Places for the turns of one tenant, shared by every instance: so many at once, so many a minute, and a waiting list.
import type { ConversationRef } from '../message.ts';

export interface TurnLimits {
  concurrent: number;
  /** Turns in any span of a minute. */
  perMinute: number;
}

export type Entrance =
  /** It has a place now. `ticket` names what it took from the minute's budget; null when that cannot be given back. */
  | { kind: 'admitted'; ticket: string | null }
  /** Another pass over this conversation has a place. */
  | { kind: 'busy' }
  /** It stands in the tenant's waiting list, with so many before it. */
  | { kind: 'waiting'; ahead: number };

/** Nothing here is a store of record: what is lost is found again by the mailbox's wake marks. */
export interface TurnSlots {
  /** Asks for a place, held until `leave` or until `leaseMs` without renewal. Nobody overtakes those who wait. */
  enter(conversation: ConversationRef, limits: TurnLimits, leaseMs: number): Promise<Entrance>;
  renew(conversation: ConversationRef, leaseMs: number): Promise<void>;
  /**
   * Gives the place back; with a ticket also the part of the minute's budget, for a pass that made no turn. True when
   * somebody of this tenant waits.
   */
  leave(conversation: ConversationRef, ticket: string | null): Promise<boolean>;
  /** Takes from the waiting list who may go now, first come first. Each has a place for `leaseMs` and must be woken. */
  call(accountId: string, limits: TurnLimits, leaseMs: number): Promise<ConversationRef[]>;
  /** Tenants with somebody in the waiting list. */
  accountsWaiting(): Promise<string[]>;
}
