// Which questions and answers may be given to somebody else. Nothing personal, nothing that depends on who asks, on what
// was said before or on what time it is, and no fact that is read live.
import type { Answer } from '../../answer.ts';
import { fold } from '../../knowledge/text/fold.ts';
import type { Exchange } from '../../ports/conversation-states.ts';
import type { Turn } from '../../turn.ts';
import { intentOf } from '../intents.ts';
import type { QuestionShape } from './question-shape.ts';

const longestQuestion = 300;

const momentary =
  /\b(?:hoje|hj|agora|agr|amanha|amnh|ontem|neste momento|essa semana|esta semana|today|now|tomorrow|yesterday|hoy|ahora|manana|ayer)\b/;
/** It points at something that was said before. */
const pointsBack =
  /^(?:e |mas |entao |ai |and |but |y |pero )|\b(?:esse|essa|isso|este|esta mesma|aquele|aquela|aquilo|dele|dela|deles|delas|nele|nela|ele|ela|eles|elas|tambem|tb|tbm|that one|this one|it|them|also|eso|ese|aquel|tambien)\b/;
/** E-mail addresses, and runs of digits as long as a phone, an order or a document number. */
const personal = /\S+@\S+|\d(?:[\s().-]?\d){6,}|\b[a-z]{2}\d{9}[a-z]{2}\b/i;

/** The question alone decides: asked by anybody, at any time, it would get this answer. */
export function standsAlone(question: string, shape: QuestionShape): boolean {
  const plain = fold(question).replace(/\s+/g, ' ').trim();
  if (question.length > longestQuestion || shape.words.length === 0) return false;
  return ![momentary, pointsBack, personal].some((pattern) => pattern.test(plain));
}

export function mayBeKept(turn: Turn, answer: Answer): boolean {
  if (turn.dryRun || answer.rung !== 'model' || answer.handoff || !answer.searches?.length) return false;
  if (!turn.window.every(isSmallTalk)) return false;
  return !personal.test(answer.text) && !namesSomebody(turn, answer.text) && !momentary.test(fold(answer.text));
}

/** What else was said may have gone into the answer. */
function isSmallTalk({ from, text }: Exchange): boolean {
  return from === 'assistant' || (from === 'customer' && intentOf(text, false) !== null);
}

function namesSomebody({ contact }: Turn, text: string): boolean {
  const said = ` ${fold(text).replace(/[^\p{L}\p{N}@.]+/gu, ' ')} `;
  const named = [...(contact?.name ?? '').split(/\s+/), contact?.email ?? ''].map(fold);
  return named.some((word) => word.length > 2 && said.includes(` ${word} `));
}
