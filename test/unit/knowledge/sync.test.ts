import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { KnowledgeDocument, refKey } from '../../../bridge/core/knowledge/document.ts';
import type { DocumentRef } from '../../../bridge/core/knowledge/document.ts';
import { syncTenant } from '../../../bridge/core/knowledge/sync.ts';
import type { BusinessSystem } from '../../../bridge/core/ports/business-system.ts';
import { idsFor, never, openBench, rule, tenantNamed } from './knowledge-bench.ts';
import type { Bench } from './knowledge-bench.ts';

const tenant = tenantNamed('loja_um');

/** A business system with what it was asked for; it fails at call `failAt`. */
class Catalogue implements Pick<BusinessSystem, 'manifest' | 'documents'> {
  readonly documentsById = new Map<string, KnowledgeDocument>();
  fetched: string[] = [];
  failAt = Number.POSITIVE_INFINITY;
  #calls = 0;

  put(id: string, body: string): void {
    const document = KnowledgeDocument.parse(rule(id, `Regra ${id}`, body, { hash: `${id} ${body}` }));
    this.documentsById.set(refKey(document), document);
  }

  async manifest(_kinds: string[], after: string, limit: number): ReturnType<BusinessSystem['manifest']> {
    this.#call();
    const all = [...this.documentsById.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    const page = all.filter(({ id }) => id > after).slice(0, Math.min(limit, 150));
    const last = page.at(-1)?.id ?? '';
    return {
      items: page.map(({ kind, id, hash = '' }) => ({ kind, id, hash })),
      next: last !== '' && all.at(-1)?.id !== last ? last : '',
      digest: '',
    };
  }

  async documents(refs: DocumentRef[]): ReturnType<BusinessSystem['documents']> {
    this.#call();
    assert.ok(refs.length <= 200, 'pages of at most 200 documents');
    this.fetched.push(...refs.map(({ id }) => id));
    const found = refs.map((ref) => ({ ref, document: this.documentsById.get(refKey(ref)) }));
    return {
      documents: found.flatMap(({ document }) => document ?? []),
      gone: found.filter(({ document }) => !document).map(({ ref }) => ref),
    };
  }

  #call(): void {
    this.#calls += 1;
    if (this.#calls >= this.failAt) throw new BridgeError('upstream_unavailable', 'away');
  }

  restart(): void {
    this.#calls = 0;
    this.failAt = Number.POSITIVE_INFINITY;
    this.fetched = [];
  }
}

describe('sync with the business system', () => {
  let bench: Bench;
  let catalogue: Catalogue;

  beforeEach(async () => {
    bench = await openBench();
    catalogue = new Catalogue();
    for (let i = 1000; i < 1420; i++) catalogue.put(`r${i}`, `Texto da regra ${i}.`);
    await bench.knowledge.upsert(tenant, 'rpc', [rule('own', 'Regra própria', 'Fica.')], never);
  });

  afterEach(() => bench.close());

  const sync = (dryRun = false) =>
    syncTenant(
      { knowledge: bench.knowledge, documents: bench.deps.documents, business: catalogue, source: 'odoo' },
      tenant,
      { dryRun, signal: never },
    );

  it('the first sync stores everything; the second fetches no document at all', async () => {
    const first = await sync();
    assert.deepEqual(
      { ...first, ms: 0 },
      {
        items: 420,
        fetched: 420,
        embedded: 420,
        unchanged: 0,
        removed: 0,
        differences: 0,
        index: { points: 421, missing: 0, foreign: 0 },
        calls: 6,
        ms: 0,
      },
    );
    catalogue.restart();
    const second = await sync();
    assert.deepEqual(
      { ...second, ms: 0 },
      {
        items: 420,
        fetched: 0,
        embedded: 0,
        unchanged: 420,
        removed: 0,
        differences: 0,
        index: { points: 421, missing: 0, foreign: 0 },
        calls: 3,
        ms: 0,
      },
    );
    assert.deepEqual(catalogue.fetched, []);
  });

  it('fetches and embeds exactly what changed, and removes what is gone within its own source', async () => {
    await sync();
    catalogue.restart();
    bench.embedder.embedded = [];
    catalogue.put('r1003', 'Outro texto.');
    catalogue.put('novo', 'Regra nova.');
    catalogue.documentsById.delete('rule:r1100');
    const report = await sync();
    assert.deepEqual(catalogue.fetched.toSorted(), ['novo', 'r1003']);
    assert.deepEqual([report.embedded, report.removed, report.differences], [2, 1, 0]);
    assert.equal(bench.embedder.embedded.length, 2);
    const all = await bench.deps.documents.all(tenant.accountId);
    assert.equal(all.length, 421);
    assert.ok(all.some(({ document }) => document.id === 'own'));
  });

  it('a sync that is cut off anywhere is resumed without fetching or embedding again what is stored', async () => {
    for (const failAt of [1, 2, 3, 4]) {
      catalogue.restart();
      catalogue.failAt = failAt;
      await assert.rejects(sync(), (error) => error instanceof BridgeError && error.code === 'upstream_unavailable');
    }
    await bench.restart();
    catalogue.restart();
    const stored = (await bench.deps.documents.all(tenant.accountId)).length - 1;
    assert.ok(stored > 0 && stored < 420);
    const report = await sync();
    assert.deepEqual([report.fetched, report.unchanged, report.differences], [420 - stored, stored, 0]);
    assert.equal(bench.embedder.embedded.length, 421);
  });

  it('a dry run counts and changes nothing', async () => {
    const report = await sync(true);
    assert.deepEqual([report.fetched, report.differences, catalogue.fetched.length], [420, 420, 0]);
    assert.equal((await bench.deps.documents.all(tenant.accountId)).length, 1);
  });

  it('a document the other side cannot form is a difference, not the end of the sync', async () => {
    const broken = { ...catalogue.documentsById.get('rule:r1000'), title: '' } as KnowledgeDocument;
    catalogue.documentsById.set('rule:r1000', broken);
    const report = await sync();
    assert.deepEqual([report.differences, report.embedded], [1, 419]);
  });

  it('a cursor that does not advance ends the sync instead of going round for ever', async () => {
    const stuck: Pick<BusinessSystem, 'manifest' | 'documents'> = {
      manifest: async () => ({ items: [], next: 'same', digest: '' }),
      documents: async () => ({ documents: [], gone: [] }),
    };
    await assert.rejects(
      syncTenant(
        { knowledge: bench.knowledge, documents: bench.deps.documents, business: stuck, source: 'odoo' },
        tenant,
        { dryRun: false, signal: never },
      ),
      (error) => error instanceof BridgeError && error.code === 'upstream_rejected',
    );
  });

  it('what was synced is found', async () => {
    catalogue.put('frete', 'O frete grátis vale acima de R$ 150.');
    await sync();
    assert.equal((await idsFor(bench.knowledge, tenant, 'a partir de quanto o frete é grátis?'))[0], 'frete');
  });
});
