// Who owns a conversation, as one state machine. Chatwoot changes nothing when a person writes, so their reply is what
// takes a conversation over, and it is remembered like any message.
//
//   assistant ── handoff ──▶ requested ── a person writes or takes it ──▶ person
//       ▲  └───────────── a person writes, takes it or has it open ────────▲ │
//       └──── pending again (hand-back), given to the bot, or resolved ──────┘
//
// Chatwoot up to 4.16 leaves a conversation pending when a person is assigned, and keeps the old assignee when a resolved
// one comes back: there the order of the news decides. From 4.17 on it opens it, which the status tells by itself.
import type { ConversationFacts, OwnershipEvent } from '../message.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import type { Tenant } from '../tenant.ts';
import { withPersonsReply } from './context.ts';

export type Gate = { speak: true } | { speak: false; reason: SilenceReason };

/** Why the assistant says nothing, on purpose. */
export const silenceReasons = [
  'person_owns',
  'person_requested',
  'not_ours_now',
  'contact_blocked',
  'window_closed',
  'inbox_not_listed',
  'test_locked',
  'already_closed',
] as const;
export type SilenceReason = (typeof silenceReasons)[number];

export type Phase = 'assistant' | 'person_requested' | 'person_active';

/** Somebody who was assigned and has not written yet is still waited for. */
export function phaseOf({ owner, request }: ConversationState): Phase {
  if (owner === 'assistant') return 'assistant';
  return owner === 'requested' || request ? 'person_requested' : 'person_active';
}

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
  const heard = event.change === 'person_replied' ? answeredBy(state, event) : state;
  if (isOld) return heard;
  const seen = {
    ...heard,
    lastStatus: event.conversation.status,
    ownerSinceMs: Math.max(event.atMs, state.ownerSinceMs),
  };
  const owner = ownerAfter(state.owner, event);
  if (event.change !== 'person_replied' && event.conversation.status === 'resolved') return newEpisode(seen);
  if (owner === state.owner) return seen;
  return { ...seen, owner, personOffered: false, ...(owner === 'assistant' ? { request: null } : {}) };
}

/** A person's words answer what was written before them, and whoever was waited for has come. */
function answeredBy(state: ConversationState, event: OwnershipEvent): ConversationState {
  const { request, unanswered = [] } = state;
  const isTheAnswer = request ? event.messageId === 0 || event.messageId > request.messageId : false;
  return {
    ...withPersonsReply(state, event),
    personOffered: false,
    ...(isTheAnswer ? { request: null } : {}),
    ...(unanswered.length > 0
      ? { unanswered: unanswered.filter(({ entry }) => event.messageId > 0 && entry.messageId > event.messageId) }
      : {}),
  };
}

/** A resolved boundary: what was said belongs to the episode before it. */
export function newEpisode(state: ConversationState): ConversationState {
  const fresh: ConversationState = { ...state, owner: 'assistant', window: [], personOffered: false };
  delete fresh.request;
  delete fresh.unanswered;
  delete fresh.closed;
  delete fresh.windowNoted;
  delete fresh.isReopening;
  return fresh;
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
export function gateFor(
  tenant: Tenant,
  state: ConversationState,
  facts: ConversationFacts,
  purpose: NonNullable<ReplyIntent['purpose']> = 'answer',
): Gate {
  const phase = phaseOf(state);
  if (purpose === 'waiting') return gateWhileWaiting(phase, facts);
  const isTheirs = phase === 'person_active' ? 'person_owns' : 'person_requested';
  if (state.owner === 'person' && !wasHandedBack(state, facts)) return { speak: false, reason: isTheirs };
  if (!isOurTurn(tenant, state, facts)) {
    return {
      speak: false,
      reason: state.owner === 'requested' && facts.status !== 'resolved' ? isTheirs : 'not_ours_now',
    };
  }
  return facts.canReply || purpose === 'reopening' ? { speak: true } : { speak: false, reason: 'window_closed' };
}

/** Only how it stands, and only while it is nobody's: a person who has written since does the talking. */
function gateWhileWaiting(phase: Phase, facts: ConversationFacts): Gate {
  if (phase === 'person_active') return { speak: false, reason: 'person_owns' };
  if (phase === 'assistant' || facts.status === 'resolved') return { speak: false, reason: 'not_ours_now' };
  return facts.canReply ? { speak: true } : { speak: false, reason: 'window_closed' };
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
