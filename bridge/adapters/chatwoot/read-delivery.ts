// From a verified body to our own words. Every event has a decision here, and what we do not use is named, so that a log
// line can say why nothing happened. A key names the event itself, not the delivery: the same message comes from up to
// three surfaces and again on retries.
import { createHash } from 'node:crypto';
import { BridgeError } from '../../core/errors.ts';
import type {
  Attachment,
  Contact,
  ConversationFacts,
  CustomerMessage,
  DeliveryReading,
  OwnershipEvent,
} from '../../core/message.ts';
import { channelKeyOf } from './channel-key.ts';
import { AnyPayload, ConversationEventPayload, MessagePayload } from './payload.ts';
import type { ConversationPayload } from './payload.ts';
import type { VerifiedDelivery } from './verify-delivery.ts';

/** Whose installation this is: our bot's id where it is known. */
export interface OurSide {
  chatwootAccountId: number | null;
  botId: number | null;
}

export function readDelivery(delivery: VerifiedDelivery, ours: OurSide, nowMs: number): DeliveryReading {
  const payload = parseJson(delivery.body);
  const named = AnyPayload.safeParse(payload);
  if (!named.success) return ignored(delivery, 'no_event_name');
  switch (named.data.event) {
    case 'message_created':
      return readMessage(delivery, payload, ours, nowMs);
    case 'message_updated':
      return readMessageUpdate(delivery, payload);
    case 'conversation_updated':
    case 'conversation_status_changed':
    case 'conversation_opened':
    case 'conversation_resolved':
      return readConversationEvent(delivery, payload, ours, nowMs);
    default:
      return ignored(delivery, `event_${named.data.event.replace(/[^a-z_]/g, '').slice(0, 40)}`);
  }
}

function readMessage(delivery: VerifiedDelivery, payload: unknown, ours: OurSide, nowMs: number): DeliveryReading {
  const parsed = MessagePayload.safeParse(payload);
  if (!parsed.success) return ignored(delivery, 'unreadable_message');
  const message = parsed.data;
  const conversationId = message.conversation.id;
  const key = `message_created:${message.id}`;
  const skip = (reason: string): DeliveryReading => ({ conversationId, key, event: { kind: 'ignored', reason } });

  if (isForeignAccount(message.account?.id ?? message.conversation.messages?.[0]?.account_id, ours))
    return skip('other_account');
  if (message.private) return skip('private_note');
  if (message.message_type === 'incoming') {
    if (message.content_type === 'input_csat' || message.content_type === 'voice_call')
      return skip(message.content_type);
    return { conversationId, key, event: toCustomerMessage(message, ours, nowMs) };
  }
  if (message.message_type !== 'outgoing') return skip(`type_${message.message_type}`);
  const ownSend = toOwnSend(message, null);
  if (ownSend) return { conversationId, key, event: ownSend };
  if (!isPersonsReply(message)) return skip('not_a_person');
  return { conversationId, key, event: toTakeover(message, ours, nowMs) };
}

/** Updates never start work; the one that matters is the channel refusing something we sent. */
function readMessageUpdate(delivery: VerifiedDelivery, payload: unknown): DeliveryReading {
  const parsed = MessagePayload.safeParse(payload);
  if (!parsed.success) return ignored(delivery, 'unreadable_message');
  const message = parsed.data;
  const error = message.content_attributes.external_error;
  const ownSend = message.message_type === 'outgoing' && error ? toOwnSend(message, error) : null;
  const key = `message_updated:${message.id}:${fingerprint(delivery.body)}`;
  const event = ownSend ?? ({ kind: 'ignored', reason: 'message_updated' } as const);
  return { conversationId: message.conversation.id, key, event };
}

function readConversationEvent(
  delivery: VerifiedDelivery,
  payload: unknown,
  ours: OurSide,
  nowMs: number,
): DeliveryReading {
  const parsed = ConversationEventPayload.safeParse(payload);
  if (!parsed.success) return ignored(delivery, 'unreadable_conversation');
  const conversation = parsed.data;
  const change = ownershipChange(conversation);
  const version = conversation.updated_at ?? fingerprint(delivery.body);
  // One status change arrives as up to three events with one version: they are one piece of news.
  const key = `conversation:${conversation.id}:${version}:${conversation.status}:${conversation.meta?.assignee?.id ?? 0}`;
  if (isForeignAccount(conversation.account?.id, ours) || change === null) {
    return {
      conversationId: conversation.id,
      key: `${key}:none`,
      event: { kind: 'ignored', reason: 'conversation_detail' },
    };
  }
  const event: OwnershipEvent = {
    kind: 'ownership',
    version: 1,
    change,
    messageId: 0,
    inboxId: conversation.inbox_id,
    text: null,
    atMs: nowMs,
    conversation: factsOf(conversation, ours),
  };
  return { conversationId: conversation.id, key, event };
}

