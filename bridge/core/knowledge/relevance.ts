// Whether what a leg found is good enough, decided per leg and before fusion: a fused rank says which is best, never
// whether anything is good. For words: how much of what the customer said the document speaks of. For vectors: a floor
// that belongs to the model.
import type { CorpusEntry } from './corpus.ts';
import type { Query, QueryUnit } from './query.ts';
import { conceptHash, termHash, valueAt } from './sparse.ts';
import type { Lexicon } from './text/lexicon.ts';

const conceptMatch = 0.8;
const parentMatch = 0.45;
const nearMatch = 0.35;
/** Calibrated on the demo tenants' questions (test/unit/knowledge): in-scope recall against out-of-scope silence. */
const enoughOfWhole = 0.6;
const enoughOfTitle = { title: 0.3, whole: 0.4 };

export interface Coverage {
  /** Share of the question's importance the document speaks of, 0 to 1. */
  whole: number;
  /** The same for the document's title alone. */
  title: number;
  /** Surfaces of the units that were found as words, and ids of the concepts found in other words. */
  words: string[];
  concepts: string[];
  /** Something other than bare numbers was found. */
  isTelling: boolean;
}

export function coverageOf({ units }: Query, { analysed }: CorpusEntry, lexicon: Lexicon): Coverage {
  const inText = (hash: number) => valueAt(analysed.sparse, hash) > 0;
  const literal = units.filter((unit) => unit.terms.some((term) => inText(termHash(term))));
  const others = units.filter((unit) => !literal.includes(unit)).flatMap(({ concepts }) => concepts);
  const concepts = [...new Set(others.filter((concept) => inText(conceptHash(concept))))];
  return {
    whole: shareOf(units, inText, lexicon),
    title: shareOf(units, (hash) => analysed.about.has(hash), lexicon),
    words: [...new Set(literal.map(({ surface }) => surface))],
    concepts,
    isTelling: concepts.length > 0 || literal.some(({ kind }) => kind !== 'number'),
  };
}

export function areWordsEnough({ whole, title, isTelling }: Coverage): boolean {
  if (!isTelling) return false;
  return whole >= enoughOfWhole || (title >= enoughOfTitle.title && whole >= enoughOfTitle.whole);
}

/** From which cosine on two texts have something to do with each other. Unknown models get a careful guess. */
export function similarityFloor(model: string): number {
  if (model.startsWith('local-')) return 0.32;
  if (model.startsWith('text-embedding-3')) return 0.35;
  return 0.5;
}

function shareOf(units: readonly QueryUnit[], holds: (hash: number) => boolean, lexicon: Lexicon): number {
  const total = units.reduce((sum, { importance }) => sum + importance, 0);
  const found = units.reduce((sum, unit) => sum + unit.importance * matchOf(unit, holds, lexicon), 0);
  return total === 0 ? 0 : found / total;
}

function matchOf(
  { terms, concepts, certainty }: QueryUnit,
  holds: (hash: number) => boolean,
  lexicon: Lexicon,
): number {
  if (terms.some((term) => holds(termHash(term)))) return certainty;
  if (concepts.some((concept) => holds(conceptHash(concept)))) return certainty * conceptMatch;
  return certainty * Math.max(0, ...concepts.map((concept) => relatedMatch(concept, holds, lexicon)));
}

function relatedMatch(concept: string, holds: (hash: number) => boolean, lexicon: Lexicon): number {
  const parents = [...lexicon.ancestorsOf(concept)].filter(([parent]) => holds(conceptHash(parent)));
  const best = Math.max(0, ...parents.map(([, share]) => share * parentMatch));
  return lexicon.nearTo(concept).some((near) => holds(conceptHash(near))) ? Math.max(best, nearMatch) : best;
}
