import assert from 'node:assert/strict';
import fc from 'fast-check';
import { languageOf, languages } from '../../../bridge/core/language.ts';
import type { Language } from '../../../bridge/core/language.ts';

/** What people really write to a Brazilian shop. */
const messages: Record<Language, string[]> = {
  pt: [
    'oi',
    'Olá!',
    'bom dia',
    'ok',
    'sim',
    'não',
    '👍',
    '12345',
    '',
    'tem?',
    'preço',
    'Qual o prazo de troca?',
    'vcs entregam hj?',
    'quanto custa o kit',
    'tem do azul?',
    'do site ou da loja?',
    'aceita pix',
    'e no domingo?',
    'Me manda o link do produto',
    'www.loja.com.br/batom tem desse?',
    'o show é que horas',
    'tem delivery?',
    'batom matte nude tem?',
    'faz drop shipping?',
    'quero comprar um kit skin care',
    'qual o status do meu pedido',
    'meu email é the.best@example.com',
    'Comprei um shampoo no black friday e veio errado',
    'Me vê o PIX aí',
    'Boa tarde, tudo bem?',
    'obrigada',
    'pode ser as 10h',
    'tá bom então',
    'voces abrem no feriado',
    'Como faço pra trocar',
    'se for no sábado eu vou',
  ],
  en: [
    'hello',
    'Hi there',
    'Thanks!',
    'Do you ship abroad?',
    'What are your opening hours?',
    'how much is it',
    'Is there a trial?',
    'Can I return a product I bought yesterday?',
    'where is my order',
    'I need help with my order please',
    'Good morning',
    'which one is the best for dry skin',
    'my package has not arrived',
    'do you have this in blue',
  ],
  es: [
    'hola',
    'Hola, ¿cómo están?',
    'gracias',
    '¿Cuánto cuesta el envío?',
    'quiero cambiar mi pedido',
    'buenas tardes',
    '¿Tienen talla M?',
    'cuando abren el domingo',
    '¿Hacen envíos a Argentina?',
    'necesito ayuda con mi pedido',
    'donde puedo ver los precios',
    'Buenos días, quisiera una cita',
    'hay descuento hoy',
  ],
};

describe('the language of an answer', () => {
  for (const [language, texts] of Object.entries(messages)) {
    for (const text of texts) {
      it(`to "${text}" is ${language} in a Brazilian shop`, () => assert.equal(languageOf(text, 'pt_BR'), language));
    }
  }

  it('is the tenant’s own where nothing is clear, whatever that language is', () => {
    for (const text of ['ok', '👍', '123', '', '...', 'batom', 'Ana Paula']) {
      assert.equal(languageOf(text, 'en'), 'en');
      assert.equal(languageOf(text, 'es_MX'), 'es');
      assert.equal(languageOf(text, 'pt_BR'), 'pt');
    }
  });

  it('is Portuguese for a tenant whose language we do not write', () => {
    assert.equal(languageOf('ok', 'de_DE'), 'pt');
    assert.equal(languageOf('What are your opening hours?', 'de_DE'), 'en');
  });

  it('follows the customer in a shop of another country too', () => {
    assert.equal(languageOf('Oi, vocês entregam no Brasil?', 'en'), 'pt');
    assert.equal(languageOf('What time do you open?', 'es_AR'), 'en');
    assert.equal(languageOf('¿A qué hora abren?', 'pt_BR'), 'es');
  });

  it('is one of the three for any text', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    fc.assert(
      fc.property(text, fc.constantFrom('pt_BR', 'en', 'es', 'fr'), (given, tenant) =>
        assert.ok(languages.includes(languageOf(given, tenant))),
      ),
    );
  });
});
