// Regular turns of this instance tell what they take care of, so that an outage finds it known here.
import type { Stores } from '../stores.ts';
import type { RecentConversations } from './recent-conversations.ts';
import { replacing } from './replacing.ts';

export function noticingStores(
  { mailbox, ledger }: Pick<Stores, 'mailbox' | 'ledger'>,
  recent: RecentConversations,
): Pick<Stores, 'mailbox' | 'ledger'> {
  return {
    mailbox: replacing(mailbox, {
      remove: async (conversation, keys) => {
        await mailbox.remove(conversation, keys);
        recent.settled(conversation, keys);
      },
    }),
    ledger: replacing(ledger, {
      begin: async (intent) => {
        const begun = await ledger.begin(intent);
        if (begun.begun) recent.begun(intent);
        return begun;
      },
      confirmPart: async (conversation, turnId, part, messageId) => {
        // Known to be there, whether or not the ledger can be told.
        recent.proved(conversation, turnId);
        await ledger.confirmPart(conversation, turnId, part, messageId);
      },
    }),
  };
}
