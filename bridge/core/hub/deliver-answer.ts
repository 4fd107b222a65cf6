// From an answer to what the customer sees: nothing newer in the mailbox, ownership read live once, the intent, the parts,
// and afterwards memory and report, whose failure never repeats the turn.
import type { ConversationState, LiveConversation, ReplyIntent, TurnDecision } from '../ports.ts';
import type { Turn } from '../turn.ts';
import type { TurnResult } from './answer-turn.ts';
import { withCustomer, withReply } from './context.ts';
import { noteFor } from './finish-handoff.ts';
import { completeReply } from './former-reply.ts';
import { sendDeps } from './pass.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';
import { reportTurn } from './report-turn.ts';
import { sendIntent } from './send-reply.ts';
import { openForPeople, stayQuiet } from './stay-quiet.ts';
import { gateFor } from './takeover.ts';

export interface Delivery {
  state: ConversationState;
  burst: Burst;
  turn: Turn;
  result: TurnResult;
}

/** How soon to look again at a conversation whose former reply must be settled first. */
const standingDelayMs = 300;

export async function deliverAnswer(deps: HubDeps, pass: Pass, delivery: Delivery): Promise<TurnDecision> {
  const { state, burst } = delivery;
  // A draft that does not know the newest message is thrown away; all of them are answered together.
  if (await hasNewerMail(deps, pass, burst)) return { kind: 'again', delayMs: 0, attempt: 0 };
  const live = await pass.conversations.readLive(pass.conversation.conversationId, pass.signal);
  if (live === 'people') return stayQuiet(deps, pass, state, burst, 'person_owns');
  const gate = gateFor(pass.tenant, state, live);
  if (!gate.speak) return stayQuiet(deps, pass, state, burst, gate.reason);
  const intent = intentFor(deps, pass, delivery, live);
  const sent = await sendIntent(sendDeps(deps), pass, intent, () => isStillOurs(pass, state));
  if (sent === 'standing') return { kind: 'again', delayMs: standingDelayMs, attempt: pass.job.attempt };
  await completeReply(deps, pass, sent === 'stopped' ? { ...intent, handoff: null } : intent);
  await remember(deps, pass, delivery);
  return { kind: 'done' };
}

/** In an observed inbox the draft goes to people as a private note. */
export async function observeAnswer(deps: HubDeps, pass: Pass, delivery: Delivery): Promise<TurnDecision> {
  const { state, burst, result } = delivery;
  const note = `👁️ Rascunho do assistente (caixa em observação, nada foi enviado ao cliente):\n${result.parts.join('\n\n')}`;
  await pass.conversations.addNote(pass.conversation.conversationId, note, pass.signal);
  await report(deps, pass, delivery, 'observed');
  return openForPeople(deps, pass, state, burst, 'observed');
}

function intentFor(deps: HubDeps, pass: Pass, { burst, turn, result }: Delivery, live: LiveConversation): ReplyIntent {
  const { handoff } = result.answer;
  return {
    version: 1,
    conversation: pass.conversation,
    turnId: turn.id,
    lastMessageId: burst.last.messageId,
    afterMessageId: Math.max(burst.last.messageId, live.lastMessageId),
    parts: result.parts.map((text) => ({ text, messageId: null })),
    handoff: handoff ? { reason: handoff.reason, note: noteFor(result.answer) } : null,
    state: 'intended',
    atMs: deps.clock.now(),
  };
}

async function remember(deps: HubDeps, pass: Pass, delivery: Delivery): Promise<void> {
  const { state, burst, turn, result } = delivery;
  const { answer, route } = result;
  const nowMs = deps.clock.now();
  const said = withReply(withCustomer(state, burst.messages), answer.text, nowMs);
  try {
    await deps.states.set(pass.conversation, {
      ...said,
      owner: answer.handoff ? 'requested' : state.owner,
      personOffered: answer.offersPerson,
      lastService: route.service,
      failures: 0,
      updatedAtMs: nowMs,
    });
    await report(deps, pass, delivery, answer.handoff ? 'handed_over' : 'replied');
  } catch (error) {
    deps.logger.error({ ...pass.conversation, turn_id: turn.id, err: error }, 'turn.not_remembered');
  }
}

async function report(deps: HubDeps, pass: Pass, { turn, result, burst }: Delivery, outcome: string): Promise<void> {
  await reportTurn(deps, { turn, result, outcome, startedMs: pass.startedMs, arrivedMs: burst.last.sentAtMs });
}

async function hasNewerMail(deps: HubDeps, pass: Pass, burst: Burst): Promise<boolean> {
  const { mail } = await deps.mailbox.read(pass.conversation);
  return mail.some(({ key }) => !burst.keys.includes(key));
}

async function isStillOurs(pass: Pass, state: ConversationState): Promise<boolean> {
  const live = await pass.conversations.readLive(pass.conversation.conversationId, pass.signal);
  return live !== 'people' && gateFor(pass.tenant, state, live).speak;
}
