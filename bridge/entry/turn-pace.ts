// How fast turns may begin. A hundred customers who write in one instant must not all be thought about in the same instant:
// their next deliveries would wait behind it, and Chatwoot throws a bot out of the conversation that leaves one without an
// answer for five seconds. So turns begin as fast as the process gets round, and one at a time once it gets round slowly.

/** A round of the event loop that takes longer has too much in it already. */
const calmRoundMs = 25;
const inCalmRound = 4;

export class TurnPace {
  readonly #waiting: (() => void)[] = [];
  #isRunning = false;

  /** Resolves when a turn may begin; in the order asked. */
  begin(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      const beganMs = performance.now();
      // A whole round: what has arrived is read before the next turn begins.
      await new Promise((resolve) => setImmediate(resolve));
      await new Promise((resolve) => setImmediate(resolve));
      const isCalm = performance.now() - beganMs <= calmRoundMs;
      for (const begin of this.#waiting.splice(0, isCalm ? inCalmRound : 1)) begin();
    }
    this.#isRunning = false;
  }
}
