// What taking deliveries needs of the stores, with the journal behind it: the shared ones for a moment, then this instance's
// own disk. Only when neither can keep something is a delivery refused. What the shared stores did after all, though
// their answer came late, is harmless: keys are the same on both sides.
import { codeOf } from '../errors.ts';
import type { ConversationRef } from '../message.ts';
import type { Logger } from '../ports/logger.ts';
import type { Mail, Mailbox } from '../ports/mailbox.ts';
import type { ReplyLedger } from '../ports/reply-ledger.ts';
import type { SpillRecord } from '../ports/spill-record.ts';
import type { TurnQueue } from '../ports/turn-queue.ts';
import type { Stores } from '../stores.ts';
import type { LocalWork } from './local-work.ts';
import type { Outage } from './outage.ts';
import type { RecentConversations } from './recent-conversations.ts';
import { replacing } from './replacing.ts';
import { within } from './within.ts';

export interface SpillingDeps {
  shared: Pick<Stores, 'mailbox' | 'ledger' | 'queue'>;
  record: SpillRecord;
  work: LocalWork;
  outage: Outage;
  recent: RecentConversations;
  /** Mail of this tenant comes here: what its answers need should be here too. */
  onTraffic: (accountId: string) => void;
  logger: Logger;
}

/** A sender waits for us, and the journal must still have its turn. */
const sharedAnswersWithinMs = 1_000;

export interface IntakeStores {
  mailbox: Mailbox;
  ledger: ReplyLedger;
  queue: TurnQueue;
}

export function spillingIntake(deps: SpillingDeps): IntakeStores {
  const { shared, outage, work } = deps;
  const { mailbox, ledger, queue } = shared;
  return {
    mailbox: replacing(mailbox, {
      store: (mail) => store(deps, mail),
      amend: (change) =>
        orLocally(
          deps,
          () => mailbox.amend(change),
          async () => {
            const amended = await deps.record.amend(change.conversation, change.key, change.entry);
            const there = await work.stores.mailbox.amend(change);
            return { amended, wakeAtMs: there.wakeAtMs };
          },
        ),
      size: () => sizeOf(deps),
    }),
    ledger: replacing(ledger, {
      confirmPart: async (conversation, turnId, part, messageId) => {
        deps.recent.proved(conversation, turnId);
        await orLocally(
          deps,
          () => ledger.confirmPart(conversation, turnId, part, messageId),
          async () => {
            await deps.record.prove(conversation, { turnId, part, messageId });
            await work.stores.ledger.confirmPart(conversation, turnId, part, messageId);
          },
        );
      },
      current: (conversation) =>
        orLocally(
          deps,
          () => ledger.current(conversation),
          () => work.stores.ledger.current(conversation),
        ),
    }),
    queue: replacing(queue, {
      wake: async (conversation: ConversationRef, delayMs: number) => {
        if (outage.isAway) await work.stores.queue.wake(conversation, delayMs);
        else await queue.wake(conversation, delayMs);
      },
    }),
  };
}

async function store(deps: SpillingDeps, mail: Mail): ReturnType<Mailbox['store']> {
  deps.onTraffic(mail.conversation.accountId);
  deps.recent.add(mail.conversation);
  return orLocally(
    deps,
    async () => {
      const stored = await deps.shared.mailbox.store(mail);
      if (stored.outcome === 'stored') deps.recent.accepted(mail);
      return stored;
    },
    async () => {
      const outcome = await deps.record.keep(mail);
      // The turns' own copy: lost, it is made again from the record.
      const there = await deps.work.stores.mailbox.store(mail).catch((error: unknown) => {
        deps.logger.warn({ ...mail.conversation, err: error }, 'spill.work_not_stored');
        return { wakeAtMs: mail.nowMs };
      });
      return { outcome, wakeAtMs: there.wakeAtMs };
    },
  );
}

async function orLocally<T>(deps: SpillingDeps, call: () => Promise<T>, locally: () => Promise<T>): Promise<T> {
  const { outage } = deps;
  if (!outage.isAway) {
    try {
      return await within(sharedAnswersWithinMs, call);
    } catch (error) {
      if (codeOf(error) !== 'upstream_unavailable') throw error;
      outage.doubt();
    }
  }
  const result = await locally();
  if (!outage.isAway) outage.drainSoon();
  return result;
}

/** Conversations with mail, wherever it lies. */
async function sizeOf({ shared, record, outage }: SpillingDeps): Promise<number> {
  const spilled = await record.size();
  return outage.isAway ? spilled : spilled + (await shared.mailbox.size());
}
