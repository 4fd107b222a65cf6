// Budgets of the one process that runs without a server. Nothing is kept on disk: after a restart a budget is full again.
import type { Clock } from '../../core/ports/clock.ts';
import type { Rate, RateLimiter } from '../../core/ports/rate-limiter.ts';

interface Budget {
  /** When each of the last ones was let through, oldest first. */
  instants: number[];
  emptyAtMs: number;
}

const budgetsBeforeTidying = 1_000;

export class EmbeddedRateLimiter implements RateLimiter {
  readonly #clock: Clock;
  readonly #budgets = new Map<string, Budget>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async take(name: string, { count, perMs }: Rate): Promise<number> {
    const nowMs = this.#clock.now();
    const instants = this.#budgets.get(name)?.instants ?? [];
    instants.splice(0, instants.length - count);
    const oldestMs = instants[0];
    if (instants.length === count && oldestMs !== undefined) {
      const waitMs = oldestMs + perMs - nowMs;
      if (waitMs > 0) return waitMs;
      instants.shift();
    }
    instants.push(nowMs);
    this.#tidy(nowMs);
    this.#budgets.set(name, { instants, emptyAtMs: nowMs + perMs });
    return 0;
  }

  #tidy(nowMs: number): void {
    if (this.#budgets.size < budgetsBeforeTidying) return;
    for (const [name, { emptyAtMs }] of this.#budgets) if (emptyAtMs <= nowMs) this.#budgets.delete(name);
  }
}
