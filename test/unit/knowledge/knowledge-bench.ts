// A knowledge base on the real embedded stores in a temporary folder, with a clock and an embedder that tests control.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalEmbedder } from '../../../bridge/adapters/embedded/local-embedder.ts';
import { openEmbeddedStores } from '../../../bridge/adapters/embedded/open-embedded-stores.ts';
import { EmbeddedReconcileRuns } from '../../../bridge/adapters/embedded/reconcile-runs.ts';
import { EmbeddedSearchIndex } from '../../../bridge/adapters/embedded/search-index.ts';
import { EmbeddedVectorCache } from '../../../bridge/adapters/embedded/vector-cache.ts';
import { yamlText } from '../../../bridge/adapters/files/yaml-text.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { KnowledgeBase } from '../../../bridge/core/knowledge/knowledge-base.ts';
import type { KnowledgeDeps } from '../../../bridge/core/knowledge/knowledge-deps.ts';
import type { SearchQuery } from '../../../bridge/core/knowledge/knowledge.ts';
import { QueryVectors } from '../../../bridge/core/knowledge/query-vectors.ts';
import type { Embedder } from '../../../bridge/core/ports/embedder.ts';
import type { SearchIndex } from '../../../bridge/core/ports/search-index.ts';
import type { Lexicon } from '../../../bridge/core/knowledge/text/lexicon.ts';
import { processCache } from '../../fixtures/process-cache.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { repositoryLexicon } from '../../fixtures/repository-lexicon.ts';
import { TenantConfig } from '../../../bridge/core/tenant.ts';
import type { Tenant } from '../../../bridge/core/tenant.ts';

export const never = new AbortController().signal;
/** A Sunday in the demo tenants' Black Friday. */
export const nowMs = Date.parse('2026-11-22T14:00:00-03:00');

export class BenchEmbedder implements Embedder {
  readonly isRemote = false;
  readonly #local: LocalEmbedder;
  readonly dimensions: number;
  model: string;
  isAway = false;
  embedded: string[] = [];

  constructor(lexicon: Lexicon) {
    this.#local = new LocalEmbedder(lexicon);
    this.dimensions = this.#local.dimensions;
    this.model = this.#local.model;
  }

  async embed(texts: string[], signal: AbortSignal): Promise<{ vectors: Float32Array[]; tokens: number }> {
    if (this.isAway) throw new BridgeError('upstream_unavailable', 'The embedding service is away.');
    this.embedded.push(...texts);
    return this.#local.embed(texts, signal);
  }
}

export interface Bench {
  knowledge: KnowledgeBase;
  deps: KnowledgeDeps;
  embedder: BenchEmbedder;
  clock: { now(): number; nowMs: number };
  /** Another instance on the same stores. */
  another(changes?: Partial<KnowledgeDeps>): KnowledgeBase;
  /** The process ends and starts again on the same folder. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

export async function openBench(
  makeIndex: () => SearchIndex = () => new EmbeddedSearchIndex(),
  domain = 'retail',
): Promise<Bench> {
  const dataDir = await mkdtemp(join(tmpdir(), 'knowledge-'));
  const clock = { nowMs, now: () => clock.nowMs };
  const lexicon = await repositoryLexicon(domain);
  const embedder = new BenchEmbedder(lexicon);
  const opened: KnowledgeBase[] = [];
  let closeStores: (() => Promise<void>)[] = [];

  const start = async (): Promise<KnowledgeDeps> => {
    const stores = await openEmbeddedStores({ dataDir, clock, logger: quietLog(), yaml: yamlText });
    const vectors = new EmbeddedVectorCache(join(dataDir, 'vectors'));
    closeStores = [() => vectors.close(), () => stores.close()];
    const runs = new EmbeddedReconcileRuns(join(dataDir, 'runs'), { now: () => Date.now() });
    return {
      documents: stores.documents,
      makeIndex,
      embedderFor: async () => embedder,
      lexiconFor: async () => lexicon,
      vectors,
      queries: new QueryVectors(processCache()),
      runs,
      clock,
      logger: quietLog(),
    };
  };
  const open = (deps: KnowledgeDeps): KnowledgeBase => {
    const knowledge = new KnowledgeBase(deps);
    opened.push(knowledge);
    return knowledge;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(opened.splice(0).map((knowledge) => knowledge.close()));
    for (const close of closeStores.splice(0)) await close();
  };

  const deps = await start();
  const bench: Bench = {
    knowledge: open(deps),
    deps,
    embedder,
    clock,
    another: (changes = {}) => open({ ...bench.deps, ...changes }),
    restart: async () => {
      await stop();
      bench.deps = await start();
      bench.knowledge = open(bench.deps);
    },
    close: async () => {
      await stop();
      await rm(dataDir, { recursive: true });
    },
  };
  return bench;
}

export function tenantNamed(accountId: string, changes: Record<string, unknown> = {}): Tenant {
  const config = TenantConfig.parse({ account_id: accountId, name: accountId, ...changes });
  return { accountId, domain: 'retail', revision: 0, fingerprint: accountId, managedBy: 'file', config };
}

export function question(text: string, changes: Partial<SearchQuery> = {}): SearchQuery {
  return { text, kinds: [], limit: 5, atMs: nowMs, channel: null, service: null, includeInvalid: false, ...changes };
}

export async function idsFor(
  knowledge: KnowledgeBase,
  tenant: Tenant,
  text: string,
  changes: Partial<SearchQuery> = {},
): Promise<string[]> {
  const { hits } = await knowledge.search(tenant, question(text, changes), never);
  return hits.map(({ document }) => document.id);
}

export function rule(id: string, title: string, body: string, more: Record<string, unknown> = {}): unknown {
  return { kind: 'rule', id, title, body, ...more };
}
