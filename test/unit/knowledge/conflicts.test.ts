import assert from 'node:assert/strict';
import { never, nowMs, openBench, rule, tenantNamed } from './knowledge-bench.ts';
import type { Bench } from './knowledge-bench.ts';

const tenant = tenantNamed('loja_um');

describe('conflicts between rules', () => {
  let bench: Bench;

  beforeEach(async () => {
    bench = await openBench();
  });

  afterEach(() => bench.close());

  const conflictsOf = async (...documents: unknown[]) => {
    await bench.knowledge.upsert(tenant, 'rpc', documents, never);
    return (await bench.knowledge.status(tenant)).conflicts;
  };
  const fifteen = rule('a', 'Prazo para trocar um produto', 'O prazo para trocar um produto é de 15 dias corridos.');
  const seven = (more: object = {}) =>
    rule('b', 'Prazo de troca de produtos', 'O prazo de troca dos produtos é de 7 dias.', { ...more });

  it('two rules on one subject with different numbers are reported with both numbers', async () => {
    assert.deepEqual(await conflictsOf(fifteen, seven()), [
      { ids: ['a', 'b'], about: 'Prazo para trocar um produto', values: ['15 dias', '7 dias'] },
    ]);
  });

  it('the same sentence with another number is a conflict whatever the titles say', async () => {
    const conflicts = await conflictsOf(
      rule('a', 'Trocas', 'O frete grátis vale para compras acima de R$ 199.'),
      rule('b', 'Entregas', 'O frete grátis vale para compras acima de R$ 149.'),
    );
    assert.deepEqual(
      conflicts.map(({ values }) => values),
      [['R$ 199', 'R$ 149']],
    );
  });

  const opposed: [string, string, string, [string, string]][] = [
    ['a yes and a no', 'Aceitamos cheque pré-datado.', 'Não aceitamos cheque pré-datado.', ['yes', 'no']],
    [
      'two dates',
      'A troca de presentes vai até 15 de janeiro.',
      'A troca de presentes vai até 10 de janeiro.',
      ['15/1', '10/1'],
    ],
    [
      'two dates in two spellings',
      'A entrega de Natal termina em 24/12/2026.',
      'A entrega de Natal termina em 23 de dezembro de 2026.',
      ['24/12/2026', '23/12/2026'],
    ],
    [
      'two opening times',
      'Atendemos aos sábados das 9h às 14h.',
      'Atendemos aos sábados das 9h às 13h.',
      ['9h a 14h', '9h a 13h'],
    ],
    ['two shares', 'O sinal da encomenda é de 30%.', 'O sinal da encomenda é de 50%.', ['30%', '50%']],
  ];
  for (const [what, one, other, values] of opposed) {
    it(`${what} about the same thing are reported`, async () => {
      const conflicts = await conflictsOf(rule('a', 'Regra da loja', one), rule('b', 'Regra da loja', other));
      assert.deepEqual(
        conflicts.map((conflict) => conflict.values),
        [values],
      );
    });
  }

  const harmless: [string, unknown[]][] = [
    [
      'the same date in two spellings',
      [
        rule('a', 'Troca de presentes', 'A troca de presentes vai até 15 de janeiro.'),
        rule('b', 'Troca de presentes', 'A troca de presentes vai até 15/01.'),
      ],
    ],
    [
      'a condition and a statement',
      [
        rule('a', 'Entrega', 'Se ninguém receber a encomenda, fazemos nova entrega.'),
        rule('b', 'Entrega', 'Não fazemos nova entrega da encomenda se o endereço estiver errado.'),
      ],
    ],
    [
      'a no about something else',
      [
        rule('a', 'Pagamento', 'Aceitamos cartão de crédito.'),
        rule('b', 'Pagamento', 'Não aceitamos cheque de terceiros.'),
      ],
    ],
    [
      'opening times of different days',
      [
        rule('a', 'Horário', 'Atendemos de segunda a sexta das 9h às 18h.'),
        rule('b', 'Horário', 'Atendemos aos sábados das 9h às 13h.'),
      ],
    ],
    [
      'rules that name the same number',
      [fifteen, rule('b', 'Prazo de troca de produto', 'O prazo de troca do produto: 15 dias.')],
    ],
    [
      'rules on neighbouring subjects',
      [
        rule('a', 'Prazo de entrega no Sul', 'O prazo de entrega é de 4 a 7 dias úteis.'),
        rule('b', 'Prazo de entrega no Norte', 'O prazo de entrega para o Norte é de 8 a 14 dias úteis.'),
      ],
    ],
    ['a rule that has ended', [fifteen, seven({ valid_to: '2026-11-21' })]],
    [
      'rules that are never valid together',
      [
        rule('a', 'Prazo de troca', 'O prazo de troca é de 15 dias.', { valid_to: '2026-12-31' }),
        rule('b', 'Prazo de troca', 'O prazo de troca é de 7 dias.', { valid_from: '2027-01-01' }),
      ],
    ],
    ['a rule that is meant to win', [fifteen, seven({ priority: 5 })]],
    [
      'rules for different channels',
      [{ ...(fifteen as object), channels: ['whatsapp'] }, seven({ channels: ['email'] })],
    ],
    ['an inactive rule', [fifteen, seven({ active: false })]],
    [
      'products',
      [
        { kind: 'product', id: 'a', title: 'Creme', body: 'Rende 10 dias.' },
        { kind: 'product', id: 'b', title: 'Creme', body: 'Rende 20 dias.' },
      ],
    ],
  ];
  for (const [what, documents] of harmless) {
    it(`${what}: no conflict`, async () => {
      assert.deepEqual(await conflictsOf(...documents), []);
      assert.equal(bench.clock.now(), nowMs);
    });
  }
});
