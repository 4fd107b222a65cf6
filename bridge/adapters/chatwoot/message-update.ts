// What an update of a message means. Most say only that it was delivered or read. The ones that matter: the customer's words
// changed or were taken back, a voice note was heard, a button was pressed, and the channel refused what we said.
import { createHash } from 'node:crypto';
import type { DeliveryReading, MessageChanged, RefusedReply } from '../../core/message.ts';
import { factsOf } from './conversation-facts.ts';
import type { OurSide } from './conversation-facts.ts';
import { instantOf, toCustomerMessage } from './customer-message.ts';
import { formAnswerOf } from './form-answer.ts';
import { isGroupChat } from './group-chat.ts';
import { messageKey, reasonToSkipIncoming } from './message-meaning.ts';
import { inboxOf } from './payload.ts';
import type { MessagePayload } from './payload.ts';
import { refusalOf } from './refusal-kind.ts';

type Reading = Omit<DeliveryReading, 'conversationId'>;

export function readUpdate(message: MessagePayload, ours: OurSide, nowMs: number): Reading {
  const key = `message_updated:${message.id}:${fingerprint(message)}`;
  const skip = (reason: string): Reading => ({ key, event: { kind: 'ignored', reason } });
  if (message.private) return skip('private_note');
  if (isGroupChat(message.conversation)) return skip('group_chat');
  if (message.message_type === 'incoming') {
    const reason = reasonToSkipIncoming(message);
    return reason ? skip(reason) : { key, event: changeOf(message, ours, nowMs) };
  }
  if (message.content_type === 'input_csat') return skip('survey');
  // Chatwoot's own box asks for the address for itself; it stays with the contact.
  if (message.message_type === 'template') return skip('template_updated');
  const answer = formAnswerOf(message, ours, nowMs);
  if (answer) return { key: answer.key, event: answer.entry };
  const refused = refusedReply(message, ours);
  return refused ? { key: `refused:${message.id}`, event: refused } : skip('message_updated');
}

function changeOf(message: MessagePayload, ours: OurSide, nowMs: number): MessageChanged {
  const { text, attachments, messageId } = toCustomerMessage(message, ours, nowMs);
  const isTakenBack = message.content_attributes.deleted === true;
  // What stands there then is Chatwoot's sentence about it.
  const said = isTakenBack ? { text: '', attachments: [] } : { text, attachments };
  return { kind: 'message_changed', of: messageKey(messageId), messageId, ...said, isTakenBack };
}

/** Only what carries our tag: a person's failed message is shown to that person. */
function refusedReply(message: MessagePayload, ours: OurSide): RefusedReply | null {
  const { ui_turn: turnId, ui_part: part, external_error: error } = message.content_attributes;
  if (message.message_type !== 'outgoing' || !error || turnId === undefined || part === undefined) return null;
  return {
    kind: 'refused_reply',
    version: 1,
    messageId: message.id,
    inboxId: inboxOf(message),
    turnId,
    part,
    text: message.content ?? '',
    hasFiles: (message.attachments ?? []).length > 0,
    refusal: refusalOf(message, error),
    atMs: instantOf(message.created_at, 0),
    conversation: factsOf(message.conversation, ours),
  };
}

/** Of the message alone: what the copies for the three surfaces tell about the conversation differs. */
function fingerprint({ content, content_type, content_attributes, attachments }: MessagePayload): string {
  const files = (attachments ?? []).map((file) => [file.file_type, file.data_url, file.transcribed_text]);
  const said = JSON.stringify([content, content_type, content_attributes, files]);
  return createHash('sha256').update(said).digest('hex').slice(0, 24);
}
