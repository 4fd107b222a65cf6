// Two legs → one order. Weighted shares instead of ranks: on the demo tenants' questions reciprocal ranks lost five in a
// hundred first places, because they forget how much better the first is than the second.
import type { CorpusEntry } from './corpus.ts';
import type { Coverage } from './relevance.ts';

export interface Candidate {
  entry: CorpusEntry;
  coverage: Coverage;
  /** Word score and vector similarity, 0 when the leg did not find it. */
  lexical: number;
  dense: number;
}

export const shares = { lexical: 1, dense: 0.4, whole: 0.35, title: 0.45 };
const sameSubject = 0.5;

/** Best first with scores from 0 to 1; of two that are about the same, the one with priority comes first. */
export function fuse(found: readonly Candidate[]): { candidate: Candidate; score: number }[] {
  const bestLexical = Math.max(Number.MIN_VALUE, ...found.map(({ lexical }) => lexical));
  const bestDense = Math.max(Number.MIN_VALUE, ...found.map(({ dense }) => dense));
  const scored = found.map((candidate) => ({
    candidate,
    score:
      (shares.lexical * (candidate.lexical / bestLexical) +
        shares.dense * (Math.max(0, candidate.dense) / bestDense) +
        shares.whole * candidate.coverage.confidence +
        shares.title * candidate.coverage.title) /
      (shares.lexical + shares.dense + shares.whole + shares.title),
  }));
  return byPriority(scored.toSorted((a, b) => b.score - a.score));
}

function byPriority<Item extends { candidate: Candidate; score: number }>(ranked: Item[]): Item[] {
  const ordered: Item[] = [];
  for (const item of ranked) {
    const weaker = ordered.findIndex(
      (other) => priorityOf(other) < priorityOf(item) && item.score >= other.score / 2 && areSame(other, item),
    );
    ordered.splice(weaker < 0 ? ordered.length : weaker, 0, item);
  }
  return ordered;
}

function priorityOf({ candidate }: { candidate: Candidate }): number {
  return candidate.entry.stored.document.priority ?? 0;
}

/** Titles that share half of what they speak of are about one subject. */
function areSame(one: { candidate: Candidate }, other: { candidate: Candidate }): boolean {
  return overlapOf(one.candidate.entry.analysed.about, other.candidate.entry.analysed.about) >= sameSubject;
}

/** Shared share of two sets, 0 to 1 (Jaccard). */
export function overlapOf(one: ReadonlySet<number>, other: ReadonlySet<number>): number {
  let shared = 0;
  for (const hash of one) if (other.has(hash)) shared += 1;
  const all = one.size + other.size - shared;
  return all === 0 ? 0 : shared / all;
}
