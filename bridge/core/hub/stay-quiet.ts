// Silence on purpose, always with a name: the customer's words are remembered, nothing waits for an answer any more, and
// the conversation is where people see it when it is theirs.
import type { ConversationState } from '../ports/conversation-states.ts';
import type { LiveConversation } from '../ports/conversations.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import type { TurnDecision } from '../ports/turn-queue.ts';
import { withCustomer } from './context.ts';
import { addNote } from './finish-handoff.ts';
import { withUnanswered } from './hand-back.ts';
import { lookNow, openIfPending } from './look-now.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';
import { gateFor, phaseOf } from './takeover.ts';
import type { SilenceReason } from './takeover.ts';
import { noteEnd } from './turn-outcome.ts';
import { closedWindowNote } from './window-closed.ts';

/** An answer this late comes after an outage. */
const windowDoubtfulMs = 3_600_000;

export interface Silence {
  reason: SilenceReason;
  /** What was seen when it was decided; null when nobody had to look. */
  live: LiveConversation | 'people' | null;
}

export async function stayQuiet(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  burst: Burst,
  { reason, live }: Silence,
): Promise<TurnDecision> {
  if (reason === 'window_closed' && !state.windowNoted) await addNote(deps.logger, pass, closedWindowNote(live));
  const isPeoples = reason === 'person_owns' || reason === 'person_requested';
  const isOpened = (isPeoples || reason === 'window_closed') && live !== null && (await openIfPending(pass, live));
  const personMessageId = live === null || live === 'people' ? 0 : live.personMessageId;
  const kept = isPeoples || reason === 'not_ours_now' ? withUnanswered(state, burst, personMessageId) : state;
  await forgetMail(
    deps,
    pass,
    {
      ...kept,
      owner: reason === 'person_owns' ? 'person' : state.owner,
      lastStatus: isOpened ? 'open' : state.lastStatus,
      ...(reason === 'window_closed' ? { windowNoted: true } : {}),
    },
    burst,
  );
  const ms = deps.clock.now() - pass.startedMs;
  await noteEnd(deps, { conversation: pass.conversation, outcome: `silent_${reason}`, ms });
  return { kind: 'done' };
}

/** The burst needs no answer any more: what was said stays in memory, the mail goes. */
export async function forgetMail(deps: HubDeps, pass: Pass, state: ConversationState, burst: Burst): Promise<void> {
  const updatedAtMs = deps.clock.now();
  await deps.states.set(pass.conversation, { ...withCustomer(state, burst.messages), failures: 0, updatedAtMs });
  await deps.ledger.markAnswered(pass.conversation, burst.last.messageId);
  await deps.mailbox.remove(pass.conversation, burst.keys);
}

/** In test and observe inboxes people answer, so they must see the conversation. */
export async function openForPeople(deps: HubDeps, pass: Pass, state: ConversationState): Promise<ConversationState> {
  const isOpened = await openIfPending(pass, await lookNow(deps, pass));
  return isOpened ? { ...state, lastStatus: 'open' } : state;
}

/** What the deliveries told is enough to go on; to stay silent it is not, since it may be old. */
export async function reasonToStayQuiet(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  burst: Burst,
): Promise<Silence | null> {
  const isOurs = phaseOf(state) === 'assistant' && gateFor(pass.tenant, state, burst.last.conversation).speak;
  // Its window may have closed since: looking costs less than a model that is paid for nothing.
  const isOld = deps.clock.now() - burst.last.sentAtMs > windowDoubtfulMs;
  return isOurs && !isOld ? null : silenceBy(pass, state, burst, await lookNow(deps, pass));
}

/** Null = the assistant may speak. A person who wrote after the customer has it, though the news of it is still on the way. */
export function silenceBy(
  pass: Pass,
  state: ConversationState,
  burst: Burst,
  live: LiveConversation | 'people',
  purpose: NonNullable<ReplyIntent['purpose']> = 'answer',
): Silence | null {
  // A bot may not read what has a team, and a team is what our own handoff sets: then the state says who has it.
  if (live === 'people') {
    if (phaseOf(state) !== 'person_requested') return { reason: 'person_owns', live };
    return purpose === 'waiting' ? null : { reason: 'person_requested', live };
  }
  if (live.personMessageId > burst.last.messageId) return { reason: 'person_owns', live };
  if (state.owner === 'person' && lastPersonIn(state) > burst.last.messageId) return { reason: 'person_owns', live };
  const gate = gateFor(pass.tenant, state, live, purpose);
  return gate.speak ? null : { reason: gate.reason, live };
}

function lastPersonIn({ window }: ConversationState): number {
  return window.findLast(({ from }) => from === 'person')?.messageId ?? 0;
}
