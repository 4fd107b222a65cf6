import assert from 'node:assert/strict';
import fc from 'fast-check';
import { quietTimeFor, shapeOf } from '../../../bridge/core/intake/quiet-period.ts';
import type { MessageShape } from '../../../bridge/core/intake/quiet-period.ts';
import type { Attachment, CustomerMessage } from '../../../bridge/core/message.ts';
import { makeCustomerMessage } from '../../fixtures/customer-message.ts';

const debounce = { complete_ms: 2_500, fragment_ms: 7_000, max_ms: 25_000 };

const message = (text: string, more: Partial<CustomerMessage> = {}) => makeCustomerMessage({ text, ...more });

const file = (kind: Attachment['kind'], transcript: string | null = null): Attachment => ({
  kind,
  url: null,
  transcript,
});

const balloons: Record<Exclude<MessageShape, 'choice' | 'voice'>, string[]> = {
  complete: [
    'Qual o prazo para trocar um produto?',
    'Oi, bom dia! Vocês entregam no sábado?',
    'e o batom vermelho?',
    'quanto fica o frete pra Contagem',
    'vocês aceitam pix e cartão',
    'Quero falar com um atendente',
    'preciso remarcar minha consulta de amanhã',
    'Comprei uma base ontem e ela veio quebrada.',
    'minha encomenda ainda não chegou e já faz dez dias',
    'Tem estoque?? 🙏',
    'Quanto custa? 😅👍🏽',
    'sim',
    'Não!',
    'Obrigada 😊',
    'muito obrigado',
    'tchau',
    'um minuto de silêncio custa quanto?',
    'wait, how much is the shipping?',
    'Do you ship abroad?',
    'what time do you open tomorrow',
    'I need to return a dress I bought',
    'thanks!',
    '¿Cuánto cuesta el envío?',
    'tienen este modelo en azul',
    'quiero cambiar mi pedido de ayer',
  ],
  fragment: [
    'então',
    'é que',
    'comprei um batom',
    'vocês conseguem trocar',
    'qual o prazo',
    'quero trocar um produto que',
    'eu queria saber se vocês têm o',
    'preço?',
    'o negócio é o seguinte:',
    'vi no site o kit de verão,',
    'pois é...',
    'aí eu pensei…',
    'Marta',
    '12345',
    'Pedido 88213',
    '🙈',
    'https://loja.example/p/123',
    'so i bought a',
    'the blue one',
    'my order',
    'compré un vestido',
    'necesito cambiar el',
  ],
  greeting: [
    'oi',
    'Oiii!!',
    'Olá, tudo bem?',
    'bom dia',
    'Boa tarde! 😊',
    'opa, beleza?',
    'Oi, boa noite, tudo bem??',
    'e aí',
    'tem alguém aí?',
    'Hello!',
    'hi',
    'good morning',
    'Hola, buenas tardes',
    'Oie 👋🏽',
  ],
  wait: [
    'só um minuto',
    'Um momento por favor',
    'peraí',
    'Espera aí!',
    'espera um pouco',
    'já volto',
    '1 min',
    'só um minutinho 🙏',
    'aguarde um instante por favor',
    'wait',
    'One moment please',
    'hold on',
    'just a second',
    'un momento por favor',
    'dame un segundo',
  ],
};

describe('how much more a customer is going to write', () => {
  for (const [shape, texts] of Object.entries(balloons)) {
    for (const text of texts) {
      it(`"${text}" is read as ${shape}`, () => assert.equal(shapeOf(message(text)), shape));
    }
  }

  it('after a button or a choice nothing more comes', () => {
    assert.equal(shapeOf(message('oi', { isChoice: true })), 'choice');
    assert.equal(shapeOf(message('', { isChoice: true, attachments: [file('audio')] })), 'choice');
  });

  it('a voice note without words waits for its transcript, one with words is judged by them', () => {
    assert.equal(shapeOf(message('', { attachments: [file('audio')] })), 'voice');
    assert.equal(shapeOf(message('', { attachments: [file('audio', 'qual o prazo de troca de vocês')] })), 'complete');
    assert.equal(shapeOf(message('', { attachments: [file('audio', 'oi')] })), 'greeting');
    assert.equal(shapeOf(message('', { attachments: [file('audio', 'oi'), file('audio')] })), 'greeting');
  });

  it('a picture without words has its words still to come', () => {
    for (const kind of ['image', 'video', 'file', 'location', 'contact', 'other'] as const) {
      assert.equal(shapeOf(message('  ', { attachments: [file(kind)] })), 'fragment');
    }
    assert.equal(shapeOf(message('vocês têm este aqui da foto?', { attachments: [file('image')] })), 'complete');
  });

  it('any text has a shape, and none sends the patterns round in circles', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => void shapeOf(message(text))));
    for (const text of ['oi ', 'oie ai', 'so ', 'um minuto ', '?', 'sim ', 'que ']) {
      assert.ok(shapeOf(message(`${text.repeat(20_000)}x`)) !== 'choice');
    }
  });
});

describe('the quiet time', () => {
  it('is long after a fragment or a greeting, short after a question, none after a choice, the cap after "wait"', () => {
    const times = (text: string, more = {}) => quietTimeFor(message(text, more), debounce);
    assert.deepEqual(times('oi'), { quietMs: 7_000, maxMs: 25_000 });
    assert.deepEqual(times('é que'), { quietMs: 7_000, maxMs: 25_000 });
    assert.deepEqual(times('qual o prazo de troca?'), { quietMs: 2_500, maxMs: 25_000 });
    assert.deepEqual(times('Azul', { isChoice: true }), { quietMs: 0, maxMs: 25_000 });
    assert.deepEqual(times('só um minuto'), { quietMs: 25_000, maxMs: 25_000 });
  });

  it('of a voice note is six seconds, or what the channel asks for a question when that is more, never past the cap', () => {
    const voice = message('', { attachments: [file('audio')] });
    assert.equal(quietTimeFor(voice, debounce).quietMs, 6_000);
    assert.equal(quietTimeFor(voice, { ...debounce, complete_ms: 9_000 }).quietMs, 9_000);
    assert.equal(quietTimeFor(voice, { ...debounce, max_ms: 3_000 }).quietMs, 3_000);
  });

  it('may be nothing at all where a channel wants none', () => {
    const none = { complete_ms: 0, fragment_ms: 0, max_ms: 0 };
    for (const text of ['oi', 'é que', 'qual o prazo?', 'só um minuto', '']) {
      assert.deepEqual(quietTimeFor(message(text, { attachments: [file('audio')] }), none), { quietMs: 0, maxMs: 0 });
    }
  });
});
