// Route, crew, ladder, channel: the part of a turn that thinks. The playground and the worker run exactly this.
import type { Answer } from '../answer.ts';
import type { Budgets } from '../cost/budgets.ts';
import { climb } from '../crew/answer-ladder.ts';
import type { LadderDeps } from '../crew/answer-ladder.ts';
import { profileFor } from '../crew/channels/channel-profile.ts';
import { personChoices } from '../crew/channels/choices.ts';
import { shapeReply } from '../crew/channels/shape-reply.ts';
import { unreadNote } from '../crew/media-words.ts';
import { offersPerson } from '../crew/offers-person.ts';
import type { Turn } from '../turn.ts';
import { endWell } from './closing.ts';
import { routeTo } from './route.ts';
import type { Route } from './route.ts';

export interface TurnResult {
  answer: Answer;
  route: Route;
  /** The answer as it goes out on this channel. */
  parts: string[];
  /** Buttons under the last part, where the channel has them. */
  choices?: string[];
  /** What of a farewell is said with it, in this episode so far. */
  closed?: { farewell: boolean; rating: boolean };
  /** It answers a goodbye: nothing more is expected. */
  isGoodbye?: boolean;
}

export interface AnswerTurnDeps extends LadderDeps {
  budgets: Pick<Budgets, 'isSpent'>;
}

export async function answerTurn(given: Turn, deps: AnswerTurnDeps): Promise<TurnResult> {
  const turn = await withinBudget(given, deps);
  const route = routeTo(turn.tenant, turn.question, turn.lastService);
  const { answer, closed, isGoodbye } = endWell(turn, await climb(turn, route.service, deps));
  const choices = answer.choices ?? (asksForYes(answer) ? personChoices[turn.language] : []);
  const profile = profileFor(turn.channel, turn.isRaw);
  const shaped = shapeReply({ text: answer.text, closing: closingOf(turn, answer), choices }, profile, turn.tenant);
  return { answer, route, closed, isGoodbye, ...shaped };
}

/** A tenant that spent its month is answered without a model. */
async function withinBudget(turn: Turn, { budgets }: AnswerTurnDeps): Promise<Turn> {
  if (!turn.model || !(await budgets.isSpent(turn.tenant))) return turn;
  turn.logger.info({ reason: 'budget_spent' }, 'model.not_asked');
  return { ...turn, model: null };
}

/** What was not read is said; people who take over see the file themselves. */
function closingOf(turn: Turn, answer: Answer): string {
  const kinds = turn.unreadKinds ?? [];
  const isToBeSaid = kinds.length > 0 && turn.question.trim() !== '' && answer.handoff === null;
  const lines = [isToBeSaid ? unreadNote(kinds, turn.language) : '', answer.closing ?? ''];
  return lines.filter((line) => line !== '').join('\n\n');
}

/** Only under the question itself: after "write to me, or I call somebody" a yes would mean neither. */
function asksForYes(answer: Answer): boolean {
  return answer.offersPerson && offersPerson(answer.text);
}
