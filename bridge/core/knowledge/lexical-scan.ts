// The word leg without an index, straight over this process's copy of the documents: what is left when a search server is
// away. Slower than an index and good enough until it is back.
import type { IndexFilter, LegHit, SparseVector } from '../ports/search-index.ts';
import type { Tenant } from '../tenant.ts';
import type { CorpusEntry, TenantCorpus } from './corpus.ts';
import { mayBeFound } from './document-filter.ts';
import { valueAt } from './sparse.ts';

export function scanLexically(
  tenant: Tenant,
  corpus: TenantCorpus,
  query: SparseVector,
  filter: IndexFilter,
  limit: number,
): LegHit[] {
  const hits: LegHit[] = [];
  for (const entry of corpus.entries()) {
    if (!mayBeFound(entry.stored.document, tenant.config.timezone, filter)) continue;
    const score = scoreOf(entry, query, corpus);
    const { kind, id } = entry.stored.document;
    if (score > 0) hits.push({ ref: { kind, id }, score });
  }
  return hits.toSorted((a, b) => b.score - a.score).slice(0, limit);
}

function scoreOf({ analysed }: CorpusEntry, query: SparseVector, corpus: TenantCorpus): number {
  return query.indices.reduce((sum, term, i) => {
    const value = valueAt(analysed.sparse, term);
    return value === 0 ? sum : sum + value * (query.values[i] ?? 0) * corpus.rarity(term);
  }, 0);
}
