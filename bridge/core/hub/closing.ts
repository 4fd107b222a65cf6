// How a conversation ends: the company's farewell and its request for a rating, if it wrote them, each once an episode and
// with the last part of the reply; never after a person had it. And, where the tenant says so, the end in Chatwoot.
import type { Answer } from '../answer.ts';
import { intentOf } from '../crew/intents.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { Turn } from '../turn.ts';

export interface Ending {
  answer: Answer;
  /** What of a farewell has been said once this answer is out. */
  closed: { farewell: boolean; rating: boolean };
  /** The conversation is over for the customer too. */
  isGoodbye: boolean;
}

export function endWell(turn: Turn, answer: Answer): Ending {
  const said = turn.closed ?? { farewell: false, rating: false };
  const intent = intentOf(turn.question, turn.personOffered);
  const isEnd = answer.rung === 'deterministic' && answer.handoff === null && turn.question.trim() !== '';
  const isGoodbye = isEnd && intent === 'goodbye';
  if (!isGoodbye && !(isEnd && intent === 'thanks')) {
    return { answer, closed: { farewell: false, rating: said.rating }, isGoodbye: false };
  }
  const { farewell_message: farewell, rating_request: rating } = turn.tenant.config.company_metadata.customer_service;
  const asksRating = rating !== undefined && rating !== '' && !said.rating && wasHelped(turn);
  // To a goodbye the farewell is the answer itself; to thanks it is added.
  const added = [!isGoodbye && wasHelped(turn) && !said.farewell ? (farewell ?? '') : '', asksRating ? rating : ''];
  const closing = added.filter((text) => text !== '').join('\n\n');
  const saysFarewell = isGoodbye || (added[0] ?? '') !== '';
  return {
    answer: closing === '' ? answer : { ...answer, closing },
    closed: { farewell: said.farewell || saysFarewell, rating: said.rating || asksRating },
    isGoodbye,
  };
}

/** A second "tchau" after ours gets no second farewell. */
export function isSaidAlready(state: ConversationState, question: string): boolean {
  if (!state.closed?.farewell) return false;
  const intent = intentOf(question, state.personOffered);
  return intent === 'goodbye' || intent === 'thanks';
}

/** By us and by nobody else. */
function wasHelped({ window }: Turn): boolean {
  return window.some(({ from }) => from === 'assistant') && !window.some(({ from }) => from === 'person');
}
