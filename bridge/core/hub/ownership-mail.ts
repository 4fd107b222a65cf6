// Takeovers in the mailbox are applied before anything is answered, and survive a crash like any message: the state is
// saved and the conversation opened before the mail goes.
import { codeOf } from '../errors.ts';
import type { OwnershipEvent } from '../message.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { StoredMail } from '../ports/mailbox.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import { takeBack } from './hand-back.ts';
import { stateOf } from './pass.ts';
import type { HubDeps, Pass } from './pass.ts';
import { applyOwnership, surfaceOf } from './takeover.ts';

export async function applyOwnershipMail(deps: HubDeps, pass: Pass): Promise<ConversationState> {
  const before = await stateOf(deps, pass.conversation);
  const { mail } = await deps.mailbox.read(pass.conversation);
  const keys = mail.filter(({ entry }) => entry.kind === 'ownership').map(({ key }) => key);
  if (keys.length === 0) return before;
  const events = foreignEvents(mail, await deps.ledger.current(pass.conversation));
  const applied = events.reduce(applyOwnership, before);
  const isBack = cameBack(before, applied, events);
  const lastStatus = await settleStatus(deps, pass, applied, events, isBack);
  const settled = { ...applied, lastStatus, updatedAtMs: deps.clock.now() };
  const after = isBack ? (await takeBack(deps, pass, before, settled)).state : settled;
  if (before.request && !after.request) await deps.reminders.clear(pass.conversation, 'handoff_unanswered');
  await deps.states.set(pass.conversation, after);
  await deps.mailbox.remove(pass.conversation, keys);
  return after;
}

/** People gave it back: it is pending again, and not because an episode ended in between. */
function cameBack(before: ConversationState, after: ConversationState, events: OwnershipEvent[]): boolean {
  if (after.owner !== 'assistant' || after.lastStatus !== 'pending') return false;
  if (events.some(({ conversation }) => conversation.status === 'resolved')) return false;
  return before.owner !== 'assistant' || (before.unanswered ?? []).length > 0;
}

/** Who owns the conversation once this mail is applied, which it is not yet. */
export function ownershipAfter(
  state: ConversationState,
  mail: readonly StoredMail[],
  ours: ReplyIntent | null,
): ConversationState {
  return foreignEvents(mail, ours).reduce(applyOwnership, state);
}

/** What people did; Chatwoot before 4.9 drops our tag, and a send with a user token then looks like a person. */
function foreignEvents(mail: readonly StoredMail[], ours: ReplyIntent | null): OwnershipEvent[] {
  const events = mail.flatMap(({ entry }) => (entry.kind === 'ownership' ? [entry] : []));
  return inOrder(events.filter((event) => event.change !== 'person_replied' || !ours || !isPartOf(ours, event)));
}

function isPartOf({ parts }: ReplyIntent, event: OwnershipEvent): boolean {
  const text = event.text?.trim();
  return parts.some(
    (part, index) =>
      part.messageId === event.messageId ||
      part.text === text ||
      // After a crash everything that is missing goes out as one message.
      joined(parts.slice(index)) === text,
  );
}

function joined(parts: ReplyIntent['parts']): string {
  return parts.map((part) => part.text).join('\n\n');
}

/** By the other side's clock where all of them carry it; deliveries overtake each other on the way. */
function inOrder(events: OwnershipEvent[]): OwnershipEvent[] {
  return events.every(({ atMs }) => atMs > 0) ? events.toSorted((a, b) => a.atMs - b.atMs) : events;
}

/** Chatwoot changes nothing when a person writes or takes; we make its queue, its widget and our gate agree. */
async function settleStatus(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  events: OwnershipEvent[],
  isBack: boolean,
): Promise<ConversationState['lastStatus']> {
  if (state.lastStatus !== 'pending') return state.lastStatus;
  const isTakenOver = state.owner === 'person' && events.some(({ conversation }) => conversation.status === 'pending');
  const hasBot = events.at(-1)?.conversation.assignee?.kind === 'other_bot';
  const isHandedBack = state.owner === 'assistant' && surfaceOf(pass.tenant) === 'account_webhook' && !hasBot;
  const isTheirsStill = isBack && events.at(-1)?.conversation.assignee?.kind === 'person';
  if (!isTakenOver && !isHandedBack && !isTheirsStill) return state.lastStatus;
  const { conversationId } = pass.conversation;
  try {
    // Pending does not take the person off, and one who stands there still looks like one who has it.
    if (isHandedBack || isTheirsStill) await pass.conversations.unassign(conversationId, pass.signal);
    // Without a bot, pending is how people give a conversation back: it is ours when it is open and nobody's.
    if (!isTakenOver && !isHandedBack) return state.lastStatus;
    await pass.conversations.open(conversationId, pass.signal);
    return 'open';
  } catch (error) {
    // A refusal for good must not keep the news from being applied.
    if (codeOf(error) !== 'upstream_rejected') throw error;
    deps.logger.warn({ ...pass.conversation, err: error }, 'takeover.not_opened');
    return state.lastStatus;
  }
}
