// Sends a reply once. What is going to be said is written down first; every part carries the turn and its number; a part
// is confirmed by the answer or by our own echo. After a crash or a lost answer nothing is sent before the conversation
// was read back, and what cannot be decided goes to a person, never out twice.
import { BridgeError } from '../errors.ts';
import type { ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Conversations } from '../ports/conversations.ts';
import type { HeldLock } from '../ports/locks.ts';
import type { ReplyIntent, ReplyLedger, ReplyPart } from '../ports/reply-ledger.ts';

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

/** Of the lock's time, for what a POST that was broken off may still do on its way. */
const keptShare = 0.2;

export type SendOutcome =
  /** Another intent must be settled first, or answered this already; nothing was sent. */
  | { kind: 'standing' }
  /** Everything is out, or the first `sent` parts when something stopped it in between. */
  | { kind: 'sent'; intent: ReplyIntent; sent: number };

export type SettleOutcome =
  | { kind: 'clear' }
  /** Too early to read back. */
  | { kind: 'wait'; delayMs: number }
  /** Everything of the intent is out; what follows the parts is still to be done. */
  | { kind: 'sent'; intent: ReplyIntent }
  /** Nobody can tell whether it is out, or people have the conversation: not to be sent any more. */
  | { kind: 'undecided'; intent: ReplyIntent };

/** Begins the intent and sends its parts, asking between two of them whether to go on. */
export async function sendIntent(
  deps: SendDeps,
  context: SendContext,
  given: ReplyIntent,
  mayGoOn: () => Promise<boolean>,
): Promise<SendOutcome> {
  await holdLock(deps, context);
  const begun = await deps.ledger.begin(given);
  if (!begun.begun) return { kind: 'standing' };
  const intent = { ...given, parts: given.parts.map((part) => ({ ...part })) };
  for (const [index, part] of intent.parts.entries()) {
    if (index > 0 && !(await mayGoOn())) return { kind: 'sent', intent, sent: index };
    part.messageId = await sendPart(deps, context, intent.turnId, index + 1, part);
  }
  return { kind: 'sent', intent, sent: intent.parts.length };
}

/** Brings an intent that a crash or a lost answer left behind to an end. */
export async function settle(
  deps: SendDeps,
  context: SendContext,
  mayStillSpeak: () => Promise<boolean>,
): Promise<SettleOutcome> {
  const intent = await deps.ledger.current(context.conversation);
  if (intent?.state !== 'intended') return { kind: 'clear' };
  if (partsProved(intent) === intent.parts.length) return { kind: 'sent', intent };
  const waitMs = intent.atMs + deps.readBackAfterMs - deps.clock.now();
  if (waitMs > 0) return { kind: 'wait', delayMs: waitMs };
  return sendMissing(deps, context, intent, mayStillSpeak);
}

async function sendMissing(
  deps: SendDeps,
  context: SendContext,
  intent: ReplyIntent,
  mayStillSpeak: () => Promise<boolean>,
): Promise<SettleOutcome> {
  const { conversation, conversations, signal } = context;
  const texts = intent.parts.map((part) => part.text);
  const sought = { turnId: intent.turnId, texts, afterMessageId: intent.afterMessageId };
  const found = await conversations.findSent(conversation.conversationId, sought, signal);
  if (found === 'unknown') return { kind: 'undecided', intent };
  for (const sent of found) await deps.ledger.confirmPart(conversation, intent.turnId, sent.part, sent.messageId);
  const stored = Math.max(partsProved(intent), ...found.map(({ part }) => part));
  if (stored >= texts.length) return { kind: 'sent', intent };
  if (!(await mayStillSpeak())) return { kind: 'undecided', intent };
  await deps.ledger.restart(conversation, intent.turnId, deps.clock.now());
  // One message for all that is missing: the customer is waiting, and a second interruption must not leave a third piece.
  // It carries the last part's number, so that finding it proves the whole.
  const text = texts.slice(stored).join('\n\n');
  const template = texts.length === 1 ? intent.parts[0]?.template : undefined;
  await sendPart(deps, context, intent.turnId, texts.length, { text, ...(template ? { template } : {}) });
  return { kind: 'sent', intent };
}

/** Parts go out one after the other, so a stored part proves all before it. */
function partsProved(intent: ReplyIntent): number {
  return intent.parts.findLastIndex((part) => part.messageId !== null) + 1;
}

/** The POST ends before the lock can: a lost lock means that another worker may be reading back already. */
async function sendPart(
  deps: SendDeps,
  context: SendContext,
  turnId: string,
  part: number,
  { text, choices, template }: Omit<ReplyPart, 'messageId'>,
): Promise<number> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(await holdLock(deps, context))]);
  const { conversations, conversation } = context;
  const outgoing = { turnId, part, text, ...(choices ? { choices } : {}) };
  const { messageId } = template
    ? await conversations.sendTemplate(conversation.conversationId, { ...template, ...outgoing }, signal)
    : await conversations.sendPart(conversation.conversationId, outgoing, signal);
  await deps.ledger.confirmPart(conversation, turnId, part, messageId);
  return messageId;
}

/**
 * How long a POST may take that begins now. The renewal's answer may come late (a starved process, a slow store), so what is
 * left counts from when it was asked for; too little is as bad as a lost lock.
 */
async function holdLock({ lockTtlMs, clock }: SendDeps, { lock }: SendContext): Promise<number> {
  const isHeld = await lock.renew(lockTtlMs);
  const leftMs = Math.floor(lock.heldUntilMs - clock.now() - lockTtlMs * keptShare);
  if (!isHeld || leftMs <= 0) throw new BridgeError('busy', 'The conversation lock was lost before sending');
  return leftMs;
}
