import assert from 'node:assert/strict';
import fc from 'fast-check';
import { routeTo } from '../../../bridge/core/hub/route.ts';
import { makeTenant } from '../crew/make-turn.ts';

const crew = (signals: string[]) => ({ title: 't', role: 'r', goal: 'g', backstory: 'b', signals });
const tenant = makeTenant({
  crews: {
    sales: crew(['preço', 'quanto custa', 'comprar']),
    support: crew(['troca', 'defeito', 'veio errado']),
    info: crew(['endereço', 'horário']),
    secret: crew(['segredo']),
  },
  services: { sales: {}, support: {}, info: {}, secret: { enabled: false } },
});

describe('which service answers', () => {
  it('is the one whose words the customer used, with the words as its reason', () => {
    assert.deepEqual(routeTo(tenant, 'Qual o PREÇO do kit?', null), {
      service: 'sales',
      confidence: 1,
      reason: 'signals: preço',
    });
    assert.deepEqual(routeTo(tenant, 'meu pedido veio errado', null), {
      service: 'support',
      confidence: 1,
      reason: 'signals: veio errado',
    });
  });

  it('is the one with more of them, where a phrase weighs more than a word, and says how sure it is', () => {
    const route = routeTo(tenant, 'quanto custa a troca?', null);
    assert.deepEqual([route.service, route.confidence], ['sales', 0.67]);
    assert.equal(routeTo(tenant, 'troca com defeito, quanto custa?', null).confidence, 0.5);
  });

  it('is found without accents and in any case, and only in whole words', () => {
    assert.equal(routeTo(tenant, 'PRECO??', null).service, 'sales');
    assert.equal(routeTo(tenant, 'precocemente', null).reason, 'no signal');
    assert.equal(routeTo(tenant, 'trocadilho', null).reason, 'no signal');
  });

  it('goes on with the last one when nothing speaks for another, unless that one is off now', () => {
    assert.deepEqual(routeTo(tenant, 'e o azul?', 'support'), {
      service: 'support',
      confidence: 0.5,
      reason: 'goes on with the last service of this conversation',
    });
    assert.equal(routeTo(tenant, 'e o azul?', 'secret').service, 'info');
    assert.equal(routeTo(tenant, 'qual o preço?', 'support').service, 'sales');
  });

  it('is never one that is switched off', () => {
    assert.equal(routeTo(tenant, 'qual o segredo?', null).service, 'info');
  });

  it('is the general one when nothing is known, and the first one where there is no general one', () => {
    assert.deepEqual(routeTo(tenant, 'hm', null), { service: 'info', confidence: 0.3, reason: 'no signal' });
    const clinic = makeTenant({ crews: { scheduling: crew([]) }, services: { scheduling: {} } });
    assert.equal(routeTo(clinic, 'hm', null).service, 'scheduling');
    assert.equal(routeTo(makeTenant(), 'hm', null).service, 'info');
  });

  it('exists for any text, with a confidence between none and certain', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.option(fc.string()), (text, last) => {
        const { service, confidence } = routeTo(tenant, text, last);
        assert.ok(['sales', 'support', 'info'].includes(service));
        assert.ok(confidence > 0 && confidence <= 1);
      }),
    );
  });
});
