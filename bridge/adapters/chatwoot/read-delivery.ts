// From a verified body to our own words. Every event has a decision here, and what we do not use is named, so that a log
// line can say why nothing happened. A key names the event itself, not the delivery: the same message comes from up to
// three surfaces and again on retries.
import { createHash } from 'node:crypto';
import { BridgeError } from '../../core/errors.ts';
import type { DeliveryReading, OwnershipEvent } from '../../core/message.ts';
import { factsOf } from './conversation-facts.ts';
import type { OurSide } from './conversation-facts.ts';
import { instantOf } from './customer-message.ts';
import { isGroupChat } from './group-chat.ts';
import { meaningOf, messageKey } from './message-meaning.ts';
import { readUpdate } from './message-update.ts';
import { accountOf, AnyPayload, ConversationEventPayload, MessagePayload } from './payload.ts';
import type { VerifiedDelivery } from './verify-delivery.ts';

/** Rejects only with `bad_request`, and only when the body is no JSON. */
export function readDelivery(delivery: VerifiedDelivery, ours: OurSide, nowMs: number): DeliveryReading {
  const payload = parseJson(delivery.body);
  const named = AnyPayload.safeParse(payload);
  if (!named.success) return ignored(delivery, 'no_event_name');
  const { event } = named.data;
  if (event === 'message_created' || event === 'message_updated') return readMessage(delivery, payload, ours, nowMs);
  if (ownershipEvents.has(event)) return readConversationEvent(delivery, payload, ours);
  return ignored(delivery, reasonFor(event));
}

const ownershipEvents = new Set([
  'conversation_updated',
  'conversation_status_changed',
  'conversation_opened',
  'conversation_resolved',
]);

/** Known and of no use to us, each for its own reason. A map: a made-up name must not find what every object has. */
const unusedEvents = new Map(
  Object.entries({
    // What it was created for follows as a message; one that a person began is theirs.
    conversation_created: 'conversation_created',
    // Somebody looks at the chat and has said nothing; speaking first is not ours to do.
    webwidget_triggered: 'widget_opened',
    conversation_typing_on: 'typing',
    conversation_typing_off: 'typing',
    contact_created: 'contact_data',
    contact_updated: 'contact_data',
    inbox_created: 'inbox_settings',
    inbox_updated: 'inbox_settings',
    account_created: 'account_created',
    'macro.executed': 'macro',
  }),
);

function reasonFor(event: string): string {
  if (event.startsWith('automation_event.')) return 'automation';
  return unusedEvents.get(event) ?? `event_${event.replace(/[^a-z_]/g, '').slice(0, 40)}`;
}

function readMessage(delivery: VerifiedDelivery, payload: unknown, ours: OurSide, nowMs: number): DeliveryReading {
  const parsed = MessagePayload.safeParse(payload);
  if (!parsed.success) return ignored(delivery, 'unreadable_message');
  const message = parsed.data;
  const conversationId = message.conversation.id;
  const created = { conversationId, key: messageKey(message.id) };
  if (isForeign(accountOf(message, message.conversation), ours)) {
    return { ...created, event: { kind: 'ignored', reason: 'other_account' } };
  }
  if (message.event === 'message_updated') return { conversationId, ...readUpdate(message, ours, nowMs) };
  return { ...created, event: meaningOf(message, ours, nowMs) };
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
  if (isGroupChat(conversation)) return skip('group_chat');
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
  // The bot has a column of its own, which from 4.17 on has another name.
  const owners = ['assignee_id', 'assignee_agent_bot_id', 'ai_assignee_id', 'ai_assignee_type'];
  return owners.some((owner) => changed.has(owner)) ? 'assignee_changed' : null;
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
