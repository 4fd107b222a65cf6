// What a message of a conversation means to us, whichever way it came: in a delivery or read from the conversation later.
// One decision for both, so that what was missed is understood as it would have been in time.
import type { Ignored, MailboxEntry, OwnershipEvent, OwnSendEvent } from '../../core/message.ts';
import { factsOf } from './conversation-facts.ts';
import type { OurSide } from './conversation-facts.ts';
import { instantOf, toCustomerMessage } from './customer-message.ts';
import { isGroupChat } from './group-chat.ts';
import { inboxOf } from './payload.ts';
import type { MessagePayload } from './payload.ts';
import { isPersonsReply, isPhoneMirror } from './persons-reply.ts';

/** Names the message itself: the same one comes from up to three surfaces, again on retries, and when it is read later. */
export function messageKey(messageId: number): string {
  return `message_created:${messageId}`;
}

export function meaningOf(
  message: MessagePayload,
  ours: OurSide,
  nowMs: number,
): MailboxEntry | OwnSendEvent | Ignored {
  if (isGroupChat(message.conversation)) return ignored('group_chat');
  if (message.private) return isPhoneMirror(message) ? toTakeover(message, ours) : ignored('private_note');
  if (message.message_type === 'incoming') {
    // Deleted before this was told, or found later: what stands there is Chatwoot's sentence about it.
    if (message.content_attributes.deleted) return ignored('taken_back');
    const reason = reasonToSkipIncoming(message);
    return reason ? ignored(reason) : toCustomerMessage(message, ours, nowMs);
  }
  if (message.message_type !== 'outgoing') return ignored(`type_${message.message_type.slice(0, 20)}`);
  const ownSend = toOwnSend(message);
  if (ownSend) return ownSend;
  return isPersonsReply(message) ? toTakeover(message, ours) : ignored('not_a_person');
}

export function reasonToSkipIncoming(message: MessagePayload): string | null {
  const { content_type: type, sender, conversation } = message;
  if (type === 'input_csat' || type === 'voice_call') return type;
  // Evolution talks to its operator (pairing code, state) through a made-up contact: answering it would go round in circles.
  const isMadeUp = conversation.channel === 'Channel::Api' && sender?.name === 'EvolutionAPI';
  return isMadeUp && /^\+?123456\b/.test(sender.phone_number ?? sender.identifier ?? '') ? 'gateway_talk' : null;
}

function toTakeover(message: MessagePayload, ours: OurSide): OwnershipEvent {
  return {
    kind: 'ownership',
    version: 1,
    change: 'person_replied',
    messageId: message.id,
    inboxId: inboxOf(message),
    text: message.content ?? null,
    atMs: instantOf(message.created_at, 0),
    conversation: factsOf(message.conversation, ours),
  };
}

function toOwnSend(message: MessagePayload): OwnSendEvent | null {
  const { ui_turn: turnId, ui_part: part } = message.content_attributes;
  if (turnId === undefined || part === undefined) return null;
  return { kind: 'own_send', turnId, part, messageId: message.id };
}

function ignored(reason: string): Ignored {
  return { kind: 'ignored', reason };
}
