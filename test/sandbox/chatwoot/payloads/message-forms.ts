// A message in its three shapes: event top level (type as a word, time as ISO), nested in a conversation (database row: number,
// epoch), and REST (number, epoch, fewer columns). Mixing them up is the classic mistake of an integration.
import type { Conversation, Message, MessageType } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import type { World } from '../world.ts';
import { attachmentForm } from './attachment-form.ts';
import { conversationWebhookForm, unreadCount } from './conversation-form.ts';
import { accountForm } from './people.ts';
import { senderPushForm, senderWebhookForm } from './sender-form.ts';
import { epochSeconds, isoTime } from './times.ts';

const TYPE_NUMBERS: Record<MessageType, number> = { incoming: 0, outgoing: 1, activity: 2, template: 3 };

/** Body of `message_created` and `message_updated`. */
export function messageEventBody(world: World, event: string, message: Message, conversation: Conversation) {
  const inbox = mustGet(world.state.inboxes, message.inboxId, 'inbox');
  return {
    event,
    id: message.id,
    account: accountForm(mustGet(world.state.accounts, message.accountId, 'account')),
    additional_attributes: message.additionalAttributes,
    content_attributes: message.contentAttributes,
    content_type: message.contentType,
    content: webhookText(world, message.content),
    conversation: conversationWebhookForm(world, conversation),
    created_at: isoTime(message.createdAtMs),
    inbox: { id: inbox.id, name: inbox.name },
    message_type: message.messageType,
    private: message.private,
    sender: senderWebhookForm(world, message),
    source_id: message.sourceId,
    ...attachmentsKey(world, message),
  };
}

/** Item of `conversation.messages[]`: every column of the row. */
export function messagePushForm(world: World, message: Message, conversation: Conversation) {
  const sender = senderPushForm(world, message);
  return {
    id: message.id,
    content: message.content,
    account_id: message.accountId,
    inbox_id: message.inboxId,
    conversation_id: message.conversationId,
    message_type: TYPE_NUMBERS[message.messageType],
    created_at: epochSeconds(message.createdAtMs),
    updated_at: isoTime(message.updatedAtMs),
    private: message.private,
    status: message.status,
    source_id: message.sourceId,
    content_type: message.contentType,
    content_attributes: message.contentAttributes,
    sender_type: message.senderType,
    sender_id: message.senderId,
    external_source_ids: {},
    additional_attributes: message.additionalAttributes,
    processed_message_content: message.content,
    sentiment: {},
    conversation: {
      assignee_id: conversation.assigneeId,
      unread_count: unreadCount(conversation),
      last_activity_at: epochSeconds(conversation.lastActivityAtMs),
      contact_inbox: {
        source_id: mustGet(world.state.contactInboxes, conversation.contactInboxId, 'contact inbox').sourceId,
      },
    },
    ...attachmentsKey(world, message),
    ...(sender === null ? {} : { sender }),
  };
}

/** REST answers of the message calls. @param echoId only in the answer of the create call itself */
export function messageRestForm(world: World, message: Message, echoId?: string) {
  const sender = senderPushForm(world, message);
  return {
    id: message.id,
    content: message.content,
    inbox_id: message.inboxId,
    conversation_id: message.conversationId,
    message_type: TYPE_NUMBERS[message.messageType],
    content_type: message.contentType,
    status: message.status,
    content_attributes: message.contentAttributes,
    created_at: epochSeconds(message.createdAtMs),
    private: message.private,
    source_id: message.sourceId,
    ...(echoId === undefined ? {} : { echo_id: echoId }),
    ...attachmentsKey(world, message),
    ...(sender === null ? {} : { sender }),
  };
}

function attachmentsKey(world: World, message: Message) {
  if (message.attachments.length === 0) return {};
  return { attachments: message.attachments.map((attachment) => attachmentForm(world, message, attachment)) };
}

function webhookText(world: World, content: string | null): string | null {
  if (content === null) return null;
  const text = world.features.stripsHardBreaks ? content.replaceAll('\\\n', '\n') : content;
  return world.features.stripsTrailingNewlines ? text.replace(/\n+$/, '') : text;
}
