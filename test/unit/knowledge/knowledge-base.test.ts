import assert from 'node:assert/strict';
import { EmbeddedSearchIndex } from '../../../bridge/adapters/embedded/search-index.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { VectorCache } from '../../../bridge/core/ports/embedder.ts';
import { idsFor, never, nowMs, openBench, question, rule, tenantNamed } from './knowledge-bench.ts';
import type { Bench } from './knowledge-bench.ts';

const tenant = tenantNamed('loja_um');
const exchange = rule('troca', 'Prazo para trocar um produto', 'Você troca em até 15 dias corridos.');
const shipping = rule('frete', 'Frete grátis', 'O frete é grátis acima de R$ 199.');
const filler = ['Horário da loja', 'Endereço e estacionamento', 'Clube de pontos', 'Nota fiscal'].map((title, i) =>
  rule(`outro-${i}`, title, 'Fale com a nossa equipe para saber mais.'),
);

describe('knowledge base', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await openBench();
  });

  afterEach(() => bench.close());

  const save = (documents: unknown[], source = 'rpc') => bench.knowledge.upsert(tenant, source, documents, never);

  it('what was saved answers the next question, and survives a restart without being embedded again', async () => {
    assert.deepEqual(await save([exchange, shipping, ...filler]), {
      received: 6,
      embedded: 6,
      updated: 0,
      unchanged: 0,
      pending: 0,
      rejected: [],
    });
    assert.deepEqual((await idsFor(bench.knowledge, tenant, 'qual o prazo de troca?'))[0], 'troca');
    await bench.restart();
    bench.embedder.embedded = [];
    assert.deepEqual((await idsFor(bench.knowledge, tenant, 'qual o prazo de troca?'))[0], 'troca');
    assert.deepEqual(bench.embedder.embedded, ['qual o prazo de troca?']);
  });

  it('a wrong document is rejected with the path of what is wrong and does not stop the others', async () => {
    const report = await save([
      exchange,
      { kind: 'rule', id: 'x', title: '', body: 'b' },
      7,
      { ...(shipping as object), valid_to: 'soon' },
    ]);
    assert.equal(report.embedded, 1);
    assert.deepEqual(
      report.rejected.map(({ index, kind, id, path }) => ({ index, kind, id, path })),
      [
        { index: 1, kind: 'rule', id: 'x', path: 'title' },
        { index: 2, kind: null, id: null, path: '' },
        { index: 3, kind: 'rule', id: 'frete', path: 'valid_to' },
      ],
    );
  });

  it('of two documents with one kind and id in one request the later one counts', async () => {
    const report = await save([exchange, { ...(exchange as object), body: 'Você troca em até 20 dias.' }]);
    assert.deepEqual([report.embedded, report.rejected.map(({ index }) => index)], [1, [0]]);
    const { hits } = await bench.knowledge.search(tenant, question('prazo de troca'), never);
    assert.match(hits[0]?.excerpt ?? '', /20 dias/);
  });

  it('more than 500 documents at once are refused and nothing is stored', async () => {
    const many = Array.from({ length: 501 }, (_, i) => rule(`r${i}`, `Regra ${i}`, 'Texto'));
    await assert.rejects(save(many), (error) => error instanceof BridgeError && error.code === 'too_large');
    assert.deepEqual((await bench.knowledge.status(tenant)).kinds, {});
  });

  it('saying the same again embeds nothing and changes no version', async () => {
    await save([exchange, shipping]);
    const { version } = await bench.knowledge.status(tenant);
    bench.embedder.embedded = [];
    assert.equal((await save([exchange, shipping])).unchanged, 2);
    assert.deepEqual(bench.embedder.embedded, []);
    assert.equal((await bench.knowledge.status(tenant)).version, version);
  });

  it('a change beside the text is applied without embedding', async () => {
    await save([exchange, shipping, ...filler]);
    await idsFor(bench.knowledge, tenant, 'troca');
    bench.embedder.embedded = [];
    const report = await save([{ ...(exchange as object), valid_to: '2026-11-21' }]);
    assert.deepEqual([report.updated, report.embedded], [1, 0]);
    assert.deepEqual(bench.embedder.embedded, []);
    assert.deepEqual(await idsFor(bench.knowledge, tenant, 'prazo de troca'), []);
  });

  it('an edited rule answers with its new text, a removed one not at all', async () => {
    await save([exchange, ...filler]);
    await idsFor(bench.knowledge, tenant, 'troca');
    await save([{ ...(exchange as object), body: 'Você troca em até 45 dias.' }]);
    const { hits } = await bench.knowledge.search(tenant, question('qual o prazo de troca?'), never);
    assert.match(hits[0]?.document.body ?? '', /45 dias/);
    assert.equal(await bench.knowledge.remove(tenant, [{ kind: 'rule', id: 'troca' }]), 1);
    assert.deepEqual(await idsFor(bench.knowledge, tenant, 'qual o prazo de troca?'), []);
  });

  it("another instance's change is seen by the next search", async () => {
    await save([exchange, ...filler]);
    const other = bench.another();
    assert.deepEqual(await idsFor(other, tenant, 'frete grátis'), []);
    await save([shipping]);
    assert.deepEqual(await idsFor(other, tenant, 'frete grátis'), ['frete']);
    await bench.knowledge.remove(tenant, [{ kind: 'rule', id: 'frete' }]);
    assert.deepEqual(await idsFor(other, tenant, 'frete grátis'), []);
  });

  it('validity is decided at the time of the question, in the time zone of the tenant', async () => {
    await save([{ ...(shipping as object), valid_from: '2026-11-22', valid_to: '2026-11-22' }, ...filler]);
    const at = (iso: string) => idsFor(bench.knowledge, tenant, 'frete grátis', { atMs: Date.parse(iso) });
    assert.deepEqual(await at('2026-11-21T23:59:59-03:00'), []);
    assert.deepEqual(await at('2026-11-22T00:00:00-03:00'), ['frete']);
    assert.deepEqual(await at('2026-11-22T23:59:59-03:00'), ['frete']);
    assert.deepEqual(await at('2026-11-23T00:00:00-03:00'), []);
  });

  it('a rule for one channel or service is found only there; without a channel nothing is filtered', async () => {
    await save([{ ...(shipping as object), channels: ['Instagram'], services: ['sales'] }, ...filler]);
    const found = (changes: object) => idsFor(bench.knowledge, tenant, 'frete grátis', changes);
    assert.deepEqual(await found({ channel: 'whatsapp' }), []);
    assert.deepEqual(await found({ channel: 'instagram' }), ['frete']);
    assert.deepEqual(await found({ service: 'support' }), []);
    assert.deepEqual(await found({}), ['frete']);
  });

  it('of two rules on one subject the one with priority comes first', async () => {
    const usual = rule('frete-normal', 'Frete grátis', 'Frete grátis no frete acima de R$ 199. Frete grátis sempre.');
    const special = rule('frete-especial', 'Frete grátis', 'Nesta semana o valor mínimo é R$ 99.', { priority: 10 });
    await save([usual, special, ...filler]);
    assert.deepEqual(await idsFor(bench.knowledge, tenant, 'frete grátis'), ['frete-especial', 'frete-normal']);
  });

  it('two tenants with the same ids and texts never see each other', async () => {
    const other = tenantNamed('loja_dois');
    await save([exchange, ...filler]);
    await bench.knowledge.upsert(other, 'rpc', [shipping, ...filler], never);
    assert.deepEqual(await idsFor(bench.knowledge, other, 'prazo de troca'), []);
    assert.deepEqual(await idsFor(bench.knowledge, tenant, 'frete grátis'), []);
    assert.equal(await bench.knowledge.removeAll(tenant), 5);
    assert.deepEqual(await idsFor(bench.knowledge, other, 'frete grátis'), ['frete']);
  });

  it('a hit says which legs and words found it', async () => {
    await save([exchange, ...filler]);
    const { hits } = await bench.knowledge.search(tenant, question('vcs fazem trocaa? qto tempo?'), never);
    const matched = hits[0]?.matched ?? [];
    assert.ok(matched.includes('lexical'), matched.join(' '));
    assert.ok(matched.includes('troca'), matched.join(' '));
    assert.ok(matched.includes('concept:deadline'), matched.join(' '));
  });

  describe('when the embedding service is away', () => {
    it('documents are stored, pending, and found by their words; the search says so', async () => {
      bench.embedder.isAway = true;
      const report = await save([exchange, ...filler]);
      assert.deepEqual([report.embedded, report.pending], [0, 5]);
      const { hits, degraded } = await bench.knowledge.search(tenant, question('prazo de troca'), never);
      assert.deepEqual([hits[0]?.document.id, degraded], ['troca', 'vector']);
      assert.equal((await bench.knowledge.status(tenant)).kinds.rule?.pending, 5);
    });

    it('once it is back, catching up embeds each document once', async () => {
      bench.embedder.isAway = true;
      await save([exchange, ...filler]);
      bench.embedder.isAway = false;
      assert.deepEqual(await bench.knowledge.catchUp(tenant, never), { embedded: 5, pending: 0 });
      assert.deepEqual(await bench.knowledge.catchUp(tenant, never), { embedded: 0, pending: 0 });
      assert.equal(bench.embedder.embedded.length, 5);
      assert.equal((await bench.knowledge.status(tenant)).kinds.rule?.embedded, 5);
    });

    it('a search that sees pending documents has them embedded in the background', async () => {
      bench.embedder.isAway = true;
      await save([exchange, ...filler]);
      bench.embedder.isAway = false;
      await bench.knowledge.search(tenant, question('troca'), never);
      await bench.knowledge.catchUp(tenant, never);
      assert.equal((await bench.knowledge.status(tenant)).kinds.rule?.pending, 0);
      assert.equal(bench.embedder.embedded.filter((text) => text !== 'troca').length, 5);
    });
  });

  it('a changed embedding model embeds everything again and never compares old vectors with new ones', async () => {
    await save([exchange, ...filler]);
    await idsFor(bench.knowledge, tenant, 'troca');
    bench.embedder.model = 'another-model';
    bench.embedder.embedded = [];
    assert.equal((await bench.knowledge.status(tenant)).kinds.rule?.pending, 5);
    assert.deepEqual(await bench.knowledge.catchUp(tenant, never), { embedded: 5, pending: 0 });
    assert.deepEqual((await bench.knowledge.status(tenant)).kinds.rule?.embedded, 5);
    assert.deepEqual((await idsFor(bench.knowledge, tenant, 'prazo de troca'))[0], 'troca');
  });

  it('a vector cache that fails costs time and nothing else', async () => {
    const broken: VectorCache = {
      get: () => Promise.reject(new BridgeError('upstream_unavailable', 'no cache')),
      put: () => Promise.reject(new BridgeError('upstream_unavailable', 'no cache')),
    };
    const knowledge = bench.another({ vectors: broken });
    const report = await knowledge.upsert(tenant, 'rpc', [exchange, ...filler], never);
    assert.equal(report.embedded, 5);
    assert.deepEqual((await idsFor(knowledge, tenant, 'prazo de troca'))[0], 'troca');
    await knowledge.catchUp(tenant, never);
    const { hits } = await knowledge.search(tenant, question('prazo de troca'), never);
    assert.ok(hits[0]?.matched.includes('vector'));
  });

  it('a shared index that is away leaves the words, and documents saved meanwhile are caught up', async () => {
    class SharedIndex extends EmbeddedSearchIndex {
      override readonly shared = true;
      isAway = false;
      override async upsert(...given: Parameters<EmbeddedSearchIndex['upsert']>): Promise<void> {
        this.#check();
        await super.upsert(...given);
      }
      override async lexical(
        ...given: Parameters<EmbeddedSearchIndex['lexical']>
      ): ReturnType<EmbeddedSearchIndex['lexical']> {
        this.#check();
        return super.lexical(...given);
      }
      override async dense(
        ...given: Parameters<EmbeddedSearchIndex['dense']>
      ): ReturnType<EmbeddedSearchIndex['dense']> {
        this.#check();
        return super.dense(...given);
      }
      #check(): void {
        if (this.isAway) throw new BridgeError('upstream_unavailable', 'The search server is away.');
      }
    }
    const index = new SharedIndex();
    const knowledge = bench.another({ makeIndex: () => index });
    await knowledge.upsert(tenant, 'rpc', [exchange, ...filler], never);
    index.isAway = true;
    const { hits, degraded } = await knowledge.search(tenant, question('prazo de troca'), never);
    assert.deepEqual([hits[0]?.document.id, degraded], ['troca', 'vector']);
    assert.equal((await knowledge.upsert(tenant, 'rpc', [shipping], never)).pending, 1);
    assert.deepEqual(await idsFor(knowledge, tenant, 'frete grátis'), ['frete']);
    index.isAway = false;
    await knowledge.catchUp(tenant, never);
    assert.equal((await knowledge.status(tenant)).kinds.rule?.pending, 0);
    assert.equal((await index.refs(tenant.accountId)).length, 6);
  });

  it('many writers and readers at once end with every document stored, embedded and found', async () => {
    const writers = Array.from({ length: 10 }, (_, i) =>
      save([rule(`par-${i}`, `Assunto zebra ${i}`, `Texto número ${i}.`)]),
    );
    const readers = Array.from({ length: 10 }, () => idsFor(bench.knowledge, tenant, 'assunto zebra', { limit: 20 }));
    await Promise.all([...writers, ...readers]);
    assert.equal((await idsFor(bench.knowledge, tenant, 'assunto zebra', { limit: 20 })).length, 10);
    assert.deepEqual((await bench.knowledge.status(tenant)).kinds.rule?.embedded, 10);
  });

  it('an empty question and a tenant without documents have no hits', async () => {
    assert.deepEqual(await idsFor(bench.knowledge, tenant, 'troca'), []);
    await save([exchange]);
    assert.deepEqual(await idsFor(bench.knowledge, tenant, '👍'), []);
    assert.equal(bench.clock.now(), nowMs);
  });
});
