// Wake jobs in process. Nothing is kept on disk: after a restart the sweeper makes the jobs again from the mailbox's wake
// marks. Jobs of one conversation that are due together are one job, and two of them never run at once.
import { conversationKey, type ConversationRef } from '../../core/message.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { TurnDecision, TurnJob, TurnQueue } from '../../core/ports/turn-queue.ts';

type Handler = (job: TurnJob) => Promise<TurnDecision>;

const longestTimerMs = 2_147_483_647;
const deadLettersKept = 100;

export class EmbeddedTurnQueue implements TurnQueue {
  readonly #logger: Logger;
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #ready = new Map<string, TurnJob>();
  readonly #active = new Map<string, Promise<void>>();
  readonly #deadLetters: TurnJob[] = [];
  #handle: Handler | null = null;
  #concurrency = 0;
  #closed = false;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  async wake(conversation: ConversationRef, delayMs: number): Promise<void> {
    this.#schedule({ conversation, attempt: 0 }, delayMs);
  }

  async process(concurrency: number, handle: Handler): Promise<void> {
    this.#concurrency = concurrency;
    this.#handle = handle;
    this.#startWhatCanRun();
  }

  async counts(): Promise<{ waiting: number; delayed: number; active: number; failed: number }> {
    return {
      waiting: this.#ready.size,
      delayed: this.#timers.size,
      active: this.#active.size,
      failed: this.#deadLetters.length,
    };
  }

  async close(timeoutMs: number): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#ready.clear();
    await settledWithin(Promise.all(this.#active.values()), timeoutMs);
  }

  #schedule(job: TurnJob, delayMs: number): void {
    // A job that is lost at the end of the process is found again by its wake mark.
    if (this.#closed) return;
    if (delayMs <= 0) {
      this.#makeReady(job);
      return;
    }
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        this.#makeReady(job);
      },
      Math.min(delayMs, longestTimerMs),
    );
    this.#timers.add(timer);
  }

  #makeReady(job: TurnJob): void {
    const key = conversationKey(job.conversation);
    const attempt = Math.max(job.attempt, this.#ready.get(key)?.attempt ?? 0);
    this.#ready.set(key, { conversation: job.conversation, attempt });
    this.#startWhatCanRun();
  }

  #startWhatCanRun(): void {
    if (this.#handle === null || this.#closed) return;
    for (const [key, job] of this.#ready) {
      if (this.#active.size >= this.#concurrency) return;
      if (this.#active.has(key)) continue;
      this.#ready.delete(key);
      this.#active.set(key, this.#run(key, job, this.#handle));
    }
  }

  async #run(key: string, job: TurnJob, handle: Handler): Promise<void> {
    try {
      // Starts after the caller's own step, so that a handler never runs inside `wake`.
      await Promise.resolve();
      const decision = await handle(job);
      if (decision.kind === 'again') {
        this.#schedule({ conversation: job.conversation, attempt: decision.attempt }, decision.delayMs);
      }
    } catch (error) {
      this.#bury(job, error);
    } finally {
      this.#active.delete(key);
      this.#startWhatCanRun();
    }
  }

  #bury(job: TurnJob, error: unknown): void {
    this.#deadLetters.push(job);
    if (this.#deadLetters.length > deadLettersKept) this.#deadLetters.shift();
    this.#logger.error({ ...job.conversation, attempt: job.attempt, err: error }, 'queue.handler_threw');
  }
}

async function settledWithin(work: Promise<unknown>, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise((resolve) => {
    timer = setTimeout(resolve, timeoutMs);
  });
  await Promise.race([work, timeout]);
  clearTimeout(timer);
}
