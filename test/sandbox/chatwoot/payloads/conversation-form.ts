// The conversation object of webhooks, the same nested in a message event and at the top of a conversation event.
// `messages` holds the last message that is neither activity nor private, which is not always the event's own.
import type { Conversation } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import { canReply } from '../transitions/message-window.ts';
import type { World } from '../world.ts';
import { messagePushForm } from './message-forms.ts';
import { accountForm, botPushForm, contactPushForm, userPushForm } from './people.ts';
import { epochSeconds, isoTime, isoTimeOrNull } from './times.ts';

export function conversationWebhookForm(world: World, conversation: Conversation) {
  const inbox = mustGet(world.state.inboxes, conversation.inboxId, 'inbox');
  const account = mustGet(world.state.accounts, conversation.accountId, 'account');
  const last = conversation.messages.findLast((message) => message.messageType !== 'activity' && !message.private);
  return {
    additional_attributes: conversation.additionalAttributes,
    can_reply: canReply(inbox, conversation),
    channel: inbox.channelType,
    contact_inbox: contactInboxRow(world, conversation),
    id: conversation.displayId,
    inbox_id: inbox.id,
    messages: last === undefined ? [] : [messagePushForm(world, last, conversation)],
    labels: conversation.labels,
    meta: metaForm(world, conversation),
    status: conversation.status,
    custom_attributes: conversation.customAttributes,
    snoozed_until: isoTimeOrNull(conversation.snoozedUntilMs),
    unread_count: unreadCount(conversation),
    first_reply_created_at: isoTimeOrNull(conversation.firstReplyAtMs),
    priority: conversation.priority,
    waiting_since: epochSeconds(conversation.waitingSinceMs),
    agent_last_seen_at: epochSeconds(conversation.agentLastSeenAtMs),
    contact_last_seen_at: epochSeconds(conversation.contactLastSeenAtMs),
    last_activity_at: epochSeconds(conversation.lastActivityAtMs),
    timestamp: epochSeconds(conversation.lastActivityAtMs),
    created_at: epochSeconds(conversation.createdAtMs),
    updated_at: conversation.updatedAtMs / 1000,
    ...(world.features.accountInConversationPayload ? { account: accountForm(account) } : {}),
  };
}

/** Incoming messages the people have not seen, at most 10. */
export function unreadCount(conversation: Conversation): number {
  const seenMs = conversation.agentLastSeenAtMs ?? 0;
  let count = 0;
  for (let index = conversation.messages.length - 1; index >= 0 && count < 10; index -= 1) {
    const message = conversation.messages[index];
    if (message === undefined || message.createdAtMs <= seenMs) break;
    if (message.messageType === 'incoming') count += 1;
  }
  return count;
}

function metaForm(world: World, conversation: Conversation) {
  const contact = mustGet(world.state.contacts, conversation.contactId, 'contact');
  const bot = conversation.agentBotId === null ? undefined : world.state.bots.get(conversation.agentBotId);
  const user = conversation.assigneeId === null ? undefined : world.state.users.get(conversation.assigneeId);
  const team = conversation.teamId === null ? undefined : world.state.teams.get(conversation.teamId);
  // When both are set (a team's pick) the bot is what shows.
  const assignee = bot !== undefined ? botPushForm(bot) : user !== undefined ? userPushForm(user) : null;
  return {
    sender: contactPushForm(contact),
    assignee,
    assignee_type: bot !== undefined ? 'AgentBot' : user !== undefined ? 'User' : null,
    team: team === undefined ? null : { id: team.id, name: team.name },
    hmac_verified: false,
  };
}

function contactInboxRow(world: World, conversation: Conversation) {
  const link = mustGet(world.state.contactInboxes, conversation.contactInboxId, 'contact inbox');
  return {
    id: link.id,
    contact_id: link.contactId,
    inbox_id: link.inboxId,
    source_id: link.sourceId,
    created_at: isoTime(link.createdAtMs),
    updated_at: isoTime(link.updatedAtMs),
    hmac_verified: false,
    pubsub_token: link.pubsubToken,
  };
}
