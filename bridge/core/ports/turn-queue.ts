// Wake jobs for conversations, and what a turn tells the queue.
import type { ConversationRef } from '../message.ts';

export interface TurnJob {
  conversation: ConversationRef;
  /** Failed tries of this wake so far, 0 at first. */
  attempt: number;
}

export type TurnDecision = { kind: 'done' } | { kind: 'again'; delayMs: number; attempt: number };

/**
 * Wake jobs. A job says "this conversation has mail", never "this message". Jobs may run twice or be lost; the mailbox,
 * the conversation lock and the sweeper make that harmless.
 */
export interface TurnQueue {
  wake(conversation: ConversationRef, delayMs: number): Promise<void>;
  /** Starts taking jobs. A handler that throws is a bug: the job is kept among the dead letters and logged. */
  process(concurrency: number, handle: (job: TurnJob) => Promise<TurnDecision>): Promise<void>;
  counts(): Promise<{ waiting: number; delayed: number; active: number; failed: number }>;
  /** Stops taking jobs and waits for the running ones, at most `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}
