// The questions somebody asks in one breath. Only such as stand on their own are told apart: "e é de graça?" means nothing
// without the one before it, and answered alone it would be answered wrongly.
import { withoutCourtesy } from '../knowledge/text/courtesy.ts';

const fewestWords = 4;
const questionsAtMost = 3;
/** What begins like this speaks of what was said before. */
const leaning =
  /^(?:(?:e|mas|and|but|y|pero) )?(?:se|ainda|é|eh|são|isso|isto|esse|essa|este|esta|ele|ela|eles|elas|lá|aí|is|are|it|they|that|those|does it|es|son|eso|ese|esa|ellos?|ellas?)(?![\p{L}])/iu;

/** Two or three, in their order; empty when there is only one, or when any of them leans on another. */
export function questionsIn(text: string): string[] {
  const questions = withoutCourtesy(text)
    .split(/(?<=\?)\s+/)
    .filter((piece) => wordsIn(piece) > 0);
  const stands = (piece: string) => piece.endsWith('?') && wordsIn(piece) >= fewestWords && !leaning.test(piece);
  return questions.length > 1 && questions.length <= questionsAtMost && questions.every(stands) ? questions : [];
}

function wordsIn(text: string): number {
  return text.split(/\s+/).filter((word) => /\p{L}|\p{N}/u.test(word)).length;
}
