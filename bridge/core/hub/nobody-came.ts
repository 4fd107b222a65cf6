// A person was called and nobody wrote in the time the tenant gives them: the customer hears it once, people get a note, a
// label and a higher priority. A person's reply, the end of the conversation or its return ends the waiting before.
import { nobodyCameText } from '../crew/handoff-text.ts';
import { languages } from '../language.ts';
import type { ConversationState, PersonRequest } from '../ports/conversation-states.ts';
import type { LiveConversation } from '../ports/conversations.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import { withReply } from './context.ts';
import { completeReply } from './former-reply.ts';
import { finishHandoff } from './finish-handoff.ts';
import { lookNow } from './look-now.ts';
import { stateOf } from './pass.ts';
import type { HubDeps, Pass } from './pass.ts';
import { isSaid, sayUnasked } from './say-unasked.ts';
import { clockTime } from './clock-time.ts';
import { gateFor } from './takeover.ts';
import { noteEnd } from './turn-outcome.ts';

export async function nobodyCame(deps: HubDeps, pass: Pass): Promise<void> {
  const state = await stateOf(deps, pass.conversation);
  const { request } = state;
  if (!request || request.toldMs > 0) return;
  const live = await lookNow(deps, pass);
  if (hasCome(request, live)) return end(deps, pass, { ...state, request: null });
  const turnId = `wait-${pass.conversation.conversationId}-${request.atMs}`;
  if (await isSaid(deps, pass, turnId)) return end(deps, pass, told(state, request, request.atMs));
  const handoff = { reason: 'nobody_came' as const, note: noteOf(pass, request) };
  const canSay = live === 'people' || gateFor(pass.tenant, state, live, 'waiting').speak;
  if (canSay) await tell(deps, pass, state, request, live, turnId, handoff);
  else await finishHandoff(deps, pass, quietIntent(deps, pass, turnId, handoff), true);
  await end(deps, pass, told(await stateOf(deps, pass.conversation), request, deps.clock.now()));
  const { conversation } = pass;
  await noteEnd(deps, {
    conversation,
    outcome: 'nobody_came',
    turnId,
    handoff: 'nobody_came',
    fields: { said: canSay },
  });
}

async function tell(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  request: PersonRequest,
  live: LiveConversation | 'people',
  turnId: string,
  handoff: ReplyIntent['handoff'],
): Promise<void> {
  const nowMs = deps.clock.now();
  const language = languages.find((known) => known === request.language) ?? 'pt';
  const text = nobodyCameText({ tenant: pass.tenant, atMs: nowMs, language });
  const intent = await sayUnasked(deps, pass, live, { text, language, turnId, handoff, purpose: 'waiting' });
  if (!intent) return;
  const messageId = intent.parts[0]?.messageId ?? 0;
  await deps.states.set(pass.conversation, told(withReply(state, text, nowMs, messageId), request, nowMs));
  await completeReply(deps, pass, intent, false);
}

/** The state is saved before the reminder goes: a crash in between finds that it was told. */
async function end(deps: HubDeps, pass: Pass, state: ConversationState): Promise<void> {
  await deps.states.set(pass.conversation, state);
}

function told(state: ConversationState, request: PersonRequest, atMs: number): ConversationState {
  return { ...state, request: { ...request, saidMs: atMs, toldMs: atMs } };
}

/** What was seen there tells more than the news, which may be lost. */
function hasCome(request: PersonRequest, live: LiveConversation | 'people'): boolean {
  if (live === 'people') return false;
  return live.status === 'resolved' || live.status === 'pending' || live.personMessageId > request.messageId;
}

function noteOf({ tenant }: Pass, request: PersonRequest): string {
  const minutes = tenant.config.handoff.wait_minutes;
  const since = clockTime(tenant, request.atMs);
  return `⏰ Ninguém respondeu em ${minutes} ${minutes === 1 ? 'minuto' : 'minutos'} de atendimento [nobody_came]\nO cliente espera desde ${since} (motivo: ${request.reason}).`;
}

function quietIntent(deps: HubDeps, pass: Pass, turnId: string, handoff: ReplyIntent['handoff']): ReplyIntent {
  const atMs = deps.clock.now();
  const { conversation } = pass;
  return {
    version: 1,
    conversation,
    turnId,
    lastMessageId: 0,
    afterMessageId: 0,
    parts: [],
    handoff,
    state: 'done',
    atMs,
  };
}
