// The customer's message in our words: text, files, who wrote it and where.
import type { Contact, CustomerMessage } from '../../core/message.ts';
import { toAttachment } from './attachment.ts';
import { channelKeyOf } from './channel-key.ts';
import { factsOf } from './conversation-facts.ts';
import type { OurSide } from './conversation-facts.ts';
import { inboxOf } from './payload.ts';
import type { MessagePayload } from './payload.ts';

export function toCustomerMessage(message: MessagePayload, ours: OurSide, nowMs: number): CustomerMessage {
  return {
    kind: 'customer_message',
    version: 1,
    messageId: message.id,
    inboxId: inboxOf(message),
    channel: channelKeyOf(message.conversation, message.source_id ?? null),
    ...(message.conversation.channel === 'Channel::Api' ? { isRaw: true } : {}),
    // What Chatwoot could not take over has a fixed placeholder as its text; nobody said that.
    text: message.content_attributes.is_unsupported ? '' : (message.content ?? ''),
    isChoice: message.content_type === 'input_select',
    attachments: (message.attachments ?? []).map(toAttachment),
    contact: toContact(message),
    sentAtMs: instantOf(message.created_at, nowMs),
    conversation: factsOf(message.conversation, ours),
  };
}

/** Words in webhooks are ISO text; numbers are epoch seconds. */
export function instantOf(value: string | number | null | undefined, fallbackMs: number): number {
  if (typeof value === 'number') return Math.round(value * 1000);
  const parsed = Date.parse(value ?? '');
  return Number.isNaN(parsed) ? fallbackMs : parsed;
}

function toContact(message: MessagePayload): Contact {
  const { conversation } = message;
  const sender = conversation.meta?.sender ?? null;
  return {
    id: message.sender?.id ?? sender?.id ?? 0,
    name: message.sender?.name ?? sender?.name ?? null,
    phone: message.sender?.phone_number ?? sender?.phone_number ?? null,
    email: message.sender?.email ?? sender?.email ?? null,
    identifier: message.sender?.identifier ?? sender?.identifier ?? null,
    sourceId: conversation.contact_inbox?.source_id ?? null,
    hmacVerified: conversation.contact_inbox?.hmac_verified ?? conversation.meta?.hmac_verified ?? false,
    blocked: message.sender?.blocked ?? sender?.blocked ?? false,
  };
}
