// How long a search takes with many documents, and what they weigh. Each size runs on a fresh index in this process.
import { LocalEmbedder } from '../../../../bridge/adapters/embedded/local-embedder.ts';
import type { Lexicon } from '../../../../bridge/core/knowledge/text/lexicon.ts';
import { generateDocuments } from './generated-documents.ts';
import { makeLive, searcherOf } from './searchers.ts';

export interface Speed {
  documents: number;
  p50Ms: number;
  p95Ms: number;
  /** Reading, embedding and indexing all of them. */
  buildMs: number;
  /** Growth of heap and buffers by corpus and index. */
  megabytes: number;
}

const searches = 300;

export async function measureSpeed(size: number, lexicon: Lexicon, questions: readonly string[]): Promise<Speed> {
  const before = usedMegabytes();
  const startedMs = performance.now();
  const documents = generateDocuments(size);
  const live = await makeLive(documents, lexicon, new LocalEmbedder(lexicon));
  const buildMs = performance.now() - startedMs;
  const search = searcherOf(live);
  for (const text of questions.slice(0, 20)) await search(text, 0);
  const times: number[] = [];
  for (let at = 0; at < searches; at++) {
    const text = questions[at % questions.length] ?? '';
    const askedMs = performance.now();
    await search(text, 0);
    times.push(performance.now() - askedMs);
  }
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0;
  return { documents: live.corpus.size, p50Ms: at(0.5), p95Ms: at(0.95), buildMs, megabytes: usedMegabytes() - before };
}

function usedMegabytes(): number {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return (heapUsed + arrayBuffers) / 1024 / 1024;
}
