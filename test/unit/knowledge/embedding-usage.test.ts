import assert from 'node:assert/strict';
import type { Embedder } from '../../../bridge/core/ports/embedder.ts';
import { pricing } from '../../fixtures/cost.ts';
import { never, openBench, rule, tenantNamed } from './knowledge-bench.ts';
import type { Bench } from './knowledge-bench.ts';

const tenant = tenantNamed('loja_um', { timezone: 'America/Sao_Paulo' });

describe('tokens of embedded documents', () => {
  let bench: Bench;
  let added: unknown[][];

  beforeEach(async () => {
    bench = await openBench();
    added = [];
  });
  afterEach(() => bench.close());

  const open = (isRemote: boolean) => {
    const embedder: Embedder = {
      isRemote,
      model: 'small-vectors',
      dimensions: 2,
      embed: async (texts) => ({ vectors: texts.map(() => Float32Array.of(1, 0)), tokens: 7 * texts.length }),
    };
    const usage = { add: async (...given: unknown[]) => void added.push(given) };
    return bench.another({ embedderFor: async () => embedder, usage, pricing });
  };
  const documents = [
    rule('a', 'Troca', 'Em 30 dias.'),
    rule('b', 'Frete', 'Grátis.'),
    rule('c', 'Pix', 'Com desconto.'),
  ];

  it('are counted for the tenant whose documents they were, on the day of its own clock', async () => {
    bench.clock.nowMs = Date.parse('2026-11-23T01:00:00Z');
    await open(true).upsert(tenant, 'odoo', documents, never);
    assert.deepEqual(added, [['loja_um', '2026-11-22', { embedding_tokens: 21, 'cost:USD': (21 * 0.02) / 1_000_000 }]]);
  });

  it('are not counted again for texts whose vectors are kept', async () => {
    const knowledge = open(true);
    await knowledge.upsert(tenant, 'odoo', documents, never);
    await knowledge.upsert(tenant, 'odoo', [...documents, rule('d', 'Novo', 'Texto.')], never);
    assert.deepEqual(added.slice(1), [
      ['loja_um', '2026-11-22', { embedding_tokens: 7, 'cost:USD': (7 * 0.02) / 1_000_000 }],
    ]);
  });

  it('cost nothing where the bridge embeds by itself', async () => {
    await open(false).upsert(tenant, 'odoo', documents, never);
    assert.deepEqual(added, []);
  });
});
