// What knowledge needs from outside. One object, so that the composition root reads like a list.
import type { Pricing } from '../cost/pricing.ts';
import type { Clock } from '../ports/clock.ts';
import type { DocumentStore } from '../ports/document-store.ts';
import type { Embedder, EmbeddingModel, VectorCache } from '../ports/embedder.ts';
import type { Logger } from '../ports/logger.ts';
import type { ReconcileRuns } from '../ports/reconcile-runs.ts';
import type { SearchIndex } from '../ports/search-index.ts';
import type { UsageLedger } from '../ports/usage-ledger.ts';
import type { Tenant } from '../tenant.ts';
import type { QueryVectors } from './query-vectors.ts';
import type { Lexicon } from './text/lexicon.ts';

export interface KnowledgeDeps {
  documents: DocumentStore;
  /** Called once per model: vectors of two models are never in one index. The name also holds the text version. */
  makeIndex(model: EmbeddingModel): SearchIndex;
  /** The tenant's own embedding service, the installation's, or the local one. */
  embedderFor(tenant: Tenant): Promise<Embedder>;
  /** For questions while everything is embedded anew: who made the vectors that documents still have. Null: cannot be asked. */
  formerEmbedder?(tenant: Tenant, model: string): Promise<Embedder | null>;
  /** What embedding documents costs is the tenant's, as its turns are. */
  usage?: Pick<UsageLedger, 'add'>;
  pricing?: Pricing;
  /** How customers of the tenant's domain say things. */
  lexiconFor(tenant: Tenant): Promise<Lexicon>;
  vectors: VectorCache;
  /** Vectors of questions, apart from those of documents: they are never a record of anything. */
  queries: QueryVectors;
  runs: ReconcileRuns;
  clock: Clock;
  logger: Logger;
}
