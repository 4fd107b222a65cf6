// What knowledge needs from outside. One object, so that the composition root reads like a list.
import type {
  Clock,
  DocumentStore,
  Embedder,
  EmbeddingModel,
  Logger,
  ReconcileRuns,
  SearchIndex,
  VectorCache,
} from '../ports.ts';
import type { Tenant } from '../tenant.ts';

export interface KnowledgeDeps {
  documents: DocumentStore;
  /** Called once per model: vectors of two models are never in one index. The name also holds the text version. */
  makeIndex(model: EmbeddingModel): SearchIndex;
  /** The tenant's own embedding service, the installation's, or the local one. */
  embedderFor(tenant: Tenant): Promise<Embedder>;
  vectors: VectorCache;
  runs: ReconcileRuns;
  clock: Clock;
  logger: Logger;
}
