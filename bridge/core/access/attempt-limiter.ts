// So many attempts per caller and time span, kept in this process. It protects what can be guessed, so it counts every
// attempt, also the good ones, and forgets callers when their span is over.
import { BridgeError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';

/** More callers than this at once are an attack: then all of them together share one count. */
const mostCallers = 10_000;

export class AttemptLimiter {
  readonly #clock: Clock;
  readonly #attempts: number;
  readonly #spanMs: number;
  readonly #counts = new Map<string, { used: number; endsAtMs: number }>();

  constructor(parts: { clock: Clock; attempts?: number; spanMs?: number }) {
    this.#clock = parts.clock;
    this.#attempts = parts.attempts ?? 10;
    this.#spanMs = parts.spanMs ?? 5 * 60_000;
  }

  /** Counts one attempt; throws `rate_limited` with the time to wait when it is one too many. */
  take(caller: string): void {
    const nowMs = this.#clock.now();
    const key = this.#room(caller, nowMs) ? caller : '';
    const running = this.#counts.get(key);
    const count =
      running !== undefined && running.endsAtMs > nowMs ? running : { used: 0, endsAtMs: nowMs + this.#spanMs };
    this.#counts.set(key, count);
    if (count.used >= this.#attempts) {
      const retryAfterMs = count.endsAtMs - nowMs;
      throw new BridgeError('rate_limited', 'Too many attempts; wait a little.', { retryAfterMs });
    }
    count.used += 1;
  }

  #room(caller: string, nowMs: number): boolean {
    if (this.#counts.has(caller) || this.#counts.size < mostCallers) return true;
    for (const [key, count] of this.#counts) if (count.endsAtMs <= nowMs) this.#counts.delete(key);
    return this.#counts.size < mostCallers;
  }
}
