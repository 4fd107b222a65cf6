// When a burst is over. People write in balloons; answering each would break "one reply per burst", and our cached
// answers come in milliseconds, so the pause is decided by the text and counted before anything is answered.
import type { CustomerMessage } from '../message.ts';
import type { Debounce } from '../tenant.ts';

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
  const text = message.text.trim();
  if (text === '') return hasUnheardVoice(message) ? 'voice' : 'fragment';
  const plain = text.toLowerCase().normalize('NFD').replace(/\p{M}/gu, '');
  if (askForPatience.test(plain)) return 'wait';
  if (greetingOnly.test(plain)) return 'greeting';
  return isComplete(plain) ? 'complete' : 'fragment';
}

function hasUnheardVoice(message: CustomerMessage): boolean {
  return message.attachments.some((attachment) => attachment.kind === 'audio' && attachment.transcript === null);
}

const askForPatience =
  /^(so )?(um|1) (minuto|min|minutinho|momento|instante|segundo)\b|^(pera|espera)( ai)?\W*$|^(wait|one moment|un momento)\b/;

const greetingOnly =
  /^((oi+e*|ola+|opa|e ai|eai|hey|hi|hello|hola|bom dia|boa tarde|boa noite|buen dia|buenos dias|buenas|tudo bem|td bem|tudo bom|como vai|blz|beleza)[\s,.!?…👋😊🙂]*)+$/u;

const asksSomething =
  /\b(qual|quais|quanto|quantos|quanta|qto|quando|qdo|onde|como|por que|porque|pq|quem|tem|voces?|vcs?|posso|pode|podem|consigo|aceita|aceitam|entrega|entregam|fazem|what|when|where|how|which|do you|can i|cual|cuando|donde|cuanto|tienen)\b/;

/** A question mark ends a thought; so does a sentence that asks in enough words, or one that is simply long. */
function isComplete(plain: string): boolean {
  const words = plain.split(/\s+/).length;
  if (/\?\W*$/.test(plain)) return words >= 2;
  if (/[,:;]$|\.\.\.$|…$/.test(plain)) return false;
  if (asksSomething.test(plain)) return words >= 4;
  return words >= 8 || (/[.!]$/.test(plain) && words >= 5);
}
