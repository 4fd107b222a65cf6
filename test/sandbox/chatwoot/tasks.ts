// Things that happen a little later (receipts, background jobs), counted so that a test can wait until nothing is under way,
// and cancelled together when the sandbox is reset or stopped.

export class Tasks {
  private readonly timers = new Set<NodeJS.Timeout>();
  private stopped = false;

  get pending(): number {
    return this.timers.size;
  }

  later(delayMs: number, run: () => void): void {
    if (this.stopped) return;
    const timer = setTimeout(() => {
      this.timers.delete(timer);
      run();
    }, delayMs);
    this.timers.add(timer);
  }

  stop(): void {
    this.stopped = true;
    for (const timer of this.timers) clearTimeout(timer);
    this.timers.clear();
  }
}
