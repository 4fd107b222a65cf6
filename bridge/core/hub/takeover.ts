// Who owns a conversation: the assistant, nobody yet (a person was requested) or a person. Chatwoot changes nothing when
// a person writes, so their reply is what takes a conversation over, and it is remembered like any message.
import type { ConversationFacts, OwnershipEvent } from '../message.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { Tenant } from '../tenant.ts';
import { withPersonsReply } from './context.ts';

export type Gate = { speak: true } | { speak: false; reason: SilenceReason };

/** Why the assistant says nothing, on purpose. */
export const silenceReasons = [
  'person_owns',
  'not_ours_now',
  'contact_blocked',
  'window_closed',
  'inbox_not_listed',
  'test_locked',
  'observed',
] as const;
export type SilenceReason = (typeof silenceReasons)[number];

export function freshState(nowMs: number): ConversationState {
  return {
    version: 1,
    owner: 'assistant',
    ownerSinceMs: 0,
    lastStatus: null,
    window: [],
    personOffered: false,
    testUnlocked: false,
    lastService: null,
    failures: 0,
    updatedAtMs: nowMs,
  };
}

/** Applied one by one in the order they happened; news that is older than what is known adds its words and no more. */
export function applyOwnership(state: ConversationState, event: OwnershipEvent): ConversationState {
  const isOld = event.atMs > 0 && event.atMs < state.ownerSinceMs;
  const heard = event.change === 'person_replied' ? { ...withPersonsReply(state, event), personOffered: false } : state;
  if (isOld) return heard;
  const seen = {
    ...heard,
    lastStatus: event.conversation.status,
    ownerSinceMs: Math.max(event.atMs, state.ownerSinceMs),
  };
  const owner = ownerAfter(state.owner, event);
  // A resolved boundary starts a new episode with an empty window.
  if (event.change !== 'person_replied' && event.conversation.status === 'resolved') {
    return { ...seen, owner, window: [], personOffered: false };
  }
  return owner === state.owner ? seen : { ...seen, owner, personOffered: false };
}

function ownerAfter(before: ConversationState['owner'], event: OwnershipEvent): ConversationState['owner'] {
  const { status, assignee } = event.conversation;
  if (event.change === 'person_replied') return 'person';
  if (status === 'resolved') return 'assistant';
  if (event.change === 'assignee_changed') {
    if (assignee?.kind === 'person') return 'person';
    return status === 'pending' ? 'assistant' : before;
  }
  // Put back to pending by a person or by the customer's return: the old assignee may still stand there.
  if (status === 'pending') return 'assistant';
  return status === 'open' && assignee?.kind === 'person' ? 'person' : before;
}

/** May the assistant speak? `facts` are live when they are asked for right before sending. */
export function gateFor(tenant: Tenant, state: ConversationState, facts: ConversationFacts): Gate {
  if (state.owner === 'person' && !wasHandedBack(state, facts)) return { speak: false, reason: 'person_owns' };
  if (!facts.canReply) return { speak: false, reason: 'window_closed' };
  return isOurTurn(tenant, state, facts) ? { speak: true } : { speak: false, reason: 'not_ours_now' };
}

/** Not every Chatwoot tells a bot that a conversation came back; pending now, after it was known not to be, says it. */
function wasHandedBack(state: ConversationState, facts: ConversationFacts): boolean {
  return facts.status === 'pending' && state.lastStatus !== null && state.lastStatus !== 'pending';
}

function isOurTurn(tenant: Tenant, state: ConversationState, facts: ConversationFacts): boolean {
  if (facts.assignee?.kind === 'other_bot') return false;
  // Pending with a person still assigned is a returning customer: resolving never clears the assignee. A person who
  // really takes over sends an assignment event or writes, and the state then says so.
  if (surfaceOf(tenant) === 'agent_bot' && facts.status === 'pending') return true;
  // An open conversation is ours where no bot is linked, and where a tester asked for us; never after we handed it over.
  const isOpenToUs = surfaceOf(tenant) === 'account_webhook' || state.testUnlocked;
  return isOpenToUs && state.owner === 'assistant' && facts.status === 'open' && facts.assignee?.kind !== 'person';
}

export function surfaceOf(tenant: Tenant): 'agent_bot' | 'account_webhook' {
  return tenant.config.integrations.chatwoot?.surface ?? 'agent_bot';
}
