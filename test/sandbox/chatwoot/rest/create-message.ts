// Stores a message that came over REST, under the author Chatwoot would give it. Also used for the `message` of a new conversation.
import type { Conversation, Inbox, JsonObject, Message } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import { receiveMessage } from '../transitions/receive-message.ts';
import { sendMessage } from '../transitions/send-message.ts';
import { TooManyMessages } from '../transitions/store-message.ts';
import { channelTextLimit } from './checks/channel-text-limit.ts';
import { draftMessage, type MessageDraft } from './message-draft.ts';
import { numberOf } from './params.ts';
import { unprocessable } from './rest-error.ts';
import type { RestCall, UploadedFile } from './route.ts';

export function createMessage(
  call: RestCall,
  conversation: Conversation,
  body: JsonObject,
  files: readonly UploadedFile[],
): Message {
  const inbox = mustGet(call.world.state.inboxes, conversation.inboxId, 'inbox');
  const draft = draftMessage(call.world.features, conversation, body, files);
  const incoming = body['message_type'] === 'incoming';
  if (incoming && inbox.channelType !== 'Channel::Api') {
    throw unprocessable('Incoming messages are only allowed in Api inboxes');
  }
  try {
    if (incoming) return receiveMessage(call.world, conversation, { ...draft, ...givenTime(body) });
    warnAboutText(call, inbox, draft);
    return sendMessage(call.world, conversation, { ...draft, sender: authorOf(call, conversation, body) });
  } catch (error) {
    if (error instanceof TooManyMessages) throw unprocessable(error.message);
    throw error;
  }
}

function givenTime(body: JsonObject): { createdAtMs?: number } {
  const given = body['external_created_at'];
  const seconds = numberOf(given);
  return seconds === null ? {} : { createdAtMs: seconds * 1000 };
}

/** Chatwoot stores these and the customer sees nothing, or a cut text: worth a violation in a suite. */
function warnAboutText(call: RestCall, inbox: Inbox, draft: MessageDraft): void {
  if ((draft.content ?? '').trim() === '' && draft.attachments.length === 0) {
    call.warn('trap', 'a message without text and without attachment');
  }
  const limit = channelTextLimit(inbox);
  if (!draft.private && draft.content !== null && draft.content.length > limit) {
    call.warn('too_long_for_channel', `${draft.content.length} characters, ${inbox.channelType} takes ${limit}`);
  }
}

/** A word that is neither `incoming` nor `outgoing` makes the contact the author; a user may author as a bot of the account. */
function authorOf(
  call: RestCall,
  conversation: Conversation,
  body: JsonObject,
): { type: 'Contact' | 'User' | 'AgentBot'; id: number } {
  const type = body['message_type'];
  if (type !== undefined && type !== 'outgoing') return { type: 'Contact', id: conversation.contactId };
  if (call.actor.kind === 'bot') return { type: 'AgentBot', id: call.actor.bot.id };
  if (body['sender_type'] === 'AgentBot') {
    const bot = call.world.state.bots.get(numberOf(body['sender_id']) ?? 0);
    if (bot?.accountId === call.account.id) return { type: 'AgentBot', id: bot.id };
  }
  return { type: 'User', id: call.actor.user.id };
}
