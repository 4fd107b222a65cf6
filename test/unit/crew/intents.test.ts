import assert from 'node:assert/strict';
import fc from 'fast-check';
import { intentOf } from '../../../bridge/core/crew/intents.ts';
import type { Intent } from '../../../bridge/core/crew/intents.ts';

const asksForPerson = [
  'Quero falar com um atendente',
  'quero falar com atendente humano por favor',
  'Posso falar com alguém da equipe?',
  'tem como falar com uma pessoa?',
  'dá pra falar com um humano??',
  'me passa para um atendente',
  'chama o gerente!',
  'Pode chamar alguém?',
  'preciso de um atendente',
  'prefiro uma pessoa',
  'Prefiro ser atendido por uma pessoa',
  'quero ser atendida por gente de verdade',
  'transfere pra um vendedor',
  'gostaria de falar com o responsável',
  'falar com atendente',
  'Atendente',
  'atendente por favor',
  'HUMANO!!!',
  'não quero falar com robô',
  'vocês não respondem, quero falar com um atendente',
  'não quero um cupom, quero falar com uma pessoa',
  'Oi\nquero falar com um atendente\nobrigada',
  'Can I talk to a real person?',
  'I want to speak with someone',
  'I need a human',
  'agent please',
  'Human',
  'please connect me to a live agent',
  'Quiero hablar con una persona',
  'necesito un asesor',
  'pásame con un agente',
  'asesor por favor',
];

const speaksOfPeople = [
  'meu atendente anterior disse que o prazo era de 7 dias',
  'a atendente de ontem me prometeu um brinde',
  'falei com uma pessoa ontem e ela não resolveu',
  'ontem consegui falar com um atendente e ele não ajudou',
  'não quero falar com atendente, só quero o preço',
  'não precisa chamar ninguém',
  'nem preciso falar com uma pessoa, né?',
  'preciso de um presente para uma pessoa especial',
  'quero um perfume para uma pessoa alérgica',
  'quero saber se alguém pode receber o pedido por mim',
  'quero comprar como pessoa física',
  'vocês vendem para pessoa jurídica?',
  'quanto custa o atendimento por pessoa?',
  'quero o preço por pessoa',
  'preciso falar sobre o responsável técnico da clínica',
  'preciso de alguém que monte o armário',
  'qual o telefone do gerente da loja de Betim?',
  'quero reclamar do atendente',
  'o vendedor falou que tinha desconto',
  'chamar um táxi',
  'Quero um livro sobre o ser humano',
  'I spoke to an agent yesterday and she said it was free',
  "I don't want to talk to a person, just tell me the price",
  'is this cream safe for a person with allergies?',
  'hablé con un agente ayer y me dijo que no',
  'no quiero hablar con nadie',
  'un regalo para una persona mayor',
];

const table: [Exclude<Intent, null | 'wants_person' | 'accepts' | 'declines'>, string[]][] = [
  [
    'greeting',
    [
      'oi',
      'Oiee!',
      'Olá, tudo bem?',
      'bom dia!',
      'Boa tarde 😊',
      'e aí',
      'hello',
      'Hola, buenas tardes',
      'tem alguém aí?',
      'oi, bom dia, tudo bem?',
      'opa',
      'good morning',
      'ok, bom dia',
    ],
  ],
  [
    'thanks',
    [
      'obrigada',
      'muito obrigado!',
      'Obrigado 🙏',
      'vlw',
      'ok, obrigada',
      'perfeito, muito obrigada!',
      'thanks a lot',
      'Thank you so much!',
      'gracias',
      'bom dia, obrigada',
    ],
  ],
  [
    'goodbye',
    [
      'tchau',
      'tchau, obrigada!',
      'até mais',
      'era só isso, obrigado',
      'bye',
      'obrigado, até amanhã',
      'hasta luego, gracias',
    ],
  ],
  [
    'acknowledges',
    [
      'ok',
      'Entendi.',
      'certo',
      'blz',
      'tá bom',
      'Tudo bem',
      'perfeito!',
      '👍',
      '❤️',
      'great',
      'ok ok',
      'beleza, combinado',
    ],
  ],
];

const questions = [
  'oi, qual o prazo de troca?',
  'obrigada, mas e o frete?',
  'ok e quanto custa?',
  'sim, o azul',
  'sim',
  'não',
  'quero',
  'por favor',
  'tchau tchau é uma loja?',
  '?',
  '??',
  '...',
  '12345',
  '',
];

describe('what a customer means', () => {
  for (const text of asksForPerson) {
    it(`"${text}" asks for a person`, () => assert.equal(intentOf(text, false), 'wants_person'));
  }
  for (const text of speaksOfPeople) it(`"${text}" asks for nobody`, () => assert.equal(intentOf(text, false), null));
  for (const [intent, texts] of table) {
    for (const text of texts) it(`"${text}" is ${intent}`, () => assert.equal(intentOf(text, false), intent));
  }
  for (const text of questions) {
    it(`"${text}" is for the answers, not for a fixed sentence`, () => assert.equal(intentOf(text, false), null));
  }
});

describe('an answer to the offer of a person', () => {
  const yes = [
    'sim',
    'Sim!',
    's',
    'quero',
    'quero sim, por favor',
    'sim, pode chamar',
    'pode ser',
    'Pode sim',
    'claro',
    'por favor',
    'ok',
    'isso',
    'sim por gentileza',
    'com certeza',
    'Sim, obrigada',
    '👍',
    '👍🏽 🙏',
    'beleza',
    'tá bom',
    'yes',
    'Yes please',
    'sure, thanks',
    'sí',
    'Sí, por favor',
    'dale',
  ];
  const no = [
    'não',
    'Não, obrigada',
    'n',
    'não precisa',
    'não, obrigado!',
    'deixa pra lá',
    'agora não',
    'depois',
    'no',
    'No thanks',
    'no, gracias',
    '👎',
    'não quero',
  ];
  const neither = [
    'qual o prazo de troca?',
    'sim, mas antes me diz o preço',
    'não, quero saber o preço',
    'e o frete?',
    'obrigada',
    'ok obrigada',
    'sim o azul',
    'não chegou meu pedido',
    '?',
  ];

  for (const text of yes) {
    it(`"${text}" accepts it`, () => assert.equal(intentOf(text, true), 'accepts'));
  }
  for (const text of no) {
    it(`"${text}" declines it`, () => assert.equal(intentOf(text, true), 'declines'));
  }
  for (const text of neither) {
    it(`"${text}" is neither yes nor no`, () =>
      assert.ok(!['accepts', 'declines'].includes(intentOf(text, true) ?? '')));
  }

  it('is one only when a person was offered', () => {
    for (const text of [...yes, ...no]) assert.ok(!['accepts', 'declines'].includes(intentOf(text, false) ?? ''), text);
  });
});

describe('any text', () => {
  it('has an intent or none, and sends no pattern round in circles', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.boolean(),
        (text, offered) => void intentOf(text, offered),
      ),
    );
    for (const text of [
      'oi ',
      'oie ai',
      'quero a o um ',
      'falar com a ',
      'ok ',
      'nao quero ',
      'sim',
      's',
      'obrigada, ',
      'talk to a real human ',
    ]) {
      assert.notEqual(intentOf(`${text.repeat(10_000)}x`, true), 'accepts');
    }
  });
});
