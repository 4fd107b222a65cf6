// What turns did, for people who look at it.
import type { Tokens } from '../cost/paid-call.ts';
import type { Money } from '../cost/pricing.ts';

/** What a turn did, for people: console, demo page, audit. Kept as a bounded recent list per conversation. */
export interface TurnTrace {
  turn_id: string;
  account_id: string;
  conversation_id: number;
  at: string;
  outcome: string;
  service: string | null;
  confidence: number | null;
  reason: string | null;
  rung: string | null;
  /** Why it went to people; absent = it did not. */
  handoff?: string;
  sources: { kind: string; id: string; title: string }[];
  tools: { name: string; ok: boolean; ms: number }[];
  usage: TurnUse;
  ms: number;
  durations: Record<string, number>;
}

/** What a turn's calls of models came to. */
export interface TurnUse extends Tokens {
  /** Null when a call has no known price; absent in turns that end without an answer of their own. */
  cost?: Money | null;
}

export interface TurnTraces {
  add(trace: TurnTrace): Promise<void>;
  /** Newest first, at most `limit`; of one conversation when it is given. */
  list(accountId: string, conversationId: number | null, limit: number): Promise<TurnTrace[]>;
}
