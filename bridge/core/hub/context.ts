// The conversation window: what was said since the last resolved boundary, bounded in number and length, and the burst
// that is to be answered now as one text.
import { markedFile, unreadKinds } from '../crew/media-words.ts';
import type { FileKind } from '../crew/media-words.ts';
import type { Language } from '../language.ts';
import type { CustomerMessage, OwnershipEvent } from '../message.ts';
import type { ConversationState, Exchange } from '../ports/conversation-states.ts';

const windowExchanges = 24;
const exchangeCharacters = 1_500;

/** In message-id order; what was heard and seen counts as what the customer said. */
export function questionOf(messages: readonly CustomerMessage[]): string {
  return messages
    .map(textOf)
    .filter((text) => text !== '')
    .join('\n');
}

export function textOf(message: CustomerMessage): string {
  const files = message.attachments.map((file) => file.transcript ?? file.description ?? file.card ?? '');
  return [message.text.trim(), ...files].filter((text) => text !== '').join('\n');
}

/** The same with every file marked as one, read or not: what a model is told, and what is remembered. */
export function markedTextOf(message: CustomerMessage, language: Language): string {
  const files = message.attachments.map((file) => markedFile(file, language));
  return [message.text.trim(), ...files].filter((text) => text !== '').join('\n');
}

export function markedQuestionOf(messages: readonly CustomerMessage[], language: Language): string {
  return messages
    .map((message) => markedTextOf(message, language))
    .filter((text) => text !== '')
    .join('\n');
}

/** A message without words and without a file is one that Chatwoot itself could not take over. */
export function unreadKindsOf(messages: readonly CustomerMessage[]): FileKind[] {
  return messages.flatMap(({ text, attachments }) =>
    attachments.length === 0 && text.trim() === '' ? ['other' as const] : unreadKinds(attachments),
  );
}

export function withCustomer(
  state: ConversationState,
  messages: readonly CustomerMessage[],
  language: Language = 'pt',
): ConversationState {
  const said = messages.map((message): Exchange => ({
    from: 'customer',
    text: markedTextOf(message, language) || '[?]',
    atMs: message.sentAtMs,
    messageId: message.messageId,
  }));
  return withExchanges(state, said);
}

export function withPersonsReply(state: ConversationState, event: OwnershipEvent): ConversationState {
  const atMs = event.atMs || state.updatedAtMs;
  return withExchanges(state, [{ from: 'person', text: event.text ?? '', atMs, messageId: event.messageId }]);
}

/** `messageId` = any id of the reply that is known, 0 when none is. */
export function withReply(state: ConversationState, text: string, atMs: number, messageId: number): ConversationState {
  return withExchanges(state, [{ from: 'assistant', text, atMs, messageId }]);
}

/** A turn that is done again after a crash remembers what it remembered before only once. */
function withExchanges(state: ConversationState, said: Exchange[]): ConversationState {
  // By who said it as well: the answer to a button is told as an update of the message that has it.
  const nameOf = ({ from, messageId }: Exchange) => `${from} ${messageId}`;
  const known = new Set(state.window.map(nameOf));
  const fresh = said.filter((exchange) => exchange.messageId === 0 || !known.has(nameOf(exchange)));
  return { ...state, window: boundedWindow([...state.window, ...fresh]) };
}

export function boundedWindow(exchanges: readonly Exchange[]): Exchange[] {
  return exchanges.slice(-windowExchanges).map((exchange) => ({ ...exchange, text: cut(exchange.text) }));
}

/** Never between the two halves of a character. */
function cut(text: string): string {
  return text.slice(0, exchangeCharacters).replace(/[\uD800-\uDBFF]$/, '');
}
