// What we say though no message waits for an answer: that nobody could come yet, a last word before a quiet end. It goes
// through the ledger like a reply, under a name that is the same when a crash makes it be said again.
import type { LiveConversation } from '../ports/conversations.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import { sendDeps } from './pass.ts';
import type { HubDeps, Pass } from './pass.ts';
import { sendIntent } from './send-reply.ts';

export type Unasked = Pick<ReplyIntent, 'turnId' | 'handoff' | 'purpose' | 'resolves'> & {
  text: string;
  language: string;
};

/** Null = it is out already, or something else must be settled first. */
export async function sayUnasked(
  deps: HubDeps,
  pass: Pass,
  live: LiveConversation | 'people',
  { text, language, ...unasked }: Unasked,
): Promise<ReplyIntent | null> {
  const answeredUpTo = await deps.ledger.answeredUpTo(pass.conversation);
  const lastSeen = live === 'people' ? 0 : live.lastMessageId;
  const intent: ReplyIntent = {
    version: 1,
    conversation: pass.conversation,
    ...unasked,
    lastMessageId: answeredUpTo + 1,
    afterMessageId: Math.max(answeredUpTo, lastSeen),
    parts: [{ text, messageId: null }],
    state: 'intended',
    atMs: deps.clock.now(),
    memo: { keys: [], language, service: 'info', offersPerson: false },
  };
  const outcome = await sendIntent(sendDeps(deps), pass, intent, async () => true);
  return outcome.kind === 'sent' ? outcome.intent : null;
}

export async function isSaid(deps: HubDeps, pass: Pass, turnId: string): Promise<boolean> {
  return (await deps.ledger.current(pass.conversation))?.turnId === turnId;
}
