// The conversation window: what was said since the last resolved boundary, bounded in number and length, and the burst
// that is to be answered now as one text.
import type { CustomerMessage, OwnershipEvent } from '../message.ts';
import type { ConversationState, Exchange } from '../ports/conversation-states.ts';

const windowExchanges = 24;
const exchangeCharacters = 1_500;

/** In message-id order; transcripts count as what the customer said. */
export function questionOf(messages: readonly CustomerMessage[]): string {
  return messages
    .map(textOf)
    .filter((text) => text !== '')
    .join('\n');
}

export function textOf(message: CustomerMessage): string {
  const transcripts = message.attachments.map((attachment) => attachment.transcript ?? '');
  return [message.text.trim(), ...transcripts].filter((text) => text !== '').join('\n');
}

/** A message without words and without a file is one that Chatwoot itself could not take over. */
export function unreadFilesOf(messages: readonly CustomerMessage[]): number {
  return messages
    .map(({ text, attachments }) => {
      const unread = attachments.filter(({ transcript }) => transcript === null).length;
      return attachments.length === 0 && text.trim() === '' ? 1 : unread;
    })
    .reduce((sum, count) => sum + count, 0);
}

export function withCustomer(state: ConversationState, messages: readonly CustomerMessage[]): ConversationState {
  const said = messages.map((message): Exchange => ({
    from: 'customer',
    text: textOf(message) || '[file]',
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
  const known = new Set(state.window.map(({ messageId }) => messageId));
  const fresh = said.filter(({ messageId }) => messageId === 0 || !known.has(messageId));
  return { ...state, window: boundedWindow([...state.window, ...fresh]) };
}

export function boundedWindow(exchanges: readonly Exchange[]): Exchange[] {
  return exchanges.slice(-windowExchanges).map((exchange) => ({ ...exchange, text: cut(exchange.text) }));
}

/** Never between the two halves of a character. */
function cut(text: string): string {
  return text.slice(0, exchangeCharacters).replace(/[\uD800-\uDBFF]$/, '');
}
