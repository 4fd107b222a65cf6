// The sentences of a document that answer a question best, in the order they are written: what a person or a model needs
// to see, without the rest of the page.
import type { KnowledgeDocument } from './document.ts';
import type { Query } from './query.ts';
import { conceptHash, hashesOf, termHash } from './sparse.ts';
import { analyse } from './text/analyse.ts';
import type { TextLanguage } from './text/language.ts';
import type { Lexicon } from './text/lexicon.ts';
import { sentencesOf } from './text/sentences.ts';

const longestExcerpt = 400;
/** In characters: beyond this a document is a book, and reading all of it for each hit would take too long. */
const furthestExcerpt = 20_000;

export function excerptOf(
  { body, title }: KnowledgeDocument,
  { units }: Query,
  language: TextLanguage,
  lexicon: Lexicon,
): string {
  const sentences = sentencesOf(body.slice(0, furthestExcerpt)).map((text, at) => ({
    text,
    at,
    score: scoreOf(text, units, language, lexicon),
  }));
  const best = sentences.toSorted((a, b) => b.score - a.score || a.at - b.at);
  const chosen: typeof sentences = [];
  let length = 0;
  for (const sentence of best) {
    if (chosen.length > 0 && length + sentence.text.length > longestExcerpt) break;
    chosen.push(sentence);
    length += sentence.text.length + 1;
  }
  const text = chosen
    .toSorted((a, b) => a.at - b.at)
    .map((sentence) => sentence.text)
    .join(' ');
  return cut(text === '' ? title : text);
}

function scoreOf(text: string, units: Query['units'], language: TextLanguage, lexicon: Lexicon): number {
  const holds = new Set(analyse(text, [language], lexicon, 'document').flatMap(hashesOf));
  return units.reduce((sum, { terms, concepts, importance }) => {
    if (terms.some((term) => holds.has(termHash(term)))) return sum + importance;
    return concepts.some((concept) => holds.has(conceptHash(concept))) ? sum + importance / 2 : sum;
  }, 0);
}

function cut(text: string): string {
  if (text.length <= longestExcerpt) return text;
  const end = text.lastIndexOf(' ', longestExcerpt - 1);
  return `${text.slice(0, end > 0 ? end : longestExcerpt - 1)}…`;
}
