// Sends a reply once. What is going to be said is written down first; every part carries the turn and its number; a part
// is confirmed by the answer or by our own echo. After a crash or a lost answer nothing is sent before the conversation
// was read back, and what cannot be decided goes to a person, never out twice.
import { BridgeError } from '../errors.ts';
import type { ConversationRef } from '../message.ts';
import type { Clock, Conversations, HeldLock, LiveConversation, ReplyIntent, ReplyLedger } from '../ports.ts';

export interface SendDeps {
  ledger: ReplyLedger;
  clock: Clock;
  /** Longer than any POST may live on the way: before that a missing part may still arrive. */
  readBackAfterMs: number;
  /** How long the conversation lock is taken for; a POST's deadline stays inside it. */
  lockTtlMs: number;
}

export interface SendContext {
  conversation: ConversationRef;
  conversations: Conversations;
  lock: HeldLock;
  signal: AbortSignal;
}

export type SettleOutcome =
  | { kind: 'clear' }
  /** Too early to read back. */
  | { kind: 'wait'; delayMs: number }
  /** Everything of the intent is out; what follows the parts is still to be done. */
  | { kind: 'sent'; intent: ReplyIntent }
  /** Nobody can tell whether it is out, or people have the conversation: not to be sent any more. */
  | { kind: 'undecided'; intent: ReplyIntent };

/** Begins the intent and sends its parts. 'standing' = another intent must be settled first; nothing was sent. */
export async function sendIntent(
  deps: SendDeps,
  context: SendContext,
  intent: ReplyIntent,
  mayGoOn: () => Promise<boolean>,
) {
  const begun = await deps.ledger.begin(intent);
  if (!begun.begun) return 'standing' as const;
  for (const [index, part] of intent.parts.entries()) {
    if (index > 0 && !(await mayGoOn())) return 'stopped' as const;
    await sendPart(deps, context, intent, index + 1, part.text);
  }
  return 'sent' as const;
}

/** Brings an intent that a crash or a lost answer left behind to an end. */
export async function settle(
  deps: SendDeps,
  context: SendContext,
  mayStillSpeak: (live: LiveConversation | 'people') => boolean,
): Promise<SettleOutcome> {
  const intent = await deps.ledger.current(context.conversation);
  if (intent?.state !== 'intended') return { kind: 'clear' };
  if (intent.parts.every((part) => part.messageId !== null)) return { kind: 'sent', intent };
  const waitMs = intent.atMs + deps.readBackAfterMs - deps.clock.now();
  if (waitMs > 0) return { kind: 'wait', delayMs: waitMs };
  return sendMissing(deps, context, intent, mayStillSpeak);
}

async function sendMissing(
  deps: SendDeps,
  context: SendContext,
  intent: ReplyIntent,
  mayStillSpeak: (live: LiveConversation | 'people') => boolean,
): Promise<SettleOutcome> {
  const { conversation, conversations, signal } = context;
  const sought = {
    turnId: intent.turnId,
    texts: intent.parts.map((part) => part.text),
    afterMessageId: intent.afterMessageId,
  };
  const found = await conversations.findSent(conversation.conversationId, sought, signal);
  if (found === 'unknown') return { kind: 'undecided', intent };
  for (const sent of found) await deps.ledger.confirmPart(conversation, intent.turnId, sent.part, sent.messageId);
  const stored = new Set(found.map((sent) => sent.part));
  const missing = intent.parts
    .map((part, index) => ({ text: part.text, part: index + 1 }))
    .filter(({ part }) => !stored.has(part) && intent.parts[part - 1]?.messageId === null);
  const [first] = missing;
  if (!first) return { kind: 'sent', intent };
  if (!mayStillSpeak(await conversations.readLive(conversation.conversationId, signal)))
    return { kind: 'undecided', intent };
  // One message for all that is missing: the customer is waiting, and a second interruption must not leave a third piece.
  await deps.ledger.restart(conversation, intent.turnId, deps.clock.now());
  const messageId = await sendPart(deps, context, intent, first.part, missing.map(({ text }) => text).join('\n\n'));
  for (const { part } of missing.slice(1)) await deps.ledger.confirmPart(conversation, intent.turnId, part, messageId);
  return { kind: 'sent', intent };
}

/** The POST ends before the lock can: a lost lock means that another worker may be reading back already. */
async function sendPart(
  deps: SendDeps,
  context: SendContext,
  intent: ReplyIntent,
  part: number,
  text: string,
): Promise<number> {
  if (!(await context.lock.renew(deps.lockTtlMs)))
    throw new BridgeError('busy', 'The conversation lock was lost before sending');
  const deadline = AbortSignal.timeout(Math.round(deps.lockTtlMs * 0.8));
  const signal = AbortSignal.any([context.signal, deadline]);
  const { messageId } = await context.conversations.sendPart(
    context.conversation.conversationId,
    { text, turnId: intent.turnId, part },
    signal,
  );
  await deps.ledger.confirmPart(context.conversation, intent.turnId, part, messageId);
  return messageId;
}
