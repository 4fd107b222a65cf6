// Which conversations this process has a turn for. A second job for one of them has nothing to do but to see that it is looked
// at again afterwards: polling for its end would cost most exactly when the process has least to give.
import { conversationKey } from '../core/message.ts';
import type { ConversationRef } from '../core/message.ts';

export class RunningTurns {
  /** True = somebody came meanwhile. */
  readonly #running = new Map<string, boolean>();

  has(conversation: ConversationRef): boolean {
    return this.#running.has(conversationKey(conversation));
  }

  /** Runs it, and `again` afterwards when another job came meanwhile; null, remembered, when one runs already. */
  async during<T>(
    conversation: ConversationRef,
    work: () => Promise<T>,
    again: () => Promise<void>,
  ): Promise<T | null> {
    const key = conversationKey(conversation);
    if (this.#running.has(key)) {
      this.#running.set(key, true);
      return null;
    }
    this.#running.set(key, false);
    try {
      return await work();
    } finally {
      const isAsked = this.#running.get(key);
      this.#running.delete(key);
      if (isAsked) await again();
    }
  }
}
