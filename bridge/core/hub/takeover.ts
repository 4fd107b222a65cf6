// Who owns a conversation: the assistant, nobody yet (a person was requested) or a person. Chatwoot changes nothing when
// a person writes, so their reply is what takes a conversation over, and it is remembered like any message.
import type { ConversationFacts, OwnershipEvent } from '../message.ts';
import type { ConversationState } from '../ports.ts';
import type { Tenant } from '../tenant.ts';

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
  'nothing_to_answer',
  'superseded',
] as const;
export type SilenceReason = (typeof silenceReasons)[number];

export function freshState(nowMs: number): ConversationState {
  return {
    version: 1,
    owner: 'assistant',
    ownerSinceMs: nowMs,
    lastStatus: null,
    window: [],
    personOffered: false,
    testUnlocked: false,
    lastService: null,
    failures: 0,
    updatedAtMs: nowMs,
  };
}

/** What an ownership event does to the state. A resolved boundary starts a new episode with an empty window. */
export function applyOwnership(state: ConversationState, event: OwnershipEvent): ConversationState {
  const { status, assignee } = event.conversation;
  const seen = { ...state, lastStatus: status, updatedAtMs: event.atMs };
  if (event.change === 'person_replied') {
    const said = { from: 'person' as const, text: event.text ?? '', atMs: event.atMs, messageId: event.messageId };
    return { ...owned(seen, 'person', event.atMs), window: [...state.window, said], personOffered: false };
  }
  if (status === 'resolved') return { ...owned(seen, 'assistant', event.atMs), window: [], personOffered: false };
  if (event.change === 'assignee_changed')
    return assignee?.kind === 'person' ? owned(seen, 'person', event.atMs) : seen;
  if (status === 'pending') return owned(seen, 'assistant', event.atMs);
  return status === 'open' && state.owner === 'assistant' && assignee?.kind === 'person'
    ? owned(seen, 'person', event.atMs)
    : seen;
}

function owned(state: ConversationState, owner: ConversationState['owner'], atMs: number): ConversationState {
  return state.owner === owner ? state : { ...state, owner, ownerSinceMs: atMs };
}

/** May the assistant speak? `facts` are live when they are asked for right before sending. */
export function gateFor(tenant: Tenant, state: ConversationState, facts: ConversationFacts): Gate {
  if (state.owner === 'person') return { speak: false, reason: 'person_owns' };
  if (!facts.canReply) return { speak: false, reason: 'window_closed' };
  return isOurTurn(tenant, facts) ? { speak: true } : { speak: false, reason: 'not_ours_now' };
}

function isOurTurn(tenant: Tenant, facts: ConversationFacts): boolean {
  if (facts.assignee?.kind === 'other_bot') return false;
  const surface = tenant.config.integrations.chatwoot?.surface ?? 'agent_bot';
  // Pending with a person still assigned is a returning customer: resolving never clears the assignee. A person who
  // really takes over sends an assignment event or writes, and the state then says so.
  if (surface === 'agent_bot') return facts.status === 'pending';
  return facts.status === 'open' && facts.assignee?.kind !== 'person';
}
