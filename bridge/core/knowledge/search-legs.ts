// Asks both legs at once. A leg that is away never takes the other with it: without vectors the words decide, and without
// the index's words this process reads its own copy of the documents.
import { codeOf } from '../errors.ts';
import type { IndexFilter, LegHit } from '../ports/search-index.ts';
import type { Tenant } from '../tenant.ts';
import { scanLexically } from './lexical-scan.ts';
import type { LiveTenant } from './live-tenants.ts';
import type { Query } from './query.ts';

/** A leg gives more than is asked for, because the other leg and the check for relevance have their say. */
const fewestCandidates = 30;
/** A customer waits for this search; the words alone answer most of it. */
const embeddingTimeoutMs = 2_000;

export interface Legs {
  lexical: LegHit[];
  dense: LegHit[];
  /** Why a leg is missing; empty when both answered. */
  failures: unknown[];
  /** Null when nobody was paid for the question's vector. */
  embedded: { model: string; tokens: number } | null;
}

export interface Asked {
  text: string;
  read: Query;
  filter: IndexFilter;
  /** How many hits are wanted in the end. */
  limit: number;
}

export async function askLegs(tenant: Tenant, live: LiveTenant, asked: Asked, signal: AbortSignal): Promise<Legs> {
  const { filter } = asked;
  const { sparse } = asked.read;
  const candidates = Math.max(fewestCandidates, asked.limit);
  const [words, vectors] = await Promise.allSettled([
    live.index.lexical(tenant.accountId, sparse, filter, candidates),
    askVectors(tenant.accountId, live, asked, candidates, signal),
  ]);
  signal.throwIfAborted();
  const failures = [words, vectors].flatMap((leg) => (leg.status === 'rejected' ? [leg.reason as unknown] : []));
  const bug = failures.find((error) => error instanceof Error && codeOf(error) === 'internal' && !isTimeout(error));
  if (bug instanceof Error) throw bug;
  const tokens = vectors.status === 'fulfilled' ? vectors.value.tokens : 0;
  return {
    lexical:
      words.status === 'fulfilled' ? words.value : scanLexically(tenant, live.corpus, sparse, filter, candidates),
    dense: vectors.status === 'fulfilled' ? vectors.value.hits : [],
    failures,
    embedded: tokens > 0 ? { model: live.embedder.model, tokens } : null,
  };
}

async function askVectors(
  accountId: string,
  { index, embedder, queries }: LiveTenant,
  { text, filter }: Asked,
  candidates: number,
  signal: AbortSignal,
): Promise<{ hits: LegHit[]; tokens: number }> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(embeddingTimeoutMs)]);
  const { vector, tokens } = await queries.of(embedder, text, inTime);
  return { hits: await index.dense(accountId, vector, filter, candidates), tokens };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
}
