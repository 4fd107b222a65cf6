// How patient we are with each kind of system. A customer waits for the model and for Odoo, so both are given up early; what
// a turn cannot get there it does without (the ladder's next rung), and what must not be lost waits in a store, not here.
import type { GuardedDependency } from '../../core/ports/guards.ts';

export interface GuardPolicy {
  /** Tries altogether, the first one included. */
  tries: number;
  firstPauseMs: number;
  /** A system that asks for a longer pause is not asked again by this call. */
  longestPauseMs: number;
  /** A try that took longer is not followed by another: the customer waited enough. */
  longestTryMs: number;
  failuresInRow: number;
  restMs: number;
  longestRestMs: number;
  /** Per tenant. */
  callsAtOnce: number;
  callsWaiting: number;
}

export const guardPolicies: Record<GuardedDependency, GuardPolicy> = {
  model: {
    tries: 2,
    firstPauseMs: 400,
    longestPauseMs: 3_000,
    longestTryMs: 10_000,
    failuresInRow: 5,
    restMs: 5_000,
    longestRestMs: 60_000,
    callsAtOnce: 16,
    callsWaiting: 64,
  },
  embeddings: {
    tries: 2,
    firstPauseMs: 200,
    longestPauseMs: 2_000,
    longestTryMs: 5_000,
    failuresInRow: 5,
    restMs: 5_000,
    longestRestMs: 60_000,
    callsAtOnce: 16,
    callsWaiting: 256,
  },
  odoo: {
    tries: 2,
    firstPauseMs: 250,
    longestPauseMs: 2_000,
    longestTryMs: 5_000,
    failuresInRow: 5,
    restMs: 5_000,
    longestRestMs: 60_000,
    callsAtOnce: 8,
    callsWaiting: 64,
  },
};
