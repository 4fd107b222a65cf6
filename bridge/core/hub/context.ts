// The conversation window: what was said since the last resolved boundary, bounded in number and length, and the burst
// that is to be answered now as one text.
import type { CustomerMessage } from '../message.ts';
import type { ConversationState, Exchange } from '../ports.ts';

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

export function withCustomer(state: ConversationState, messages: readonly CustomerMessage[]): ConversationState {
  const said = messages.map((message): Exchange => ({
    from: 'customer',
    text: textOf(message) || '[file]',
    atMs: message.sentAtMs,
    messageId: message.messageId,
  }));
  return withExchanges(state, said);
}

export function withReply(state: ConversationState, text: string, atMs: number): ConversationState {
  return withExchanges(state, [{ from: 'assistant', text, atMs, messageId: 0 }]);
}

function withExchanges(state: ConversationState, said: Exchange[]): ConversationState {
  const bounded = said.map((exchange) => ({ ...exchange, text: exchange.text.slice(0, exchangeCharacters) }));
  return { ...state, window: [...state.window, ...bounded].slice(-windowExchanges) };
}
