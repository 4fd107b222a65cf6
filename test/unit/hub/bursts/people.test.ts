// Bursts into which people write: in the composer, on the phone, through automations; handoffs, returns and hand-backs.
import { answers, person } from '../world/conversation-world.ts';
import {
  betweenParts,
  conversationIs,
  customerWritesNow,
  describeBursts,
  ended,
  gets,
  getsNothing,
  onTheWebsite,
  pause,
  peopleRead,
  personWrites,
  says,
  then,
  whileThinking,
} from './burst-script.ts';
import type { ScriptRun, Step } from './burst-script.ts';

const exchange = 'Qual o prazo para trocar um produto?';
const delivery = 'e a entrega, quando chega?';
const wish = 'Quero falar com um atendente, por favor';
const calls = 'Vou chamar uma pessoa da equipe para continuar com você por aqui.';
const always = {
  company_metadata: { business_hours: { weekly: [{ days: [0, 1, 2, 3, 4, 5, 6], open: '00:00', close: '24:00' }] } },
};

const resolves = then((run) => run.world.chatwoot.resolve(run.person));
const handsBack = then((run) => run.world.chatwoot.markPending(run.person));
const takesIt = then((run) => run.world.chatwoot.assign(run.person));
const settles = getsNothing;

/** Longer than one message on WhatsApp. */
const talkative: Step = async ({ world }) => {
  const text = Array.from(
    { length: 40 },
    () => 'A equipe confere a caixa e a nota na hora, e você escolhe outro produto.',
  ).join('\n\n');
  world.model = {
    name: 'talkative',
    next: async () => ({ text, toolCalls: [], usage: { inputTokens: 1, outputTokens: 1 } }),
  };
};

function echo(text: string): Step {
  return then((run) => run.world.chatwoot.phoneEcho({ ...run.ref, text }));
}

describeBursts('a person', [
  {
    name: 'who writes before the quiet time is over has it',
    steps: [says(exchange), pause(1_000), personWrites('Oi, é a Bia'), getsNothing, conversationIs('open')],
  },
  {
    name: 'who writes between two balloons has it',
    steps: [
      says('vocês conseguem trocar'),
      personWrites('Oi, é a Bia'),
      pause(3_000),
      says('um batom?'),
      getsNothing,
      conversationIs('open'),
    ],
  },
  {
    name: 'who writes while the answer is thought of has it',
    steps: [whileThinking(personWrites('Oi, é a Bia')), says(exchange), getsNothing],
  },
  {
    name: 'who writes between two parts has the last word',
    steps: [
      talkative,
      says('Como faço para trocar?'),
      betweenParts(2, (run) => run.world.chatwoot.personReplies({ ...run.person, text: 'Oi, é a Bia' })),
      gets(/A equipe confere/),
      conversationIs('open'),
    ],
  },
  {
    name: 'who writes on the phone between two parts has the last word',
    steps: [
      talkative,
      says('Como faço para trocar?'),
      betweenParts(2, (run) => run.world.chatwoot.phoneEcho({ ...run.ref, text: 'Oi, é a Bia' })),
      gets(/A equipe confere/),
      conversationIs('open'),
    ],
  },
  {
    name: 'who writes on the phone has it',
    steps: [says(exchange), pause(500), echo('Oi, aqui é da loja'), getsNothing, conversationIs('open')],
  },
  {
    name: 'who sends a thumb from the phone takes nothing over',
    steps: [says(exchange), pause(500), echo('👍'), gets(answers.exchange)],
  },
  {
    name: 'who writes a private note takes nothing over',
    steps: [
      says(exchange),
      then((run) => run.world.chatwoot.personNotes({ ...run.person, text: 'cliente antiga' })),
      gets(answers.exchange),
    ],
  },
  { name: 'who takes the conversation before it is answered has it', steps: [says(exchange), takesIt, getsNothing] },
  {
    name: 'who took over is not talked over when the customer goes on',
    steps: [says(exchange), personWrites('Oi, é a Bia'), settles, says(delivery), getsNothing],
  },
  {
    name: 'and an automation rule are told apart',
    steps: [
      says(exchange),
      then((run) => run.world.chatwoot.automationSends({ ...run.ref, text: 'Recebemos sua mensagem!' })),
      gets(answers.exchange),
    ],
  },
  {
    name: 'and a campaign are told apart',
    steps: [
      says(exchange),
      then((run) => run.world.chatwoot.campaignSends({ ...run.person, text: 'Promoção!' })),
      gets(answers.exchange),
    ],
  },
]);

describeBursts('a conversation that comes back', [
  {
    name: 'after it was resolved is answered again',
    steps: [
      onTheWebsite(),
      says(exchange),
      gets(answers.exchange),
      resolves,
      settles,
      says(delivery),
      gets(answers.delivery),
    ],
  },
  {
    name: 'after a person had and resolved it is answered again, with that person still assigned',
    steps: [
      onTheWebsite(),
      says(exchange),
      personWrites('Oi, é a Bia'),
      takesIt,
      settles,
      resolves,
      settles,
      says(delivery),
      gets(answers.delivery),
    ],
  },
  {
    name: 'is resolved while the customer writes: one reply, to what is new',
    steps: [onTheWebsite(), says(exchange), gets(answers.exchange), resolves, says(delivery), gets(answers.delivery)],
  },
  {
    name: 'from a snooze is for whoever put it to sleep: Chatwoot opens it',
    steps: [
      onTheWebsite(),
      says(exchange),
      gets(answers.exchange),
      then((run) => run.world.chatwoot.snooze(run.person)),
      settles,
      says(delivery),
      getsNothing,
      conversationIs('open'),
    ],
  },
]);

