// Makes the knowledge base from the settings: where documents are indexed and what embeds them.
import path from 'node:path';
import { LocalEmbedder } from './adapters/embedded/local-embedder.ts';
import { EmbeddedSearchIndex } from './adapters/embedded/search-index.ts';
import { EmbeddedVectorCache } from './adapters/embedded/vector-cache.ts';
import { LexiconFiles } from './adapters/files/lexicon-files.ts';
import { OpenAiEmbedder } from './adapters/openai/embedder.ts';
import { QdrantSearchIndex } from './adapters/qdrant/search-index.ts';
import type { Settings } from './config/settings.ts';
import { guardedEmbedder } from './guarded-systems.ts';
import type { TwoLevelCache } from './core/cache/two-level-cache.ts';
import type { Pricing } from './core/cost/pricing.ts';
import { KnowledgeBase } from './core/knowledge/knowledge-base.ts';
import { LayeredVectorCache } from './core/knowledge/layered-vector-cache.ts';
import { QueryVectors } from './core/knowledge/query-vectors.ts';
import { SharedVectorCache } from './core/knowledge/shared-vector-cache.ts';
import type { Lexicon } from './core/knowledge/text/lexicon.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Embedder, EmbeddingModel } from './core/ports/embedder.ts';
import type { Guards } from './core/ports/guards.ts';
import type { Logger } from './core/ports/logger.ts';
import type { SearchIndex } from './core/ports/search-index.ts';
import type { Stores } from './core/stores.ts';

export interface CreateKnowledgeParts {
  guards: Guards;
  settings: Readonly<Settings>;
  stores: Stores;
  cache: TwoLevelCache;
  pricing: Pricing;
  clock: Clock;
  logger: Logger;
}

export interface KnowledgeParts {
  knowledge: KnowledgeBase;
  close(): Promise<void>;
}

/** Keeps what matters of the models that can shorten their vectors. */
const dimensions = 512;
const embeddingTimeoutMs = 20_000;
/** A customer waits for a search; a write can take its time. */
const qdrantTimes = { readTimeoutMs: 2_000, writeTimeoutMs: 15_000 };

export function createKnowledge({
  guards,
  settings,
  stores,
  cache,
  pricing,
  clock,
  logger,
}: CreateKnowledgeParts): KnowledgeParts {
  const own = new EmbeddedVectorCache(path.join(settings.dataDir, 'vectors'));
  const lexicons = new LexiconFiles({ root: settings.tenantsDir, log: logger });
  const endpoint = createEndpoint(settings, guards);
  const localEmbedder = localEmbedders();
  const knowledge = new KnowledgeBase({
    documents: stores.documents,
    makeIndex: (model) => createIndex(settings, logger, model),
    embedderFor: async (tenant) => endpoint ?? localEmbedder(await lexicons.for(tenant.domain)),
    formerEmbedder: async (_tenant, model) => formerEndpoint(settings, guards, model),
    usage: stores.usage,
    pricing,
    lexiconFor: (tenant) => lexicons.for(tenant.domain),
    vectors: settings.mode === 'redis' ? new LayeredVectorCache(own, new SharedVectorCache(stores.cache)) : own,
    queries: new QueryVectors(cache),
    runs: stores.runs,
    clock,
    logger,
  });
  return {
    knowledge,
    close: async () => {
      await knowledge.close();
      await own.close();
    },
  };
}

function createIndex(settings: Readonly<Settings>, logger: Logger, model: EmbeddingModel): SearchIndex {
  if (settings.qdrantUrl === null) return new EmbeddedSearchIndex();
  const { qdrantUrl: url, qdrantApiKey: apiKey, vectorIsolation: isolation } = settings;
  return new QdrantSearchIndex({ url, apiKey, isolation, logger, ...qdrantTimes }, model);
}

/** What stands for an embedding service where there is none: one for each lexicon. */
function localEmbedders(): (lexicon: Lexicon) => Embedder {
  const embedders = new WeakMap<Lexicon, Embedder>();
  return (lexicon) => {
    const embedder = embedders.get(lexicon) ?? new LocalEmbedder(lexicon);
    embedders.set(lexicon, embedder);
    return embedder;
  };
}

/** The same endpoint with the model of before; a local embedder of before had another lexicon, which is gone. */
function formerEndpoint(settings: Readonly<Settings>, guards: Guards, model: string): Embedder | null {
  return model.startsWith('local-') ? null : createEndpoint({ ...settings, embeddingModel: model }, guards);
}

function createEndpoint({ openai, embeddingModel }: Readonly<Settings>, guards: Guards): Embedder | null {
  if (openai === null || embeddingModel === null) return null;
  const { apiKey, baseUrl } = openai;
  const embedder = new OpenAiEmbedder({
    apiKey: apiKey ?? 'none',
    baseUrl,
    model: embeddingModel,
    dimensions,
    canShorten: true,
    timeoutMs: embeddingTimeoutMs,
  });
  return guardedEmbedder(embedder, guards, { url: baseUrl, credential: apiKey });
}
