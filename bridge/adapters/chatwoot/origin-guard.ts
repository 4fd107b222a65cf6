// What all tenants of one Chatwoot share on the way there: a breaker, so that one that is down is not asked by every turn,
// and a budget of requests, since Chatwoot counts them by address and all of ours come from the same few.
import { setTimeout as delay } from 'node:timers/promises';
import { BrokenCircuitError, ConsecutiveBreaker, circuitBreaker, handleWhen } from 'cockatiel';
import { BridgeError } from '../../core/errors.ts';
import type { Rate, RateLimiter } from '../../core/ports/rate-limiter.ts';
import { ChatwootRefusal } from './http.ts';
import type { ChatwootAnswer } from './http.ts';

/** Chatwoot lets 3 000 a minute through from one address; some are left for the team's own browsers behind it. */
const budget: Rate = { count: 2_400, perMs: 60_000 };
/** Longer than that is the queue's to wait, not a worker's. */
const waitAtMostMs = 5_000;

const failuresInARow = 10;
const askAgainAfterMs = 5_000;

export interface OriginGuard {
  /** Rejects with `upstream_unavailable` and says when to come back, while the breaker is open or the budget is spent. */
  run(send: () => Promise<ChatwootAnswer>, signal: AbortSignal): Promise<ChatwootAnswer>;
}

export function originGuard(origin: string, rates: RateLimiter | null): OriginGuard {
  const breaker = circuitBreaker(handleWhen(isOutage), {
    halfOpenAfter: askAgainAfterMs,
    breaker: new ConsecutiveBreaker(failuresInARow),
  });
  return {
    run: async (send, signal) => {
      if (rates) await takeFrom(rates, origin, signal);
      try {
        return await breaker.execute(send);
      } catch (error) {
        if (!(error instanceof BrokenCircuitError)) throw error;
        throw later('Chatwoot failed many times in a row and is left alone for a moment', askAgainAfterMs);
      }
    },
  };
}

/** An answer, even a refusal or a bug's 500, is no outage; a caller who gave up for reasons of its own is none either. */
function isOutage(error: unknown): boolean {
  if (!(error instanceof BridgeError) || error.code !== 'upstream_unavailable') return false;
  if (error instanceof ChatwootRefusal) return error.status >= 502 && error.status <= 504;
  return !(error.cause instanceof Error && error.cause.name === 'AbortError');
}

async function takeFrom(rates: RateLimiter, origin: string, signal: AbortSignal): Promise<void> {
  let left = waitAtMostMs;
  for (;;) {
    const waitMs = await rates.take(`chatwoot:${origin}`, budget).catch(() => 0);
    if (waitMs <= 0) return;
    if (waitMs > left) throw later('The budget of requests to this Chatwoot is spent', waitMs);
    left -= waitMs;
    await delay(waitMs, undefined, { signal }).catch((cause: unknown) => {
      throw new BridgeError('upstream_unavailable', 'Gave up waiting for the budget of requests', { cause });
    });
  }
}

function later(message: string, retryAfterMs: number): BridgeError {
  return new BridgeError('upstream_unavailable', message, { retryAfterMs });
}