function ownershipChange(conversation: ConversationEventPayload): OwnershipEvent['change'] | null {
  if (conversation.event !== 'conversation_updated') return 'status_changed';
  const changed = new Set((conversation.changed_attributes ?? []).flatMap((entry) => Object.keys(entry)));
  if (changed.has('status')) return 'status_changed';
  return changed.has('assignee_id') ? 'assignee_changed' : null;
}

function toCustomerMessage(message: MessagePayload, ours: OurSide, nowMs: number): CustomerMessage {
  return {
    kind: 'customer_message',
    version: 1,
    messageId: message.id,
    inboxId: message.conversation.inbox_id,
    channel: channelKeyOf(message.conversation, message.source_id ?? null),
    text: message.content_attributes.is_unsupported ? '' : (message.content ?? ''),
    isChoice: message.content_type === 'input_select',
    attachments: (message.attachments ?? []).map(toAttachment),
    contact: toContact(message),
    sentAtMs: toMs(message.created_at, nowMs),
    conversation: factsOf(message.conversation, ours),
  };
}

function toTakeover(message: MessagePayload, ours: OurSide, nowMs: number): OwnershipEvent {
  return {
    kind: 'ownership',
    version: 1,
    change: 'person_replied',
    messageId: message.id,
    inboxId: message.conversation.inbox_id,
    text: message.content ?? null,
    atMs: toMs(message.created_at, nowMs),
    conversation: factsOf(message.conversation, ours),
  };
}

function toOwnSend(message: MessagePayload, error: string | null): DeliveryReading['event'] | null {
  const { ui_turn: turnId, ui_part: part } = message.content_attributes;
  if (turnId === undefined || part === undefined) return null;
  const refusal = error === null ? null : { code: /\d{4,6}/.exec(error)?.[0] ?? 'unknown', text: error };
  return { kind: 'own_send', turnId, part, messageId: message.id, refusal };
}

/** Composer, phone echo or gateway; not bots, automations, campaigns or templates. */
function isPersonsReply(message: MessagePayload): boolean {
  if (message.additional_attributes?.['campaign_id']) return false;
  if (message.content_attributes.automation_rule_id) return false;
  if (message.content_type === 'input_csat') return false;
  if (message.sender?.type === 'user') return true;
  if (message.sender) return false;
  return message.content_attributes.external_echo === true || Boolean(message.content_attributes.external_sender_name);
}

function factsOf(conversation: ConversationPayload, ours: OurSide): ConversationFacts {
  const assignee = conversation.meta?.assignee;
  const type = conversation.meta?.assignee_type ?? assignee?.type;
  return {
    status: conversation.status,
    assignee: assignee ? { kind: assigneeKind(type ?? null, assignee.id, ours), id: assignee.id } : null,
    teamId: conversation.meta?.team?.id ?? null,
    canReply: conversation.can_reply ?? true,
  };
}

/** An unknown own bot id counts every agent bot as ours: one bot per inbox is Chatwoot's rule. */
export function assigneeKind(type: string | null, id: number, ours: OurSide): 'person' | 'assistant' | 'other_bot' {
  if (type === 'AgentBot' || type === 'agent_bot')
    return ours.botId === null || ours.botId === id ? 'assistant' : 'other_bot';
  return type === null || type === 'User' || type === 'user' ? 'person' : 'other_bot';
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

function toAttachment(given: NonNullable<MessagePayload['attachments']>[number]): Attachment {
  const kinds = ['image', 'audio', 'video', 'file', 'location', 'contact'] as const;
  return {
    kind: kinds.find((kind) => kind === given.file_type) ?? 'other',
    url: given.data_url ?? null,
    transcript: given.transcribed_text?.trim() ? given.transcribed_text : null,
  };
}

function toMs(value: string | number | null | undefined, fallbackMs: number): number {
  if (typeof value === 'number') return value * 1000;
  const parsed = Date.parse(value ?? '');
  return Number.isNaN(parsed) ? fallbackMs : parsed;
}

function isForeignAccount(accountId: number | null | undefined, ours: OurSide): boolean {
  return (
    accountId !== null &&
    accountId !== undefined &&
    ours.chatwootAccountId !== null &&
    accountId !== ours.chatwootAccountId
  );
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new BridgeError('bad_request', 'The delivery is signed but is not JSON', { cause });
  }
}

function ignored(delivery: VerifiedDelivery, reason: string): DeliveryReading {
  return { conversationId: null, key: `other:${fingerprint(delivery.body)}`, event: { kind: 'ignored', reason } };
}

function fingerprint(body: Buffer): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 24);
}
