// One task at a time beside its caller: the caller prepares the next one meanwhile and waits only if the last is not done.
// A task that fails fails the next step of the caller, so that nothing goes on as if it had worked.

export class InTheBackground {
  #running: Promise<unknown> = Promise.resolve();

  /** Resolves when the task before is done and this one has begun. Rejects when the task before failed. */
  async next(task: () => Promise<unknown>): Promise<void> {
    await this.#running;
    this.#running = task();
    // Whoever waits next hears of it; until then it is not unhandled.
    this.#running.catch(() => undefined);
  }

  /** Rejects when the last task failed. */
  async done(): Promise<void> {
    await this.#running;
  }

  async settled(): Promise<void> {
    await this.#running.catch(() => undefined);
  }
}
