// Bursts with a cached answer, with files, and with words that change afterwards.
import { ReadingModel } from '../../../fixtures/reading-model.ts';
import { answers } from '../world/conversation-world.ts';
import {
  anotherCustomer,
  describeBursts,
  ended,
  gets,
  getsNothing,
  pause,
  says,
  sends,
  then,
  trouble,
} from './burst-script.ts';
import type { ScriptRun, Step } from './burst-script.ts';

const exchange = 'Qual o prazo para trocar um produto?';
const delivery = 'e a entrega, quando chega?';
const voice = { type: 'audio' as const };
const picture = { type: 'image' as const };
const asksForWords = /consigo ler apenas texto|não consegui ouvir|em poucas palavras/;

const withModel: Step = async ({ world }) => {
  world.model = new ReadingModel();
};
/** Somebody else asked before: the answer is in the cache now. */
const primed: Step[] = [withModel, says(exchange), gets(answers.exchange), anotherCustomer('Rita Alves')];

function modelCalls({ world }: ScriptRun): number {
  return world.model instanceof ReadingModel ? world.model.calls : 0;
}

function asked(times: number): Step {
  return async (run) => {
    if (modelCalls(run) !== times) throw new Error(`the model was asked ${modelCalls(run)} times`);
  };
}

function heardByChatwoot(text: string): Step {
  return then(({ world, ref }) => {
    const note = world.chatwoot.messagesOf(ref).findLast(({ message_type }) => message_type === 0);
    world.chatwoot.transcribe({ ...ref, message: note?.id ?? 0, text });
  });
}

describeBursts('a cached answer', [
  {
    name: 'is given to the next customer without the model',
    steps: [...primed, says(exchange), gets(answers.exchange), asked(2)],
  },
  {
    name: 'does not come between two balloons: the burst gets one reply',
    steps: [...primed, says(exchange), pause(2_000), says('é um batom'), gets(answers.exchange)],
  },
  {
    name: 'with the same delivery three times is given once',
    steps: [...primed, trouble({ action: 'duplicate', times: 2 }), says(exchange), gets(answers.exchange), asked(2)],
  },
  {
    name: 'answers the first burst, the model the second',
    steps: [
      ...primed,
      says(exchange),
      gets(answers.exchange),
      asked(2),
      says('Como funciona a entrega de vocês?'),
      gets(answers.delivery),
      asked(4),
    ],
  },
]);

describeBursts('a voice note', [
  {
    name: 'that nobody can hear is asked for in words, after six seconds',
    steps: [sends(null, voice), pause(6_000), gets(asksForWords)],
  },
  {
    name: 'is answered as what Chatwoot heard in it, in time',
    steps: [sends(null, voice), pause(3_000), heardByChatwoot(exchange), gets(answers.exchange)],
  },
  {
    name: 'that is heard too late starts no second answer',
    steps: [sends(null, voice), pause(6_000), gets(asksForWords), heardByChatwoot(exchange), getsNothing],
  },
  {
    name: 'and the question in words two seconds later get one reply',
    steps: [
      sends(null, voice),
      pause(2_000),
      says(exchange),
      pause(7_000),
      gets(/^Você pode trocar o produto em até 15 dias com a nota fiscal\.\n\nNão consegui ouvir o áudio/),
    ],
  },
  {
    name: 'and one more, heard in the wrong order, get one reply',
    steps: [
      sends(null, voice),
      then(({ world, ref }) =>
        world.chatwoot.transcribe({
          ...ref,
          message: world.chatwoot.messagesOf(ref)[0]?.id ?? 0,
          text: 'vocês conseguem',
        }),
      ),
      pause(2_000),
      sends(null, voice),
      pause(1_000),
      heardByChatwoot('trocar um produto?'),
      gets(answers.exchange),
    ],
  },
]);

describeBursts('a file', [
  {
    name: 'that is a picture with words: the words are answered',
    steps: [sends(exchange, picture), gets(new RegExp(answers.exchange))],
  },
  { name: 'that is a picture alone is asked for in words', steps: [sends(null, picture), gets(asksForWords)] },
  {
    name: 'and its explanation four seconds later get one reply',
    steps: [sends(null, picture), pause(4_000), says(exchange), gets(new RegExp(answers.exchange))],
  },
]);

function editsTo(text: string): Step {
  return then(({ world, ref }) => {
    const last = world.chatwoot.messagesOf(ref).findLast(({ message_type }) => message_type === 0);
    world.chatwoot.customerEdits({ ...ref, message: last?.id ?? 0, text });
  });
}

describeBursts('an edit', [
  {
    name: 'before the burst is over is what gets answered',
    steps: [says('vocês tem o batom vermelho?'), pause(1_000), editsTo(exchange), gets(answers.exchange)],
  },
  {
    name: 'after the reply starts no second one',
    steps: [says(exchange), gets(answers.exchange), editsTo('Qual o prazo para trocar dois produtos?'), getsNothing],
  },
  {
    name: 'of the first of two balloons counts',
    steps: [
      says('oi'),
      editsTo('vocês conseguem trocar'),
      pause(2_000),
      says('um batom?'),
      gets(answers.exchange),
      ended('replied'),
    ],
  },
  {
    name: 'does not bring back what was answered, when the customer goes on',
    steps: [says(exchange), gets(answers.exchange), editsTo('esquece'), says(delivery), gets(answers.delivery)],
  },
]);
