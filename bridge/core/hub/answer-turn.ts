// Route, crew, ladder, channel: the part of a turn that thinks. The playground and the worker run exactly this.
import type { Answer } from '../answer.ts';
import { climb } from '../crew/answer-ladder.ts';
import type { LadderDeps } from '../crew/answer-ladder.ts';
import { shapeReply } from '../crew/channels.ts';
import type { Turn } from '../turn.ts';
import { routeTo } from './route.ts';
import type { Route } from './route.ts';

export interface TurnResult {
  answer: Answer;
  route: Route;
  /** The answer as it goes out on this channel. */
  parts: string[];
}

export async function answerTurn(turn: Turn, deps: LadderDeps): Promise<TurnResult> {
  const route = routeTo(turn.tenant, turn.question, turn.lastService);
  const answer = await climb(turn, route.service, deps);
  return { answer, route, parts: shapeReply(answer.text, turn.channel, turn.tenant) };
}
