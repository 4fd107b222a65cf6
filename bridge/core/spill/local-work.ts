// The stores that turns work on while the shared ones are away: on this instance's own disk, empty at the beginning of an
// outage and thrown away after it. What a turn settles there is noted in the record, from which it is handed in later.
import { BridgeError } from '../errors.ts';
import { conversationKey } from '../message.ts';
import type { ConversationRef } from '../message.ts';
import type { Conversations } from '../ports/conversations.ts';
import type { HeldLock } from '../ports/locks.ts';
import type { Mailbox } from '../ports/mailbox.ts';
import type { ReplyLedger } from '../ports/reply-ledger.ts';
import type { SpillRecord } from '../ports/spill-record.ts';
import type { Stores } from '../stores.ts';
import type { Outage } from './outage.ts';
import { replacing } from './replacing.ts';

/** Where an instance keeps what it spills; each has its own. */
export interface SpillPlace {
  readonly record: SpillRecord;
  /** As an earlier process left them. */
  openWork(): Promise<Stores>;
  /** Throws away what they hold; they are closed. */
  wipeWork(): Promise<void>;
  close(): Promise<void>;
}

export class LocalWork {
  readonly #place: SpillPlace;
  readonly #outage: Outage;
  #stores: Stores;
  /** Conversations with a reply on its way. */
  readonly #sending = new Set<string>();

  private constructor(place: SpillPlace, outage: Outage, stores: Stores) {
    this.#place = place;
    this.#outage = outage;
    this.#stores = stores;
  }

  static async open(place: SpillPlace, outage: Outage): Promise<LocalWork> {
    if ((await place.record.size()) === 0) await place.wipeWork();
    return new LocalWork(place, outage, await place.openWork());
  }

  /** As they are, for whoever hands in. */
  get stores(): Stores {
    return this.#stores;
  }

  /** Empty stores again; only when nothing of the old ones is needed any more. */
  async renew(): Promise<void> {
    await this.#stores.close();
    await this.#place.wipeWork();
    this.#stores = await this.#place.openWork();
    this.#sending.clear();
  }

  async close(): Promise<void> {
    await this.#stores.close();
  }

  /** As turns see them. */
  forTurns(): Stores {
    const { locks } = this.#stores;
    return {
      ...this.#stores,
      mailbox: this.#mailbox(this.#stores.mailbox),
      ledger: this.#ledger(this.#stores.ledger),
      locks: {
        acquire: async (name, ttlMs) => {
          const lock = await locks.acquire(name, ttlMs);
          return lock && this.#lock(name, lock);
        },
      },
    };
  }

  /** Nothing is said any more once the shared stores are back: what is not out is handed in. */
  speaking(conversations: Conversations): Conversations {
    return replacing(conversations, {
      sendPart: async (conversationId, part, signal) => {
        this.#assertAway();
        return conversations.sendPart(conversationId, part, signal);
      },
    });
  }

  #mailbox(mailbox: Mailbox): Mailbox {
    return replacing(mailbox, {
      remove: async (conversation, keys) => {
        await this.#place.record.settle(conversation, keys);
        await mailbox.remove(conversation, keys);
      },
    });
  }

  #ledger(ledger: ReplyLedger): ReplyLedger {
    return replacing(ledger, {
      begin: async (intent) => {
        this.#assertAway();
        this.#sending.add(conversationKey(intent.conversation));
        return ledger.begin(intent);
      },
      finish: async (conversation: ConversationRef, turnId, state) => {
        await ledger.finish(conversation, turnId, state);
        this.#sending.delete(conversationKey(conversation));
      },
    });
  }

  /** A turn that has not begun to send loses its lock when the shared stores are back, so that nobody waits for it. */
  #lock(name: string, lock: HeldLock): HeldLock {
    const conversation = name.slice(name.indexOf(':') + 1);
    return {
      fence: lock.fence,
      get heldUntilMs() {
        return lock.heldUntilMs;
      },
      renew: async (ttlMs) => (this.#outage.isAway || this.#sending.has(conversation)) && lock.renew(ttlMs),
      release: async () => {
        this.#sending.delete(conversation);
        await lock.release();
      },
    };
  }

  #assertAway(): void {
    if (!this.#outage.isAway) throw new BridgeError('busy', 'the shared stores are back');
  }
}
