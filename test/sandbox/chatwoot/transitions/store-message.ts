// Puts a message into a conversation: ids, times, attachments, last activity. No events and no consequences here;
// those belong to receive-message (customer) and send-message (everyone else).
import type { Attachment, Conversation, JsonObject, Message, MessageStatus, MessageType } from '../state/model.ts';
import type { World } from '../world.ts';

export interface NewAttachment {
  fileType: string;
  contentType?: string | null;
  fileName?: string;
  bytes?: Buffer | null;
  extra?: JsonObject;
  transcribedText?: string;
  missingFor?: number;
}

export interface NewMessage {
  messageType: MessageType;
  content: string | null;
  contentType?: string;
  contentAttributes?: JsonObject;
  additionalAttributes?: JsonObject;
  private?: boolean;
  status?: MessageStatus;
  sourceId?: string | null;
  sender?: { type: 'Contact' | 'User' | 'AgentBot'; id: number } | null;
  createdAtMs?: number;
  attachments?: NewAttachment[];
}

export class TooManyMessages extends Error {}

export function storeMessage(world: World, conversation: Conversation, given: NewMessage): Message {
  const nowMs = Date.now();
  refuseFlood(world, conversation, nowMs);
  const id = world.state.takeId('message');
  const message: Message = {
    id,
    accountId: conversation.accountId,
    inboxId: conversation.inboxId,
    conversationId: conversation.displayId,
    messageType: given.messageType,
    content: given.content,
    contentType: given.contentType ?? 'text',
    contentAttributes: given.contentAttributes ?? {},
    additionalAttributes: given.additionalAttributes ?? {},
    private: given.private ?? false,
    status: given.status ?? 'sent',
    sourceId: given.sourceId ?? null,
    senderType: given.sender?.type ?? null,
    senderId: given.sender?.id ?? null,
    createdAtMs: given.createdAtMs ?? nowMs,
    updatedAtMs: nowMs,
    attachments: (given.attachments ?? []).map((attachment) => storeAttachment(world, id, attachment)),
  };
  conversation.messages.push(message);
  world.state.messages.set(id, message);
  for (const attachment of message.attachments) world.state.attachmentOwners.set(attachment.id, message);
  conversation.lastActivityAtMs = message.createdAtMs;
  return message;
}

/** Chatwoot counts every kind of message of the last minute and refuses the save, customers' messages included. */
function refuseFlood(world: World, conversation: Conversation, nowMs: number): void {
  const limit = world.config.messages_per_minute_limit;
  const oldest = conversation.messages.at(-limit);
  if (oldest !== undefined && nowMs - oldest.createdAtMs < 60_000) {
    throw new TooManyMessages('Validation failed: Too many messages');
  }
}

function storeAttachment(world: World, messageId: number, given: NewAttachment): Attachment {
  const fileName = given.fileName ?? `${given.fileType}-${messageId}`;
  const dot = fileName.lastIndexOf('.');
  return {
    id: world.state.takeId('attachment'),
    messageId,
    fileType: given.fileType,
    extension: dot > 0 ? fileName.slice(dot + 1) : null,
    contentType: given.contentType ?? null,
    fileName,
    fileSize: given.bytes?.length ?? 0,
    transcribedText: given.transcribedText ?? '',
    extra: given.extra ?? {},
    bytes: given.bytes ?? null,
    missingFor: given.missingFor ?? 0,
  };
}
