// Asks both legs at once. A leg that is away never takes the other with it: without vectors the words decide, and without
// the index's words this process reads its own copy of the documents.
import { BridgeError, codeOf } from '../errors.ts';
import type { IndexFilter, LegHit } from '../ports.ts';
import type { Tenant } from '../tenant.ts';
import { scanLexically } from './lexical-scan.ts';
import type { LiveTenant } from './live-tenants.ts';
import type { Query } from './query.ts';

const candidates = 30;
/** A customer waits for this search; the words alone answer most of it. */
const embeddingTimeoutMs = 2_000;

export interface Legs {
  lexical: LegHit[];
  dense: LegHit[];
  /** Why a leg is missing; empty when both answered. */
  failures: unknown[];
  embeddingTokens: number;
}

export async function askLegs(
  tenant: Tenant,
  live: LiveTenant,
  text: string,
  { sparse }: Query,
  filter: IndexFilter,
  signal: AbortSignal,
): Promise<Legs> {
  const [words, vectors] = await Promise.allSettled([
    live.index.lexical(tenant.accountId, sparse, filter, candidates),
    askVectors(tenant.accountId, live, text, filter, signal),
  ]);
  signal.throwIfAborted();
  const failures = [words, vectors].flatMap((leg) => (leg.status === 'rejected' ? [leg.reason as unknown] : []));
  const bug = failures.find((error) => error instanceof Error && codeOf(error) === 'internal' && !isTimeout(error));
  if (bug instanceof Error) throw bug;
  return {
    lexical:
      words.status === 'fulfilled' ? words.value : scanLexically(tenant, live.corpus, sparse, filter, candidates),
    dense: vectors.status === 'fulfilled' ? vectors.value.hits : [],
    failures,
    embeddingTokens: vectors.status === 'fulfilled' ? vectors.value.tokens : 0,
  };
}

async function askVectors(
  accountId: string,
  { index, embedder }: LiveTenant,
  text: string,
  filter: IndexFilter,
  signal: AbortSignal,
): Promise<{ hits: LegHit[]; tokens: number }> {
  const inTime = AbortSignal.any([signal, AbortSignal.timeout(embeddingTimeoutMs)]);
  const { vectors, tokens } = await embedder.embed([text], inTime);
  const [vector] = vectors;
  if (!vector) throw new BridgeError('upstream_rejected', 'The embedding service answered no vector.');
  return { hits: await index.dense(accountId, vector, filter, candidates), tokens };
}

function isTimeout(error: unknown): boolean {
  return error instanceof Error && (error.name === 'TimeoutError' || error.name === 'AbortError');
}
