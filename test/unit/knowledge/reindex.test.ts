import assert from 'node:assert/strict';
import { LocalEmbedder } from '../../../bridge/adapters/embedded/local-embedder.ts';
import { EmbeddedSearchIndex } from '../../../bridge/adapters/embedded/search-index.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { KnowledgeBase } from '../../../bridge/core/knowledge/knowledge-base.ts';
import type { Embedder } from '../../../bridge/core/ports/embedder.ts';
import { TextRefused } from '../../../bridge/core/ports/embedder.ts';
import { repositoryLexicon } from '../../fixtures/repository-lexicon.ts';
import { never, openBench, question, rule, tenantNamed } from './knowledge-bench.ts';
import type { Bench } from './knowledge-bench.ts';

const tenant = tenantNamed('loja_um');
const texts = 300;

/** Another model of the same kind, which fails when told and notes what it was asked. */
class OtherEmbedder implements Embedder {
  readonly isRemote = false;
  readonly model: string;
  readonly dimensions: number;
  readonly #inner: Embedder;
  asked: string[] = [];
  /** Answers so many texts and is then away. */
  leftUntilAway = Number.POSITIVE_INFINITY;
  refuses = '';

  constructor(model: string, inner: Embedder) {
    this.model = model;
    this.dimensions = inner.dimensions;
    this.#inner = inner;
  }

  async embed(given: string[], signal: AbortSignal) {
    if (this.refuses !== '' && given.some((text) => text.includes(this.refuses))) {
      throw new TextRefused('upstream_rejected', 'This text is refused.');
    }
    if (given.length > this.leftUntilAway) throw new BridgeError('upstream_unavailable', 'The service is away.');
    this.leftUntilAway -= given.length;
    this.asked.push(...given);
    return this.#inner.embed(given, signal);
  }
}

describe('a changed embedding model', () => {
  let bench: Bench;
  let before: OtherEmbedder;
  let after: OtherEmbedder;
  let current: Embedder;
  let knowledge: KnowledgeBase;

  beforeEach(async () => {
    bench = await openBench();
    const inner = new LocalEmbedder(await repositoryLexicon('retail'));
    [before, after] = [new OtherEmbedder('model-a', inner), new OtherEmbedder('model-b', inner)];
    current = before;
    knowledge = open();
    const documents = Array.from({ length: texts }, (_, i) => rule(`r${i}`, `Regra ${i}`, `Texto número ${i}.`));
    const frete = rule('frete', 'Envio', 'O frete grátis vale acima de R$ 150.');
    await knowledge.upsert(tenant, 'odoo', [frete, ...documents], never);
    await find();
    before.asked = [];
  });

  afterEach(() => bench.close());

  const open = () =>
    bench.another({
      embedderFor: async () => current,
      formerEmbedder: async (_tenant, model) => (model === before.model ? before : null),
      makeIndex: () => new EmbeddedSearchIndex(),
    });
  const find = async () => {
    const { hits, degraded } = await knowledge.search(tenant, question('a partir de quanto o frete é grátis?'), never);
    return { first: hits[0]?.document.id, byVector: hits[0]?.matched.includes('vector'), degraded };
  };
  const found = { first: 'frete', byVector: true, degraded: null };
  const reindexing = async () => (await knowledge.status(tenant)).reindexing;

  it('is built beside: the old vectors and their own embedder answer until every document has its new one', async () => {
    current = after;
    after.leftUntilAway = 200;
    assert.deepEqual(await find(), found);
    await knowledge.catchUp(tenant, never);
    const { from, to, done, total } = (await reindexing()) ?? {};
    assert.deepEqual([from, to, total], ['model-a', 'model-b', texts + 1]);
    assert.ok(Number(done) > 0 && Number(done) < texts, `half done: ${done}`);
    after.asked = [];
    assert.deepEqual(await find(), found);
    assert.deepEqual(after.asked, [], 'the question went to the old embedder');
    after.leftUntilAway = Number.POSITIVE_INFINITY;
    await knowledge.catchUp(tenant, never);
    assert.equal(await reindexing(), null);
    before.asked = [];
    assert.deepEqual(await find(), found);
    assert.deepEqual(before.asked, [], 'the question went to the new embedder');
  });

  it('each document is embedded once with the new model, whatever comes between', async () => {
    current = after;
    after.leftUntilAway = 200;
    await knowledge.catchUp(tenant, never);
    after.leftUntilAway = Number.POSITIVE_INFINITY;
    await knowledge.catchUp(tenant, never);
    assert.equal(after.asked.length, texts + 1);
    assert.equal(new Set(after.asked).size, texts + 1);
  });

  it('a restart in the middle goes on with the old vectors and embeds nothing twice', async () => {
    current = after;
    after.leftUntilAway = 200;
    await knowledge.catchUp(tenant, never);
    await bench.restart();
    knowledge = open();
    assert.deepEqual(await find(), found);
    after.leftUntilAway = Number.POSITIVE_INFINITY;
    await knowledge.catchUp(tenant, never);
    assert.equal(await reindexing(), null);
    assert.deepEqual(await find(), found);
    assert.equal(new Set(after.asked.filter((text) => text.includes('Texto'))).size, texts);
    assert.equal(after.asked.filter((text) => text.includes('Texto')).length, texts);
  });

  it('what changes meanwhile is found at once, and what is removed is gone', async () => {
    current = after;
    after.leftUntilAway = 200;
    await knowledge.catchUp(tenant, never);
    await knowledge.upsert(
      tenant,
      'odoo',
      [rule('pix', 'Pagamento com Pix', 'Pagamento com Pix tem 5% de desconto.')],
      never,
    );
    await knowledge.remove(tenant, [{ kind: 'rule', id: 'frete' }]);
    const { hits } = await knowledge.search(tenant, question('desconto no pix'), never);
    assert.equal(hits[0]?.document.id, 'pix');
    assert.notEqual((await find()).first, 'frete');
  });

  it('a text that the new model refuses does not hold up the change', async () => {
    current = after;
    after.refuses = 'Texto número 17.';
    await knowledge.catchUp(tenant, never);
    assert.deepEqual(await find(), found);
    before.asked = [];
    assert.deepEqual(await find(), found);
    assert.deepEqual(before.asked, []);
    assert.equal((await knowledge.status(tenant)).kinds.rule?.failed, 1);
  });
});
