// A clock that stands still until a test moves it. It starts at the real time, which is the simulated Chatwoot's.
import type { Clock } from '../../../../bridge/core/ports/clock.ts';

export class HandClock implements Clock {
  #nowMs = Date.now();

  now(): number {
    return this.#nowMs;
  }

  move(ms: number): void {
    this.#nowMs += Math.max(0, ms);
  }
}
