// Bursts as people write them, and as networks deliver them.
import { answers } from '../world/conversation-world.ts';
import { describeBursts, gets, getsNothing, pause, says, then, trouble } from './burst-script.ts';

const exchange = 'Qual o prazo para trocar um produto?';
const delivery = 'e a entrega, quando chega?';
const greeting = 'Olá, Marta! Atendimento Sandra Cosméticos por aqui. Como posso ajudar?';

describeBursts('balloons', [
  { name: 'a complete question gets one reply', steps: [says(exchange), gets(answers.exchange)] },
  {
    name: 'two balloons five seconds apart, the first a fragment, get one reply',
    steps: [says('vocês conseguem trocar'), pause(5_000), says('um batom que comprei ontem?'), gets(answers.exchange)],
  },
  {
    name: 'a greeting and a question three seconds later get one reply',
    steps: [says('Oi'), pause(3_000), says(exchange), gets(answers.exchange)],
  },
  {
    name: 'four balloons get one reply that knows all of them',
    steps: [
      says('oi'),
      pause(900),
      says('bom dia'),
      pause(2_000),
      says('comprei um batom'),
      pause(4_000),
      says('dá para trocar?'),
      gets(answers.exchange),
    ],
  },
  { name: 'a bare greeting is greeted', steps: [says('Oi'), gets(greeting)] },
  {
    name: 'a question mark on its own, sent right after, starts no second answer',
    steps: [says(exchange), pause(1_000), says('?'), gets(answers.exchange)],
  },
  {
    name: '“just a minute” is waited for: the question that follows is answered, alone',
    steps: [says('só um minuto'), pause(20_000), says(exchange), gets(answers.exchange)],
  },
  {
    name: 'thanks sent together with the question do not make a second reply',
    steps: [says(exchange), pause(1_000), says('obrigada!'), gets(answers.exchange)],
  },
  {
    name: 'two questions in one burst get one reply, which answers both',
    steps: [says(exchange), pause(1_500), says(delivery), gets(`${answers.exchange}\n\n${answers.delivery}`)],
  },
  {
    name: 'two bursts get one reply each',
    steps: [says(exchange), gets(answers.exchange), pause(60_000), says(delivery), gets(answers.delivery)],
  },
  {
    name: 'somebody who never stops is answered at the cap',
    steps: [
      says('e trocar'),
      pause(6_000),
      says('e trocar 1'),
      pause(6_000),
      says('e trocar 2'),
      pause(6_000),
      says('e trocar 3'),
      pause(6_000),
      says('e trocar 4'),
      pause(2_000),
      gets(answers.exchange),
    ],
  },
  {
    name: 'an emoji after the answer is taken for what it is',
    steps: [
      says(exchange),
      gets(answers.exchange),
      says('👍'),
      gets('Tudo bem! Se precisar de mais alguma coisa, é só chamar.'),
    ],
  },
]);

describeBursts('deliveries gone wrong', [
  {
    name: 'the same delivery twice',
    steps: [trouble({ action: 'duplicate' }), says(exchange), gets(answers.exchange)],
  },
  {
    name: 'the same delivery six times',
    steps: [trouble({ action: 'duplicate', times: 5 }), says(exchange), gets(answers.exchange)],
  },
  {
    name: 'the same message under a new delivery id',
    steps: [trouble({ action: 'republish', times: 2 }), says(exchange), gets(answers.exchange)],
  },
  {
    name: 'a redelivery after the reply',
    steps: [
      says(exchange),
      gets(answers.exchange),
      then(async ({ world }) => {
        const [first] = world.chatwoot.deliveriesTo('agent_bot', { event: 'message_created' });
        await world.deliver(JSON.parse(first?.body ?? '{}'));
      }),
      getsNothing,
    ],
  },
  {
    name: 'two surfaces that both deliver',
    world: { alsoAccountWebhook: true },
    steps: [says(exchange), gets(answers.exchange)],
  },
  {
    name: 'two surfaces, and each of them twice',
    world: { alsoAccountWebhook: true },
    steps: [
      trouble({ action: 'duplicate', count: 4 }),
      says(exchange),
      gets(answers.exchange),
      says(delivery),
      gets(answers.delivery),
    ],
  },
  {
    name: 'two balloons in the wrong order are read in the right one',
    steps: [
      trouble({ action: 'reorder', surface: 'agent_bot', event: 'message_created', size: 2, ms: 300 }),
      says('vocês conseguem trocar'),
      says('um batom?'),
      gets(answers.exchange),
    ],
  },
  {
    name: 'three balloons in the wrong order',
    steps: [
      trouble({ action: 'reorder', surface: 'agent_bot', event: 'message_created', size: 3, ms: 300 }),
      says('oi'),
      says('vocês conseguem trocar'),
      says('um batom?'),
      gets(answers.exchange),
    ],
  },
  {
    name: 'wrong order, twice each, on two surfaces',
    world: { alsoAccountWebhook: true },
    steps: [
      trouble({ action: 'reorder', surface: 'agent_bot', event: 'message_created', size: 2, ms: 200 }),
      trouble({ action: 'duplicate', surface: 'account_webhook', count: 4 }),
      says('vocês conseguem trocar'),
      says('um batom?'),
      gets(answers.exchange),
    ],
  },
  {
    name: 'a read receipt and other updates of messages say nothing',
    steps: [
      says(exchange),
      gets(answers.exchange),
      then(({ world, ref }) => world.chatwoot.setLabels({ ...ref, labels: ['vip'] })),
      getsNothing,
    ],
  },
]);
