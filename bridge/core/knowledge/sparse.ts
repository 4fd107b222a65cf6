// Analysed text → sparse vector. Documents carry term frequencies saturated the BM25 way against a fixed reference
// length, so that a document's vector never depends on the others; the index multiplies by how rare a term is.
import type { SparseVector } from '../ports/search-index.ts';
import { textLanguage } from './text/language.ts';
import type { TextLanguage } from './text/language.ts';
import type { Lexicon } from './text/lexicon.ts';
import { analyse } from './text/analyse.ts';
import type { Unit } from './text/analyse.ts';
import { searchText } from './document.ts';
import type { KnowledgeDocument } from './document.ts';

/** Grow this when the same text gives other terms than before; a changed lexicon is noticed by itself. */
const analysisVersion = 2;

/** What is indexed under another version must be indexed again. */
export function textVersion(lexicon: Lexicon): string {
  return `${analysisVersion}-${lexicon.version}`;
}

const saturation = 1.2;
const lengthShare = 0.5;
const referenceLength = 60;
const titleWeight = 2;
/** What a document that speaks of a sofa bed says about sofas. */
const parentWeight = 0.5;

/** 32-bit FNV-1a over UTF-16 units: stable across processes and machines, as stored points must be. */
export function termHash(term: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < term.length; i++) {
    hash ^= term.charCodeAt(i);
    hash = Math.imul(hash, 0x01000193);
  }
  return hash >>> 0;
}

export function conceptHash(concept: string): number {
  return termHash(`concept:${concept}`);
}

export interface AnalysedDocument {
  sparse: SparseVector;
  /** Terms and concepts of the title alone: what the document says it is about. */
  about: ReadonlySet<number>;
  /** Folded words as written, for telling typos from words. */
  words: string[];
  language: TextLanguage;
}

export function analyseDocument(
  document: KnowledgeDocument,
  tenantLanguage: string,
  lexicon: Lexicon,
): AnalysedDocument {
  const language = textLanguage(document.lang ?? tenantLanguage);
  const title = analyse(document.title, [language], lexicon, 'document');
  const rest = analyse(searchText(document).slice(document.title.length), [language], lexicon, 'document');
  const words = [...title, ...rest].filter(({ kind }) => kind === 'word').map(({ surface }) => surface);
  const about = new Set(title.flatMap(hashesOf));
  return { sparse: documentVector(title, rest, lexicon), about, words: [...new Set(words)], language };
}

export function hashesOf(unit: Unit): number[] {
  return [...unit.terms.map(termHash), ...unit.concepts.map(conceptHash)];
}

function documentVector(title: Unit[], rest: Unit[], lexicon: Lexicon): SparseVector {
  const counts = new Map<number, number>();
  const add = (hash: number, amount: number) => counts.set(hash, (counts.get(hash) ?? 0) + amount);
  for (const [units, weight] of [
    [title, titleWeight],
    [rest, 1],
  ] as const) {
    for (const unit of units) {
      for (const hash of hashesOf(unit)) add(hash, weight);
      for (const [parent, share] of unit.concepts.flatMap((concept) => [...lexicon.ancestorsOf(concept)])) {
        add(conceptHash(parent), weight * share * parentWeight);
      }
    }
  }
  const length = title.length + rest.length;
  const damping = saturation * (1 - lengthShare + (lengthShare * length) / referenceLength);
  const value = (count: number) => (count * (saturation + 1)) / (count + damping);
  return sortedVector([...counts].map(([hash, count]) => [hash, value(count)]));
}

/** Indices ascending, so that two vectors can be compared and one looked up by halving. */
export function sortedVector(entries: [number, number][]): SparseVector {
  const sorted = entries.toSorted(([a], [b]) => a - b);
  return { indices: sorted.map(([index]) => index), values: sorted.map(([, value]) => value) };
}

/** The value at `index`, 0 when absent. */
export function valueAt(vector: SparseVector, index: number): number {
  let low = 0;
  let high = vector.indices.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const found = vector.indices[middle] ?? 0;
    if (found === index) return vector.values[middle] ?? 0;
    if (found < index) low = middle + 1;
    else high = middle - 1;
  }
  return 0;
}
