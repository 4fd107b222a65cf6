// Whether what a leg found is good enough, decided per leg and before fusion: a fused rank says which is best, never
// whether anything is good. For words: how much of what the customer said the document speaks of. For vectors: a floor
// that belongs to the model.
import type { Embedder } from '../ports/embedder.ts';
import type { CorpusEntry } from './corpus.ts';
import type { Query, QueryUnit } from './query.ts';
import { conceptHash, termHash, valueAt } from './sparse.ts';
import type { Lexicon } from './text/lexicon.ts';

const conceptMatch = 0.8;
const parentMatch = 0.45;
/** "sofá" where "sofá-cama" was asked for. */
const wordOfPhraseMatch = 0.5;
const nearMatch = 0.35;

/** Calibrated on test/eval/knowledge/questions/tuning.yaml: right documents kept against silence where nothing answers. */
export const calibration = {
  /** What being in the title adds. */
  title: 0.6,
  text: 0.8,
  /** What is held against a document: a meaning it does not speak of, a word it does not hold. */
  missingConcept: 1.15,
  missingNamed: 2,
  missingWord: 0.3,
  /** The same where the evidence is words and not meanings: who says half of it in our words would say the rest so too. */
  missingBesideWords: 0.9,
  /** What is left when the title speaks of none of it. */
  notInTitle: 0.7,
  /** Evidence below this share of what an unknown word weighs is little, however complete. */
  least: 0.14,
  enough: 0.6,
  /** With a similar vector less is enough. */
  enoughWhenNear: 0.5,
};

export interface Coverage {
  /** How sure the words are that this document answers, 0 to 1. */
  confidence: number;
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

export function coverageOf({ units, scale }: Query, { analysed }: CorpusEntry, lexicon: Lexicon): Coverage {
  const inText = (hash: number) => valueAt(analysed.sparse, hash) > 0;
  const literal = units.filter((unit) => unit.terms.some((term) => inText(termHash(term))));
  const others = units.filter((unit) => !literal.includes(unit)).flatMap(({ concepts }) => concepts);
  const concepts = [...new Set(others.filter((concept) => inText(conceptHash(concept))))];
  const whole = shareOf(units, inText, lexicon);
  const title = shareOf(units, (hash) => analysed.about.has(hash), lexicon);
  const evidence = calibration.text * whole.found + calibration.title * title.found;
  const inWords = whole.found === 0 ? 0 : whole.foundWords / whole.found;
  const missingWord = calibration.missingWord + (calibration.missingBesideWords - calibration.missingWord) * inWords;
  const against =
    calibration.missingConcept * whole.missingConcepts +
    calibration.missingNamed * whole.missingNamed +
    missingWord * whole.missingWords;
  // A subject of the lexicon in the title is no little evidence, however often it is spoken of: "posso trocar?".
  const isAbout = units.some((unit) => unit.concepts.some((concept) => analysed.about.has(conceptHash(concept))));
  const least = isAbout && whole.share >= 1 ? 0 : calibration.least * scale;
  return {
    confidence: (title.found > 0 ? 1 : calibration.notInTitle) * (evidence / (evidence + against + least)),
    whole: whole.share,
    title: title.share,
    words: [...new Set(literal.map(({ surface }) => surface))],
    concepts,
    isTelling: concepts.length > 0 || literal.some(({ kind }) => kind !== 'number'),
  };
}

/** Whether the words alone say that it answers; less is enough when the vectors agree. */
export function areWordsEnough({ confidence, isTelling }: Coverage, isNear = false): boolean {
  return isTelling && confidence >= (isNear ? calibration.enoughWhenNear : calibration.enough);
}

/** Each leg for itself; vectors made of words and concepts only help the words, those of a model decide alone. */
export function isGoodEnough(coverage: Coverage, similarity: number, { model }: Pick<Embedder, 'model'>): boolean {
  const isNear = similarity >= similarityFloor(model);
  return areWordsEnough(coverage, isNear) || (isNear && !model.startsWith('local-'));
}

/** From which cosine on two texts have something to do with each other. Unknown models get a careful guess. */
export function similarityFloor(model: string): number {
  if (model.startsWith('local-')) return 0.32;
  if (model.startsWith('text-embedding-3')) return 0.35;
  return 0.5;
}

function shareOf(units: readonly QueryUnit[], holds: (hash: number) => boolean, lexicon: Lexicon) {
  let found = 0;
  let foundWords = 0;
  let total = 0;
  let missingConcepts = 0;
  let missingWords = 0;
  let missingNamed = 0;
  for (const unit of units) {
    const match = matchOf(unit, holds, lexicon);
    found += unit.importance * match;
    if (match > conceptMatch * unit.certainty) foundWords += unit.importance * match;
    total += unit.importance;
    const missing = match >= conceptMatch * unit.certainty ? 0 : unit.importance * (1 - match);
    if (unit.isNamed) missingNamed += missing;
    else if (unit.concepts.length > 0) missingConcepts += missing;
    else missingWords += missing;
  }
  return { found, foundWords, share: total === 0 ? 0 : found / total, missingConcepts, missingNamed, missingWords };
}

function matchOf(
  { terms, concepts, certainty, inPhrase }: QueryUnit,
  holds: (hash: number) => boolean,
  lexicon: Lexicon,
): number {
  const isMeant = concepts.some((concept) => holds(conceptHash(concept)));
  const isWritten = terms.some((term) => holds(termHash(term)));
  if (isWritten && (isMeant || !inPhrase)) return certainty;
  if (isMeant) return certainty * conceptMatch;
  if (isWritten) return certainty * wordOfPhraseMatch;
  return certainty * Math.max(0, ...concepts.map((concept) => relatedMatch(concept, holds, lexicon)));
}

function relatedMatch(concept: string, holds: (hash: number) => boolean, lexicon: Lexicon): number {
  const parents = [...lexicon.ancestorsOf(concept)].filter(([parent]) => holds(conceptHash(parent)));
  const best = Math.max(0, ...parents.map(([, share]) => share * parentMatch));
  return lexicon.nearTo(concept).some((near) => holds(conceptHash(near))) ? Math.max(best, nearMatch) : best;
}
