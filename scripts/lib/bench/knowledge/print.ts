// The tables of `scripts/bench knowledge`, with a line on how each was measured.
import type { Score } from './evaluate.ts';
import type { Speed } from './measure-speed.ts';

export interface ScoreRow {
  half: string;
  way: string;
  /** A class of questions or a domain. */
  of: string;
  score: Score;
}

export function printScores(title: string, rows: readonly ScoreRow[]): void {
  console.log(`\n${title}`);
  console.log(line(['search', 'questions', 'asked', 'r@1', 'r@3', 'r@5', 'MRR', 'silence', 'invalid used']));
  for (const { way, of, score } of rows) {
    const recall = (value: number) => (of === 'none' ? '' : value.toFixed(3));
    const cells = [recall(score.recallAt1), recall(score.recallAt3), recall(score.recallAt5), recall(score.mrr)];
    const silence = score.silence === null ? '' : score.silence.toFixed(3);
    console.log(line([way, of, String(score.asked), ...cells, silence, String(score.invalidUsed)]));
  }
  console.log(
    'words: plain BM25, no lexicon, no threshold; lexical: with concepts; vector: the local embedder alone; hybrid: as the bridge searches.\n' +
      'r@k: a right document is among the first k. silence: nothing found where no document answers. No key, no network.',
  );
}

export function printSpeed(speeds: readonly Speed[]): void {
  if (speeds.length === 0) return;
  console.log('\nTime and memory');
  console.log(line(['documents', 'p50 ms', 'p95 ms', 'build s', 'MB']));
  for (const { documents, p50Ms, p95Ms, buildMs, megabytes } of speeds) {
    const seconds = (buildMs / 1_000).toFixed(1);
    console.log(line([String(documents), p50Ms.toFixed(2), p95Ms.toFixed(2), seconds, megabytes.toFixed(0)]));
  }
  console.log(
    '300 searches one after another on generated documents, embedded index and local vectors, in this process.',
  );
}

function line(cells: readonly string[]): string {
  return cells.map((cell, at) => (at < 2 ? cell.padEnd(18) : cell.padStart(9))).join('');
}
