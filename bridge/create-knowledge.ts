// Makes the knowledge base from the settings: where documents are indexed and what embeds them.
import path from 'node:path';
import { LocalEmbedder } from './adapters/embedded/local-embedder.ts';
import { EmbeddedReconcileRuns } from './adapters/embedded/reconcile-runs.ts';
import { EmbeddedSearchIndex } from './adapters/embedded/search-index.ts';
import { EmbeddedVectorCache } from './adapters/embedded/vector-cache.ts';
import type { Settings } from './config/settings.ts';
import { KnowledgeBase } from './core/knowledge/knowledge-base.ts';
import { LayeredVectorCache } from './core/knowledge/layered-vector-cache.ts';
import { SharedVectorCache } from './core/knowledge/shared-vector-cache.ts';
import type { Clock, Embedder, EmbeddingModel, Logger, SearchIndex } from './core/ports.ts';
import type { Stores } from './core/stores.ts';

export interface CreateKnowledgeParts {
  settings: Readonly<Settings>;
  stores: Stores;
  clock: Clock;
  logger: Logger;
}

export interface KnowledgeParts {
  knowledge: KnowledgeBase;
  /** After the knowledge base itself was closed. */
  close(): Promise<void>;
}

export function createKnowledge({ settings, stores, clock, logger }: CreateKnowledgeParts): KnowledgeParts {
  const own = new EmbeddedVectorCache(path.join(settings.dataDir, 'vectors'));
  const embedder = createEmbedder(settings);
  const knowledge = new KnowledgeBase({
    documents: stores.documents,
    makeIndex: (model) => createIndex(settings, model),
    embedderFor: async () => embedder,
    vectors: settings.mode === 'redis' ? new LayeredVectorCache(own, new SharedVectorCache(stores.cache)) : own,
    runs: new EmbeddedReconcileRuns(path.join(settings.dataDir, 'reconcile'), clock),
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

function createIndex(_settings: Readonly<Settings>, _model: EmbeddingModel): SearchIndex {
  return new EmbeddedSearchIndex();
}

function createEmbedder(_settings: Readonly<Settings>): Embedder {
  return new LocalEmbedder();
}
