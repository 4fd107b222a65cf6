// An embedder without a model, a key or a network: hashed features of stems, concepts and letter groups, folded into one
// unit vector. It cannot know what words mean beyond the concept lexicon, but it forgives spelling and word order, costs
// nothing and gives the same vector everywhere.
import { languageOfText } from '../../core/knowledge/text/language.ts';
import { analyse } from '../../core/knowledge/text/analyse.ts';
import type { Lexicon } from '../../core/knowledge/text/lexicon.ts';
import type { Unit } from '../../core/knowledge/text/analyse.ts';
import type { Embedder } from '../../core/ports/embedder.ts';

const dimensions = 512;
/** Grow with any change below: vectors of two versions must never be compared. */
const version = 2;
const shares = { term: 1, concept: 1, parent: 0.4, letters: 0.4 };
const longestText = 20_000;

export class LocalEmbedder implements Embedder {
  readonly isRemote = false;
  readonly model: string;
  readonly dimensions = dimensions;
  readonly #lexicon: Lexicon;

  constructor(lexicon: Lexicon) {
    this.#lexicon = lexicon;
    this.model = `local-${version}-${lexicon.version}`;
  }

  async embed(texts: string[], signal: AbortSignal): Promise<{ vectors: Float32Array[]; tokens: number }> {
    signal.throwIfAborted();
    return { vectors: texts.map((text) => embedText(text, this.#lexicon)), tokens: 0 };
  }
}

function embedText(text: string, lexicon: Lexicon): Float32Array {
  const cut = text.slice(0, longestText);
  const vector = new Float32Array(dimensions);
  for (const [feature, weight] of featuresOf(analyse(cut, [languageOfText(cut)], lexicon), lexicon)) {
    scatter(vector, feature, weight);
  }
  return toUnitLength(vector);
}

/** Feature → weight; a feature seen again counts ever less. */
function featuresOf(units: readonly Unit[], lexicon: Lexicon): Map<string, number> {
  const counts = new Map<string, number>();
  const add = (feature: string, weight: number) => counts.set(feature, (counts.get(feature) ?? 0) + weight);
  for (const unit of units) {
    for (const term of unit.terms) add(`term ${term}`, unit.weight * shares.term);
    for (const concept of unit.concepts) {
      add(`concept ${concept}`, unit.weight * shares.concept);
      for (const [parent, share] of lexicon.ancestorsOf(concept)) {
        add(`concept ${parent}`, unit.weight * shares.parent * share);
      }
    }
    if (unit.kind === 'word') addLetters(unit, add);
  }
  return new Map([...counts].map(([feature, count]) => [feature, Math.log1p(count)]));
}

/** Groups of 4 and 5 letters, together worth `shares.letters` of the word whatever its length. */
function addLetters({ surface, weight }: Unit, add: (feature: string, weight: number) => void): void {
  const padded = `^${surface}$`;
  const groups: string[] = [];
  for (const size of [4, 5]) {
    for (let at = 0; at + size <= padded.length; at++) groups.push(padded.slice(at, at + size));
  }
  for (const group of groups) add(`letters ${group}`, (weight * shares.letters) / Math.sqrt(groups.length));
}

/** Two signed places a feature, so that one collision does not make two features look alike. */
function scatter(vector: Float32Array, feature: string, weight: number): void {
  for (const seed of [0x811c9dc5, 0x9e3779b9]) {
    const hash = hashOf(feature, seed);
    const place = (hash >>> 1) % dimensions;
    vector[place] = (vector[place] ?? 0) + (hash & 1 ? weight : -weight);
  }
}

function hashOf(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function toUnitLength(vector: Float32Array): Float32Array {
  const length = Math.hypot(...vector);
  return length === 0 ? vector : vector.map((value) => value / length);
}