describeBursts('a handoff', [
  {
    name: 'is told once, and nothing more is said while people are awaited',
    world: { config: always },
    steps: [says(wish), gets(calls), conversationIs('open'), says(exchange), getsNothing],
  },
  {
    name: 'in two balloons is told once',
    world: { config: always },
    steps: [says('oi'), pause(2_000), says(wish), gets(calls)],
  },
  {
    name: 'comes with the yes to our offer',
    world: { config: always },
    steps: [
      says('Quem ganhou o jogo de ontem?'),
      gets(/Quer que eu chame uma pessoa da equipe\?$/),
      says('sim'),
      gets(calls),
      peopleRead(1, /customer_accepted/),
    ],
  },
  {
    name: 'does not come with the no',
    steps: [
      says('Quem ganhou o jogo de ontem?'),
      gets(/equipe\?$/),
      says('não, obrigada'),
      gets('Tudo bem! Se precisar de mais alguma coisa, é só chamar.'),
      conversationIs('pending'),
    ],
  },
  {
    name: 'that nobody answers is told once more, when the time is up',
    world: { config: { ...always, handoff: { wait_minutes: 20 } } },
    steps: [
      says(wish),
      gets(calls),
      pause(20 * 60_000),
      gets(/Ainda não conseguiram responder por aqui/),
      pause(3_600_000),
      getsNothing,
    ],
  },
  {
    name: 'and the return after it was resolved: the assistant answers again',
    world: { config: always },
    steps: [
      onTheWebsite(),
      says(wish),
      gets(calls),
      personWrites('Oi, é a Bia'),
      settles,
      resolves,
      settles,
      says(exchange),
      gets(answers.exchange),
    ],
  },
]);

describeBursts('a hand-back', [
  {
    name: 'lets the assistant speak again',
    steps: [
      says(exchange),
      personWrites('Oi, é a Bia'),
      settles,
      handsBack,
      settles,
      says(delivery),
      gets(answers.delivery),
    ],
  },
  {
    name: 'answers what nobody answered, without a new message',
    steps: [
      says(exchange),
      personWrites('Um momento'),
      settles,
      says(delivery),
      settles,
      handsBack,
      gets(answers.delivery),
    ],
  },
  {
    name: 'with a person still assigned is one all the same',
    steps: [
      says(exchange),
      personWrites('Oi, é a Bia'),
      takesIt,
      settles,
      handsBack,
      settles,
      says(delivery),
      gets(answers.delivery),
    ],
  },
  {
    name: 'where no bot is linked takes the person off and opens it',
    world: { surface: 'account_webhook' },
    steps: [
      says(exchange),
      personWrites('Oi, é a Bia'),
      takesIt,
      settles,
      handsBack,
      settles,
      conversationIs('open'),
      says(delivery),
      gets(answers.delivery),
    ],
  },
]);

const refusedBy = (error: string): Step =>
  then((run: ScriptRun) => {
    const sent = run.world.chatwoot
      .messagesOf(run.ref)
      .findLast((message) => message.message_type === 1 && !message.private);
    run.world.chatwoot.failMessage({ ...run.ref, message: sent?.id ?? 0, error });
  });

describeBursts('a reply that does not arrive', [
  {
    name: 'because the channel refused it is not sent again; people are told',
    steps: [
      says(exchange),
      gets(answers.exchange),
      refusedBy('131047: Re-engagement message'),
      getsNothing,
      peopleRead(1, /não recebeu esta resposta/),
    ],
  },
  {
    name: 'because the customer cannot be reached is people’s',
    steps: [
      says(exchange),
      gets(answers.exchange),
      refusedBy('131026: Message undeliverable'),
      getsNothing,
      conversationIs('open'),
    ],
  },
  {
    name: 'although Chatwoot stored it, as an error 500 said otherwise, is not sent again',
    steps: [
      then(({ world }) =>
        world.chatwoot.fault({ path: 'messages.create', action: 'error', status: 500, when: 'after-store' }),
      ),
      says(exchange),
      gets(answers.exchange),
    ],
  },
  {
    name: 'because Chatwoot was down is sent once, later',
    steps: [
      then(({ world }) => world.chatwoot.fault({ path: 'messages.create', action: 'error', status: 502 })),
      says(exchange),
      gets(answers.exchange),
    ],
  },
  {
    name: 'while the customer goes on: one reply for both bursts’ questions each',
    steps: [
      talkativeOff(),
      says(exchange),
      betweenParts(2, customerWritesNow(delivery)),
      gets(answers.exchange, answers.delivery),
    ],
  },
]);

function talkativeOff(): Step {
  return async ({ world }) => {
    world.model = null;
  };
}

describeBursts('silence with a name', [
  {
    name: 'for an inbox that only observes: people get the draft',
    world: { mode: 'observe' },
    steps: [says(exchange), getsNothing, peopleRead(1, /Rascunho do assistente/), ended('observed')],
  },
  {
    name: 'for an inbox that is tested, until the word is said',
    world: { mode: 'test' },
    steps: [says(exchange), getsNothing, says(`#teste ${exchange}`), gets(answers.exchange)],
  },
  {
    name: `for a conversation ${person} opened`,
    steps: [says(exchange), then((run) => run.world.chatwoot.open(run.person)), getsNothing],
  },
]);
