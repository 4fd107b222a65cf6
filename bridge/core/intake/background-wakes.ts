// Wakes that nobody waits for: mail is stored with its wake mark before this is asked, so the sender can be answered and the
// job made right after. What is too much for now is left to the sweeper, which finds it by the marks.
import { conversationKey, type ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { TurnQueue } from '../ports/turn-queue.ts';

export interface BackgroundWakesDeps {
  queue: Pick<TurnQueue, 'wake'>;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

interface Waiting {
  conversation: ConversationRef;
  dueAtMs: number;
}

/** Two thousand jobs a second are more than turns can be; the rest of the time belongs to those who are not answered yet. */
const atOnce = 10;
const pauseMs = 5;
const mostWaiting = 5_000;

export class BackgroundWakes implements Pick<TurnQueue, 'wake'> {
  readonly #deps: BackgroundWakesDeps;
  readonly #waiting = new Map<string, Waiting>();
  #isRunning = false;

  constructor(deps: BackgroundWakesDeps) {
    this.#deps = deps;
  }

  /** Resolves at once. Of several wakes of one conversation the earliest counts: whoever comes too early comes again. */
  async wake(conversation: ConversationRef, delayMs: number): Promise<void> {
    const key = conversationKey(conversation);
    const known = this.#waiting.get(key);
    if (known === undefined && this.#waiting.size >= mostWaiting) {
      this.#deps.metrics.count('wakes_left_to_sweeper');
      return;
    }
    const dueAtMs = this.#deps.clock.now() + delayMs;
    this.#waiting.set(key, { conversation, dueAtMs: Math.min(dueAtMs, known?.dueAtMs ?? dueAtMs) });
    if (this.#isRunning) return;
    this.#isRunning = true;
    // After what the caller still does in this step: the answer to the sender is among it.
    setImmediate(() => void this.#run());
  }

  async #run(): Promise<void> {
    while (this.#waiting.size > 0) {
      await Promise.all([...this.#waiting].slice(0, atOnce).map(([key, wake]) => this.#make(key, wake)));
      if (this.#waiting.size > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
    this.#isRunning = false;
  }

  async #make(key: string, { conversation, dueAtMs }: Waiting): Promise<void> {
    this.#waiting.delete(key);
    try {
      await this.#deps.queue.wake(conversation, Math.max(0, dueAtMs - this.#deps.clock.now()));
    } catch (error) {
      this.#deps.logger.warn({ ...conversation, err: error }, 'intake.wake_left_to_sweeper');
    }
  }
}
