// When a burst is over. People write in balloons; answering each would break "one reply per burst", and our cached
// answers come in milliseconds, so the pause is decided by the text and counted before anything is answered.
import type { CustomerMessage } from '../message.ts';
import type { Debounce } from '../tenants/conversation-settings.ts';

export interface QuietTime {
  quietMs: number;
  maxMs: number;
}

/** How long a voice note without text may wait for its transcript, inside the channel's cap. */
const transcriptWaitMs = 6_000;

/** Shapes of a message, from "nothing more will come" to "more is likely". */
export type MessageShape = 'choice' | 'complete' | 'fragment' | 'greeting' | 'voice' | 'wait';

export function quietTimeFor(message: CustomerMessage, debounce: Debounce): QuietTime {
  return { quietMs: quietMsOf(shapeOf(message), debounce), maxMs: debounce.max_ms };
}

function quietMsOf(shape: MessageShape, debounce: Debounce): number {
  switch (shape) {
    case 'choice':
      return 0;
    case 'complete':
      return debounce.complete_ms;
    case 'voice':
      return Math.min(Math.max(transcriptWaitMs, debounce.complete_ms), debounce.max_ms);
    case 'wait':
      return debounce.max_ms;
    case 'fragment':
    case 'greeting':
      return debounce.fragment_ms;
  }
}

export function shapeOf(message: CustomerMessage): MessageShape {
  if (message.isChoice) return 'choice';
  const transcripts = message.attachments.map(({ transcript }) => transcript ?? '');
  const text = [message.text, ...transcripts].join(' ').trim();
  if (text === '') return hasUnheardVoice(message) ? 'voice' : 'fragment';
  const plain = plainOf(text);
  if (askForPatience.test(plain)) return 'wait';
  if (greetingOnly.test(plain)) return 'greeting';
  return isComplete(plain) ? 'complete' : 'fragment';
}

function hasUnheardVoice(message: CustomerMessage): boolean {
  return message.attachments.some((attachment) => attachment.kind === 'audio' && attachment.transcript === null);
}

/** Lower case, without accents and emoji. */
function plainOf(text: string): string {
  const letters = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  return letters
    .replace(/\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d/gu, ' ')
    .replace(/\s+/g, ' ')
    .trim();
}

/** Only what says nothing else: "um minuto de silêncio custa quanto?" is a question. */
const askForPatience = new RegExp(
  '^(?:(?:so|me da|aguarda|aguarde|espera|espere|pera|calma) )*' +
    '(?:um|1|uns) ?(?:minutos?|min|minutinhos?|momentos?|momentinho|instante|instantinho|segundo|segundinho|seg|pouco|pouquinho)' +
    '(?: por favor| pf| pfv)?[ .,!]*$' +
    '|^(?:so um(?:a coisa)?|pera(?:i| ?ai)?|espera(?:i| ?ai)?|calma(?: ?ai)?|aguarda|aguarde|ja volto|ja te falo|ja mando)[ .,!]*$' +
    '|^(?:just )?(?:wait|hold on|one|a)(?: a)?(?: (?:moment|minute|min|second|sec|bit))?(?: please)?[ .,!]*$' +
    '|^(?:espere?|un|dame un)(?: un)? (?:momento|momentito|minuto|segundo|rato)(?: por favor)?[ .,!]*$',
);

const greetingWord =
  'oi+e*|ola+|opa|e ai|eai|ei|alo|hey|hi|hello|hola|(?:muito )?bom dia|boa tarde|boa noite|boas|buen dia|buenos dias|buenas(?: tardes| noches)?|' +
  'good (?:morning|afternoon|evening)|tudo (?:bem|bom|certo)|td bem|como vai|como esta|blz|beleza|tem alguem ai';
const greetingOnly = new RegExp(`^(?:${greetingWord})(?:[ ,.!?]+(?:${greetingWord}))*[ ,.!?]*$`);

/** Short words that answer or close, after which nothing is missing. */
const answersOrCloses =
  /^(?:sim|nao|claro|quero|pode(?: ser)?|ok|certo|isso|obrigad[oa]|muito obrigad[oa]|valeu|vlw|tchau|ate mais|perfeito|yes|no|thanks|thank you|bye|si|gracias|adios)[ .!]*$/;

const asksSomething =
  /\b(?:qual|quais|quanto|quantos|quanta|qto|quando|qdo|onde|como|por que|porque|pq|quem|tem|voces?|vcs?|posso|pode|podem|consigo|aceita|aceitam|entrega|entregam|fazem|quero|queria|gostaria|preciso|what|when|where|how|which|do you|can i|i want|i need|i would like|cual|cuando|donde|cuanto|tienen|quiero|necesito)\b/;

/** A sentence does not end with these. */
const leftHanging =
  /\b(?:que|e|ou|de|do|da|dos|das|um|uma|o|a|os|as|no|na|com|para|pra|por|mas|se|ao|em|meu|minha|the|an|and|of|to|with|for|my|y|el|la|los|las|un|una|con|en|mi)$/;

/** A question mark ends a thought; so does a sentence that asks in enough words, or one that is simply long. */
function isComplete(plain: string): boolean {
  const words = plain.split(' ').length;
  if (/\?[^\p{L}\p{N}]*$/u.test(plain)) return words >= 2;
  if (/[,:;]$|\.\.\.$|…$/.test(plain)) return false;
  if (answersOrCloses.test(plain)) return true;
  if (leftHanging.test(plain)) return false;
  if (asksSomething.test(plain)) return words >= 4;
  return words >= 8 || (/[.!]$/.test(plain) && words >= 5);
}
