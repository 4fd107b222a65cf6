// From a verified body to our own words. Every event has a decision here, and what we do not use is named, so that a log
// line can say why nothing happened. A key names the event itself, not the delivery: the same message comes from up to
// three surfaces and again on retries.
import { createHash } from 'node:crypto';
import { BridgeError } from '../../core/errors.ts';
import type { DeliveryReading, OwnershipEvent } from '../../core/message.ts';
import { factsOf } from './conversation-facts.ts';
import type { OurSide } from './conversation-facts.ts';
import { instantOf } from './customer-message.ts';
import { meaningOf, messageKey, toOwnSend } from './message-meaning.ts';
import { accountOf, AnyPayload, ConversationEventPayload, MessagePayload } from './payload.ts';
import type { VerifiedDelivery } from './verify-delivery.ts';

/** Rejects only with `bad_request`, and only when the body is no JSON. */
export function readDelivery(delivery: VerifiedDelivery, ours: OurSide, nowMs: number): DeliveryReading {
  const payload = parseJson(delivery.body);
  const named = AnyPayload.safeParse(payload);
  if (!named.success) return ignored(delivery, 'no_event_name');
  switch (named.data.event) {
    case 'message_created':
      return readMessage(delivery, payload, ours, nowMs);
    case 'message_updated':
      return readMessageUpdate(delivery, payload, ours);
    case 'conversation_updated':
    case 'conversation_status_changed':
    case 'conversation_opened':
    case 'conversation_resolved':
      return readConversationEvent(delivery, payload, ours);
    default:
      return ignored(delivery, `event_${named.data.event.replace(/[^a-z_]/g, '').slice(0, 40)}`);
  }
}

function readMessage(delivery: VerifiedDelivery, payload: unknown, ours: OurSide, nowMs: number): DeliveryReading {
  const parsed = MessagePayload.safeParse(payload);
  if (!parsed.success) return ignored(delivery, 'unreadable_message');
  const message = parsed.data;
  const reading = { conversationId: message.conversation.id, key: messageKey(message.id) };
  if (isForeign(accountOf(message, message.conversation), ours)) {
    return { ...reading, event: { kind: 'ignored', reason: 'other_account' } };
  }
  return { ...reading, event: meaningOf(message, ours, nowMs) };
}

/** Updates never start work; the one that matters is the channel refusing something we sent. */
function readMessageUpdate(delivery: VerifiedDelivery, payload: unknown, ours: OurSide): DeliveryReading {
  const parsed = MessagePayload.safeParse(payload);
  if (!parsed.success) return ignored(delivery, 'unreadable_message');
  const message = parsed.data;
  const reading = {
    conversationId: message.conversation.id,
    key: `message_updated:${message.id}:${fingerprint(delivery.body)}`,
  };
  if (isForeign(accountOf(message, message.conversation), ours)) {
    return { ...reading, event: { kind: 'ignored', reason: 'other_account' } };
  }
  const error = message.content_attributes.external_error;
  const ownSend = message.message_type === 'outgoing' && error ? toOwnSend(message, error) : null;
  return { ...reading, event: ownSend ?? { kind: 'ignored', reason: 'message_updated' } };
}

function readConversationEvent(delivery: VerifiedDelivery, payload: unknown, ours: OurSide): DeliveryReading {
  const parsed = ConversationEventPayload.safeParse(payload);
  if (!parsed.success) return ignored(delivery, 'unreadable_conversation');
  const conversation = parsed.data;
  const change = ownershipChange(conversation);
  const version = conversation.updated_at ?? fingerprint(delivery.body);
  // One status change arrives as up to three events with one version: they are one piece of news.
  const key = `conversation:${conversation.id}:${version}:${conversation.status}:${conversation.meta?.assignee?.id ?? 0}`;
  const skip = (reason: string): DeliveryReading => ({
    conversationId: conversation.id,
    key: `${key}:none`,
    event: { kind: 'ignored', reason },
  });
  if (isForeign(accountOf(conversation, conversation), ours)) return skip('other_account');
  if (change === null) return skip('conversation_detail');
  const event: OwnershipEvent = {
    kind: 'ownership',
    version: 1,
    change,
    messageId: 0,
    inboxId: conversation.inbox_id,
    text: null,
    // Chatwoot's own clock and never ours, so that news which overtook each other on the way can be put in order.
    atMs: instantOf(conversation.updated_at, 0),
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

function isForeign(accountId: number | null, ours: OurSide): boolean {
  return accountId !== null && ours.chatwootAccountId !== null && accountId !== ours.chatwootAccountId;
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
