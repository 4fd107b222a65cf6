// The real knowledge base on embedded stores in a folder of its own, filled with the documents a test gives.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { LocalEmbedder } from '../../../bridge/adapters/embedded/local-embedder.ts';
import { openEmbeddedStores } from '../../../bridge/adapters/embedded/open-embedded-stores.ts';
import { EmbeddedSearchIndex } from '../../../bridge/adapters/embedded/search-index.ts';
import { EmbeddedVectorCache } from '../../../bridge/adapters/embedded/vector-cache.ts';
import { yamlText } from '../../../bridge/adapters/files/yaml-text.ts';
import { KnowledgeBase } from '../../../bridge/core/knowledge/knowledge-base.ts';
import { QueryVectors } from '../../../bridge/core/knowledge/query-vectors.ts';
import type { Clock } from '../../../bridge/core/ports/clock.ts';
import type { Tenant } from '../../../bridge/core/tenant.ts';
import { processCache } from '../../fixtures/process-cache.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { repositoryLexicon } from '../../fixtures/repository-lexicon.ts';

export interface RealKnowledge {
  knowledge: KnowledgeBase;
  upsert(documents: object[]): Promise<void>;
  close(): Promise<void>;
}

export async function openRealKnowledge(tenant: Tenant, clock: Clock, documents: object[]): Promise<RealKnowledge> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ui-crew-'));
  const logger = quietLog();
  const stores = await openEmbeddedStores({ dataDir: folder, clock, logger, yaml: yamlText });
  const vectors = new EmbeddedVectorCache(path.join(folder, 'vectors'));
  const lexicon = await repositoryLexicon('retail');
  const embedder = new LocalEmbedder(lexicon);
  const knowledge = new KnowledgeBase({
    documents: stores.documents,
    makeIndex: () => new EmbeddedSearchIndex(),
    embedderFor: async () => embedder,
    lexiconFor: async () => lexicon,
    vectors,
    queries: new QueryVectors(processCache()),
    runs: stores.runs,
    clock,
    logger,
  });
  const upsert = async (given: object[]) => {
    const report = await knowledge.upsert(tenant, 'rpc', given, new AbortController().signal);
    assert.deepEqual([report.received, report.rejected], [given.length, []]);
  };
  await upsert(documents);
  const close = async () => {
    await knowledge.close();
    await vectors.close();
    await stores.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { knowledge, upsert, close };
}
