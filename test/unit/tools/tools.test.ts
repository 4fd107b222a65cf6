import assert from 'node:assert/strict';
import { z } from 'zod';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { BusinessSystem, ProductFacts } from '../../../bridge/core/ports/business-system.ts';
import { productFacts } from '../../../bridge/core/tools/product-facts.ts';
import { requestPerson } from '../../../bridge/core/tools/request-person.ts';
import { searchKnowledge } from '../../../bridge/core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from '../../../bridge/core/tools/tool.ts';
import type { ToolResult } from '../../../bridge/core/tools/tool.ts';
import type { Turn } from '../../../bridge/core/turn.ts';
import { makeTenant, makeTurn } from '../crew/make-turn.ts';
import { FixedKnowledge, rule } from '../hub/world/fixed-knowledge.ts';

const tools = [toCatalogueTool(searchKnowledge), toCatalogueTool(productFacts), toCatalogueTool(requestPerson)];
const catalogue = createCatalogue(tools);

async function call(name: string, args: unknown, turn: Turn): Promise<ToolResult> {
  const prepared = catalogue.get(name)?.prepare(JSON.stringify(args));
  assert.ok(prepared && 'run' in prepared, JSON.stringify(prepared));
  return prepared.run(turn);
}

function problems(name: string, args: unknown): string {
  const prepared = catalogue.get(name)?.prepare(typeof args === 'string' ? args : JSON.stringify(args));
  assert.ok(prepared && 'problems' in prepared, 'the arguments were taken');
  return prepared.problems;
}

describe('the catalogue of tools', () => {
  it('refuses two tools of one name', () => {
    assert.throws(
      () => createCatalogue([...tools, toCatalogueTool(searchKnowledge)]),
      /Two tools are called search_knowledge/,
    );
  });

  it('gives the model names, descriptions and plain JSON Schema', () => {
    for (const { spec } of tools) {
      assert.match(spec.name, /^[a-z_]{3,64}$/);
      assert.ok(spec.description.length > 30);
      const sent = z.record(z.string(), z.unknown()).parse(JSON.parse(JSON.stringify(spec.parameters)));
      assert.deepEqual([sent['type'], sent['additionalProperties'], '$schema' in sent], ['object', false, false]);
    }
  });

  it('asks the model for no tenant, no customer, no credential and no instant: those come with the turn', () => {
    for (const { spec } of tools) {
      const names = Object.keys(z.record(z.string(), z.unknown()).parse(spec.parameters['properties']));
      for (const name of names) {
        assert.ok(!/tenant|account|partner|customer|contact|token|key|date|now/.test(name), name);
      }
    }
  });

  it('refuses arguments that name something else, with the place of each', () => {
    assert.match(problems('search_knowledge', { query: 'a', account_id: 'other' }), /account_id/);
    assert.match(problems('search_knowledge', { query: '' }), /query/);
    assert.match(problems('search_knowledge', { query: 'x'.repeat(301) }), /query/);
    assert.match(problems('search_knowledge', { query: 'a', kinds: ['secret'] }), /kinds/);
    assert.match(problems('product_facts', { products: [] }), /products/);
    assert.match(problems('product_facts', { products: [{ kind: 'rule', id: '1' }] }), /kind/);
    assert.match(problems('request_person', ''), /summary/);
    assert.ok(problems('search_knowledge', '{"query": ').length > 0);
  });
});

describe('search_knowledge', () => {
  it('searches what is valid at the turn’s instant on its channel, and gives texts with their references', async () => {
    const knowledge = new FixedKnowledge({ troca: [rule('troca', 'Até 15 dias.'), rule('defeito', 'Até 90 dias.')] });
    const turn = makeTurn({ knowledge, channel: 'email', atMs: 42 });
    const result = await call('search_knowledge', { query: 'troca', kinds: ['rule'] }, turn);
    assert.equal(result.text, '[rule troca] Regra troca\nAté 15 dias.\n\n[rule defeito] Regra defeito\nAté 90 dias.');
    assert.deepEqual(
      result.sources.map(({ id }) => id),
      ['troca', 'defeito'],
    );
    const [query] = knowledge.queries;
    assert.deepEqual(
      [query?.atMs, query?.channel, query?.kinds, query?.includeInvalid],
      [42, 'email', ['rule'], false],
    );
    assert.deepEqual(turn.usage.calls, [
      { purpose: 'embedding', model: 'small-vectors', inputTokens: 3, outputTokens: 0 },
    ]);
  });

  it('says that nothing was found, and offers nothing it did not find', async () => {
    const result = await call('search_knowledge', { query: 'relógio' }, makeTurn());
    assert.deepEqual([result.sources, result.handoff], [[], undefined]);
    assert.match(result.text, /^Nothing was found/);
  });

  it('passes an outage on instead of calling it nothing found', async () => {
    const knowledge = new FixedKnowledge({});
    knowledge.failure = new BridgeError('upstream_unavailable', 'away');
    await assert.rejects(call('search_knowledge', { query: 'x' }, makeTurn({ knowledge })), {
      code: 'upstream_unavailable',
    });
  });

  it('searches in the turn’s own tenant, whatever the question says', async () => {
    const asked: string[] = [];
    const knowledge = new FixedKnowledge({});
    const search = knowledge.search.bind(knowledge);
    knowledge.search = (tenant, query, signal) => {
      asked.push(tenant.accountId);
      return search(tenant, query, signal);
    };
    const tenant = { ...makeTenant(), accountId: 'clinica' };
    await call('search_knowledge', { query: 'account_id: loja' }, makeTurn({ tenant, knowledge }));
    assert.deepEqual(asked, ['clinica']);
  });
});

describe('product_facts', () => {
  const business = (facts: ProductFacts[]): BusinessSystem => {
    const never = () => Promise.reject(new Error('not asked for'));
    return { manifest: never, documents: never, check: never, productFacts: async () => facts };
  };
  const products = [{ kind: 'product', id: 'b1' }];

  it('gives price and stock of this moment, and says what is not known', async () => {
    const ref = { kind: 'product' as const, id: 'b1' };
    const text = async (price: number | null, currency: string | null, stock: number | null) =>
      (await call('product_facts', { products }, makeTurn({ business: business([{ ref, price, currency, stock }]) })))
        .text;
    assert.equal(await text(45.9, 'BRL', 3), 'product b1: price 45.90 BRL; in stock (3)');
    assert.equal(await text(45.9, null, 0), 'product b1: price 45.90; out of stock');
    assert.equal(await text(null, null, null), 'product b1: price unknown; stock not tracked');
  });

  it('without a business system, or for products nobody knows, says so', async () => {
    assert.match((await call('product_facts', { products }, makeTurn())).text, /cannot be read now/);
    assert.match(
      (await call('product_facts', { products }, makeTurn({ business: business([]) }))).text,
      /No current price/,
    );
  });
});

describe('request_person', () => {
  it('ends the turn with the summary for the team', async () => {
    const result = await call('request_person', { summary: 'Quer 50 kits.' }, makeTurn());
    assert.deepEqual(result.handoff, { reason: 'customer_asked', note: 'Quer 50 kits.' });
  });
});
