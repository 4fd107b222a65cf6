// A customer's question → units, each known, corrected or unknown to this tenant's documents, and the sparse vector that
// asks for them: literal words first, the concepts they stand for at less weight, neighbouring concepts at a whisper.
import type { SparseVector } from '../ports/search-index.ts';
import type { TenantCorpus } from './corpus.ts';
import { conceptHash, sortedVector, termHash } from './sparse.ts';
import { analyse } from './text/analyse.ts';
import type { Unit } from './text/analyse.ts';
import { askedLanguage } from './text/asked-language.ts';
import { withoutCourtesy } from './text/courtesy.ts';
import type { TextLanguage } from './text/language.ts';
import type { Lexicon } from './text/lexicon.ts';
import { completeWord, correctTypo } from './text/typos.ts';

export const conceptShare = 0.8;
const parentShare = 0.3;
export const nearShare = 0.15;
const correctedShare = 0.75;
/** A word that every document holds still tells something: in a small shop there may be no other. */
const leastShare = 0.1;
/** Among shorter words one edit is usually another word: lente and leite, maleta and muleta. */
const shortestLexicon = 7;
const shortestTypo = 6;
const shortestBeginning = 5;

export interface QueryUnit extends Unit {
  /** 1 as written, less when a typo was read as another word. */
  certainty: number;
  /** How much of the question this unit is: its weight times how rare it is here. */
  importance: number;
}

export interface Query {
  units: QueryUnit[];
  /** How rare a word is that nothing here holds: the measure for what is much and what is little in this tenant. */
  scale: number;
  sparse: SparseVector;
}

export function readQuery(text: string, corpus: TenantCorpus, tenantLanguage: string): Query {
  const asked = askedLanguage(text, tenantLanguage);
  const question = withoutCourtesy(text);
  const languages = [...new Set([asked, ...corpus.languages])];
  const units = withoutRepeats(analyse(question, languages, corpus.lexicon))
    .flatMap((unit) => resolveTypo(unit, corpus, languages))
    .map((unit) => (unit.isNamed && unit.concepts.length === 0 ? asNamed(unit, corpus) : { ...unit, isNamed: false }))
    .map((unit) => ({ ...unit, importance: unit.weight * rarityOf(unit, corpus) }));
  return { units, scale: corpus.rarity(0), sparse: vectorOf(units, corpus.lexicon) };
}

function withoutRepeats(units: Unit[]): Unit[] {
  return [...new Map(units.map((unit) => [`${unit.kind} ${unit.surface}`, unit])).values()];
}

type Resolved = Omit<QueryUnit, 'importance'>;

function resolveTypo(unit: Unit, corpus: TenantCorpus, languages: readonly TextLanguage[]): Resolved[] {
  const asWritten = { ...unit, certainty: 1 };
  if (unit.kind !== 'word' || isKnown(unit, corpus, languages)) return [asWritten];
  const meant =
    undoubled(unit.surface, corpus, languages) ??
    correctTypo(unit.surface, corpus.lexicon.wordsOf(languages[0] ?? 'pt'), shortestLexicon) ??
    correctTypo(unit.surface, corpus.words, shortestTypo) ??
    completeWord(unit.surface, corpus.words, shortestBeginning);
  if (meant === null) return [asWritten];
  const corrected = analyse(meant, languages, corpus.lexicon).map((other) => ({ ...other, certainty: correctedShare }));
  return corrected.length > 0 ? corrected : [asWritten];
}

/** "trocaa" → "troca", when that is a word. */
function undoubled(word: string, corpus: TenantCorpus, [first = 'pt']: readonly TextLanguage[]): string | null {
  const single = word.replace(/(.)\1+/g, '$1');
  const isWord = corpus.words.has(single) || corpus.lexicon.wordsOf(first).has(single);
  return single !== word && isWord ? single : null;
}

function isKnown(unit: Unit, corpus: TenantCorpus, [first = 'pt']: readonly TextLanguage[]): boolean {
  if (corpus.lexicon.wordsOf(first).has(unit.surface)) return true;
  return unit.concepts.length > 0 || unit.isNamed || unit.terms.some((term) => corpus.holds(termHash(term)));
}

/** A name of several words is known only where all of them are: a chair is no "cadeira gamer". */
function asNamed(unit: Resolved, corpus: TenantCorpus): Resolved {
  const isHeld = unit.namedWith.every((term) => corpus.holds(termHash(term)));
  return { ...unit, terms: isHeld ? unit.terms : [] };
}

/** The rarest of the unit's known terms, else of its concepts; a unit nothing here mentions is as rare as can be. */
function rarityOf(unit: Unit, corpus: TenantCorpus): number {
  const known = [...unit.terms.map(termHash), ...unit.concepts.map(conceptHash)].filter((hash) => corpus.holds(hash));
  const unknown = corpus.rarity(0);
  return known.length === 0 ? unknown : Math.max(leastShare * unknown, ...known.map((hash) => corpus.rarity(hash)));
}

function vectorOf(units: readonly QueryUnit[], lexicon: Lexicon): SparseVector {
  const weights = new Map<number, number>();
  const raise = (hash: number, weight: number) => weights.set(hash, Math.max(weights.get(hash) ?? 0, weight));
  for (const { terms, concepts, weight, certainty } of units) {
    for (const term of terms) raise(termHash(term), weight * certainty);
    for (const concept of concepts) {
      raise(conceptHash(concept), weight * certainty * conceptShare);
      for (const [parent, share] of lexicon.ancestorsOf(concept)) {
        raise(conceptHash(parent), weight * certainty * parentShare * share);
      }
      for (const near of lexicon.nearTo(concept)) raise(conceptHash(near), weight * certainty * nearShare);
    }
  }
  return sortedVector([...weights]);
}
