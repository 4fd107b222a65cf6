// Things that happen a little later (receipts, background jobs), counted so that a test can wait until nothing is under way,
// and cancelled together when the sandbox is reset or stopped.

export class Tasks {
  private readonly timers = new Set<NodeJS.Timeout>();
  private readonly onDone: () => void;
  private stopped = false;

  /** @param onDone called after each task, so that whoever waits looks again */
  constructor(onDone: () => void) {
    this.onDone = onDone;
  }

  get pending(): number {
    return this.timers.size;
  }

  /** @returns takes the task back */
  later(delayMs: number, run: () => void): () => void {
    if (this.stopped) return () => undefined;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
      this.onDone();
    }, delayMs);
    this.timers.add(timer);
    return () => {
      clearTimeout(timer);
      this.timers.delete(timer);
    };
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
