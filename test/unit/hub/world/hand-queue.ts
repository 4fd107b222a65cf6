// Wake jobs that run when the test says so: the embedded queue keeps real timers, and the tests own the time.
import type { ConversationRef } from '../../../../bridge/core/message.ts';
import type { TurnDecision, TurnJob, TurnQueue } from '../../../../bridge/core/ports/turn-queue.ts';

export class HandQueue implements TurnQueue {
  readonly wakes: { conversation: ConversationRef; delayMs: number }[] = [];
  /** The next `wake` rejects with it. */
  failure: Error | null = null;
  #handle: ((job: TurnJob) => Promise<TurnDecision>) | null = null;

  async wake(conversation: ConversationRef, delayMs: number): Promise<void> {
    if (this.failure) throw this.failure;
    this.wakes.push({ conversation, delayMs });
  }

  async process(_concurrency: number, handle: (job: TurnJob) => Promise<TurnDecision>): Promise<void> {
    this.#handle = handle;
  }

  /** What the worker decides about this job. */
  run(job: TurnJob): Promise<TurnDecision> {
    if (!this.#handle) throw new Error('nobody takes jobs');
    return this.#handle(job);
  }

  async counts() {
    return { waiting: this.wakes.length, delayed: 0, active: 0, failed: 0 };
  }

  async close(): Promise<void> {
    this.#handle = null;
  }
}
