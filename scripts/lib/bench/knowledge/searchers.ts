// The same documents searched in four ways: by words alone (BM25 without the lexicon), by words with concepts, by vectors
// alone, and as the bridge searches. Everything runs in this process on the real index.
import { LocalEmbedder } from '../../../../bridge/adapters/embedded/local-embedder.ts';
import { EmbeddedSearchIndex } from '../../../../bridge/adapters/embedded/search-index.ts';
import { TwoLevelCache } from '../../../../bridge/core/cache/two-level-cache.ts';
import { TenantCorpus } from '../../../../bridge/core/knowledge/corpus.ts';
import type { KnowledgeDocument, StoredDocument } from '../../../../bridge/core/knowledge/document.ts';
import { restHashOf, searchText, textHashOf } from '../../../../bridge/core/knowledge/document.ts';
import type { LiveTenant } from '../../../../bridge/core/knowledge/live-tenants.ts';
import { QueryVectors } from '../../../../bridge/core/knowledge/query-vectors.ts';
import { toPoint } from '../../../../bridge/core/knowledge/points.ts';
import { readQuery } from '../../../../bridge/core/knowledge/query.ts';
import { similarityFloor } from '../../../../bridge/core/knowledge/relevance.ts';
import { searchTenant } from '../../../../bridge/core/knowledge/search.ts';
import { emptyLexicon } from '../../../../bridge/core/knowledge/text/lexicon.ts';
import type { Lexicon } from '../../../../bridge/core/knowledge/text/lexicon.ts';
import type { Embedder } from '../../../../bridge/core/ports/embedder.ts';
import type { IndexFilter, LegHit, SearchIndex } from '../../../../bridge/core/ports/search-index.ts';
import type { Logger } from '../../../../bridge/core/ports/logger.ts';
import { TenantConfig } from '../../../../bridge/core/tenant.ts';
import type { Tenant } from '../../../../bridge/core/tenant.ts';

export type Searcher = (text: string, atMs: number) => Promise<string[]>;
export const ways = ['words', 'lexical', 'vector', 'hybrid'] as const;
export type Way = (typeof ways)[number];

const never = new AbortController().signal;
const config = TenantConfig.parse({ account_id: 'bench', name: 'bench' });
const tenant: Tenant = {
  accountId: 'bench',
  domain: 'retail',
  revision: 0,
  fingerprint: 'bench',
  managedBy: 'file',
  config,
};
const nothing = () => undefined;
const clock = { now: () => Date.now() };
const metrics = { count: nothing, time: nothing };
export const silent: Logger = { debug: nothing, info: nothing, warn: nothing, error: nothing, child: () => silent };

export async function makeSearchers(
  documents: readonly KnowledgeDocument[],
  lexicon: Lexicon,
  embedder: Embedder = new LocalEmbedder(lexicon),
): Promise<Record<Way, Searcher>> {
  const live = await makeLive(documents, lexicon, embedder);
  const plain = await makeLive(documents, emptyLexicon, new LocalEmbedder(emptyLexicon));
  return {
    words: wordSearcher(plain),
    lexical: searcherOf({ ...live, index: withoutLeg(live.index, 'dense') }),
    vector: vectorSearcher(live),
    hybrid: searcherOf(live),
  };
}

export async function makeLive(
  documents: readonly KnowledgeDocument[],
  lexicon: Lexicon,
  embedder: Embedder,
): Promise<LiveTenant> {
  const corpus = new TenantCorpus(config.language, lexicon);
  const index = new EmbeddedSearchIndex();
  const entries = documents.map((document) => corpus.set(toStored(document)));
  for (let at = 0; at < entries.length; at += 256) {
    const batch = entries.slice(at, at + 256);
    const texts = batch.map(({ stored }) => searchText(stored.document));
    const { vectors } = await embedder.embed(texts, never);
    await index.upsert(
      tenant.accountId,
      batch.map(({ stored, analysed }, i) => toPoint(tenant, stored, analysed, vectors[i] ?? null)),
    );
  }
  const cache = new TwoLevelCache({ store: null, clock, logger: silent, metrics, maxBytes: 16 * 1024 * 1024 });
  const queries = new QueryVectors(cache);
  return { corpus, index, embedder, queries, waiting: new Set(), revision: 1, builtFor: 'bench' };
}

export function searcherOf(live: LiveTenant): Searcher {
  return async (text, atMs) => {
    const query = { text, kinds: [], limit: 5, atMs, channel: 'whatsapp', service: null, includeInvalid: false };
    const { hits } = await searchTenant(silent, tenant, live, query, never);
    return hits.map(({ document }) => document.id);
  };
}

/** Plain BM25: no meanings, no threshold, so it finds something wherever one word is shared. */
function wordSearcher({ index, corpus }: LiveTenant): Searcher {
  return async (text, atMs) => {
    const filter: IndexFilter = { kinds: [], channel: 'whatsapp', service: null, atMs };
    const { sparse } = readQuery(text, corpus, config.language);
    return (await index.lexical(tenant.accountId, sparse, filter, 5)).map(({ ref }) => ref.id);
  };
}

function vectorSearcher({ index, embedder }: LiveTenant): Searcher {
  const floor = similarityFloor(embedder.model);
  return async (text, atMs) => {
    const { vectors } = await embedder.embed([text], never);
    const filter: IndexFilter = { kinds: [], channel: 'whatsapp', service: null, atMs };
    const hits = await index.dense(tenant.accountId, vectors[0] ?? new Float32Array(embedder.dimensions), filter, 5);
    return hits.filter(({ score }) => score >= floor).map(({ ref }) => ref.id);
  };
}

/** The index with one leg that finds nothing. */
function withoutLeg(index: SearchIndex, leg: 'lexical' | 'dense'): SearchIndex {
  const none = async (): Promise<LegHit[]> => [];
  return {
    shared: index.shared,
    upsert: (...given) => index.upsert(...given),
    remove: (...given) => index.remove(...given),
    lexical: leg === 'lexical' ? none : (...given) => index.lexical(...given),
    dense: leg === 'dense' ? none : (...given) => index.dense(...given),
    refs: (...given) => index.refs(...given),
    drop: (...given) => index.drop(...given),
  };
}

function toStored(document: KnowledgeDocument): StoredDocument {
  return {
    version: 1,
    document,
    source: 'yaml',
    etag: '',
    textHash: textHashOf(document),
    restHash: restHashOf(document),
    embeddedWith: null,
    failure: null,
    storedAtMs: 0,
  };
}
