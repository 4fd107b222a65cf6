// Hybrid search over one tenant: a word leg and a vector leg, each filtered first and judged for itself, then fused. When
// neither leg has anything good enough the result is empty, and that is an answer.
import { codeOf } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';
import type { IndexFilter } from '../ports/search-index.ts';
import type { Tenant } from '../tenant.ts';
import { isValidAt, refKey } from './document.ts';
import { mayBeFound } from './document-filter.ts';
import { excerptOf } from './excerpt.ts';
import { fuse } from './fusion.ts';
import type { Candidate } from './fusion.ts';
import type { SearchHit, SearchQuery, SearchResult } from './knowledge.ts';
import type { LiveTenant } from './live-tenants.ts';
import { readQuery } from './query.ts';
import type { Query } from './query.ts';
import { areWordsEnough, coverageOf, isGoodEnough, similarityFloor } from './relevance.ts';
import { askLegs } from './search-legs.ts';
import type { Legs } from './search-legs.ts';

/** In characters. What somebody wants is said long before; a pasted page must not cost a whole core. */
const longestQuestion = 1_000;
const mostSubjects = 5;

export async function searchTenant(
  logger: Logger,
  tenant: Tenant,
  live: LiveTenant,
  query: SearchQuery,
  signal: AbortSignal,
): Promise<Omit<SearchResult, 'ms'>> {
  const text = query.text.slice(0, longestQuestion);
  const read = readQuery(text, live.corpus, tenant.config.language);
  if (read.units.length === 0 || live.corpus.size === 0) {
    return { hits: [], degraded: null, embedded: null, unanswered: [] };
  }
  const filter = filterOf(query);
  const legs = await askLegs(tenant, live, { text, read, filter, limit: query.limit }, signal);
  for (const error of legs.failures) {
    logger.warn({ account_id: tenant.accountId, err: error, code: codeOf(error) }, 'search leg away');
  }
  const ranked = fuse(goodEnough(tenant, live, read, legs, filter)).slice(0, query.limit);
  return {
    hits: ranked.map(({ candidate, score }) => toHit(tenant, live, query, read, candidate, score)),
    degraded: legs.failures.length > 0 ? 'vector' : null,
    embedded: legs.embedded,
    unanswered: ranked.length > 0 ? [] : subjectsOf(read),
  };
}

/** The meanings of a question, as the administrator may count them: names of the lexicon hold nothing personal. */
function subjectsOf({ units }: Query): string[] {
  return [...new Set(units.flatMap(({ concepts }) => concepts))].slice(0, mostSubjects);
}

function filterOf({ kinds, channel, service, includeInvalid, atMs }: SearchQuery): IndexFilter {
  return { kinds, channel, service, atMs: includeInvalid ? null : atMs };
}

/** The store decides what exists and what counts now: hits a search server should not have given are dropped. */
function goodEnough(tenant: Tenant, live: LiveTenant, read: Query, legs: Legs, filter: IndexFilter): Candidate[] {
  const found = new Map<string, Candidate>();
  for (const leg of ['lexical', 'dense'] as const) {
    for (const { ref, score } of legs[leg]) {
      const entry = live.corpus.get(ref);
      if (!entry || !mayBeFound(entry.stored.document, tenant.config.timezone, filter)) continue;
      const known = found.get(refKey(ref)) ?? {
        entry,
        coverage: coverageOf(read, entry, live.corpus.lexicon),
        lexical: 0,
        dense: 0,
      };
      found.set(refKey(ref), { ...known, [leg]: score });
    }
  }
  return [...found.values()].filter(({ coverage, dense }) => isGoodEnough(coverage, dense, live.embedder));
}

function toHit(
  tenant: Tenant,
  live: LiveTenant,
  query: SearchQuery,
  read: Query,
  { entry, coverage, dense }: Candidate,
  score: number,
): SearchHit {
  const { document } = entry.stored;
  const isNear = dense >= similarityFloor(live.embedder.model);
  const legs = [...(areWordsEnough(coverage) ? ['lexical'] : []), ...(isNear ? ['vector'] : [])];
  return {
    document,
    score,
    matched: [...legs, ...coverage.words, ...coverage.concepts.map((concept) => `concept:${concept}`)],
    valid: isValidAt(document, tenant.config.timezone, query.atMs),
    excerpt: excerptOf(document, read, entry.analysed.language, live.corpus.lexicon),
  };
}
