import assert from 'node:assert/strict';
import { intentOf } from '../../../bridge/core/crew/intents.ts';
import { offersPerson } from '../../../bridge/core/crew/offers-person.ts';
import { phrases } from '../../../bridge/core/crew/phrases.ts';
import { languageOf, languages } from '../../../bridge/core/language.ts';

/** Every sentence, with something in each of its gaps. */
function sentencesOf(language: (typeof languages)[number]): string[] {
  return Object.values(phrases[language]).map((phrase: string | ((...gaps: string[]) => string)) =>
    typeof phrase === 'function' ? phrase('R$ 10,00', 'Loja') : phrase,
  );
}

describe('the fixed sentences', () => {
  it('exist in every language, and only what needs no saying is empty', () => {
    for (const language of languages) {
      assert.deepEqual(Object.keys(phrases[language]), Object.keys(phrases.pt));
      const empty = Object.entries(phrases[language]).filter(([, phrase]) => phrase === '');
      assert.deepEqual(
        empty.map(([name]) => name),
        language === 'pt' ? ['foreignSource'] : [],
      );
    }
  });

  it('are in the language they stand under', () => {
    for (const language of languages) {
      for (const sentence of sentencesOf(language).filter((text) => text.split(' ').length > 4)) {
        assert.equal(languageOf(sentence, language), language, sentence);
      }
    }
  });

  it('that offer a person are understood as an offer', () => {
    for (const language of languages) {
      const { nothingFound, offerPerson, trouble, troubleOffer } = phrases[language];
      assert.ok(offersPerson(`${nothingFound} ${offerPerson}`), language);
      assert.ok(offersPerson(`${trouble} ${troubleOffer}`), language);
    }
  });

  it('carry no fact of their own: no number, no name of a day, no promise to come back', () => {
    for (const language of languages) {
      for (const sentence of sentencesOf(language)) {
        assert.ok(!/\d/.test(sentence.replace('R$ 10,00', '')), sentence);
        assert.ok(!/vou verificar|retorno em|I'll check|get back to you|le aviso/i.test(sentence), sentence);
      }
    }
  });

  it('greet with and without a name', () => {
    assert.equal(phrases.pt.greeting('Ana', 'Loja'), 'Olá, Ana! Atendimento Loja por aqui. Como posso ajudar?');
    assert.equal(phrases.en.greeting(null, 'Loja'), 'Hello! This is Loja. How can I help you?');
    assert.equal(phrases.es.greeting('Ana', 'Loja'), '¡Hola, Ana! Le atiende Loja. ¿En qué puedo ayudarle?');
  });

  it('are no wish for a person themselves, when a customer quotes them', () => {
    for (const sentence of [phrases.pt.thanks, phrases.pt.goodbye, phrases.en.thanks, phrases.es.thanks]) {
      assert.notEqual(intentOf(sentence, false), 'wants_person');
    }
  });
});
