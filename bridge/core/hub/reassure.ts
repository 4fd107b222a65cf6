// The customer writes while a person is waited for. Answering would talk over the person who is about to read it, and
// saying nothing for hours leaves them to nobody: one sentence on how it stands, at most once in an hour, by the company's
// hours. What was written is kept, and answered should the conversation come back to us.
import type { Answer } from '../answer.ts';
import { profileFor } from '../crew/channels/channel-profile.ts';
import { shapeReply } from '../crew/channels/shape-reply.ts';
import { stillWaitingText } from '../crew/handoff-text.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { TurnDecision } from '../ports/turn-queue.ts';
import { deliverAnswer } from './deliver-answer.ts';
import { openTurn } from './open-turn.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';
import { routeReasons } from './route.ts';

/** Since we last told the customer how it stands. */
const reassureEveryMs = 3_600_000;

export function mayReassure({ clock }: Pick<HubDeps, 'clock'>, { request }: ConversationState): boolean {
  return request !== null && request !== undefined && clock.now() - request.saidMs >= reassureEveryMs;
}

export async function reassure(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  burst: Burst,
): Promise<TurnDecision> {
  const turn = openTurn(deps, pass, state, burst.messages, 'live');
  const text = stillWaitingText(turn);
  const answer: Answer = { text, rung: 'deterministic', sources: [], handoff: null, offersPerson: false };
  const route = { service: state.lastService ?? 'info', confidence: 1, reason: routeReasons.personAwaited };
  const { parts } = shapeReply({ text }, profileFor(turn.channel, turn.isRaw), pass.tenant);
  const result = { answer, route, parts };
  return deliverAnswer(deps, pass, { state, burst, turn, result, purpose: 'waiting' });
}
