// A conversation as the REST API shows it. Not the webhook form: absent keys instead of nulls, zeros for missing times,
// the last message including activity and private ones, no channel at the top.
import { unreadCount } from '../../payloads/conversation-form.ts';
import { messagePushForm } from '../../payloads/message-forms.ts';
import { epochSeconds, isoTimeOrNull } from '../../payloads/times.ts';
import type { Conversation } from '../../state/model.ts';
import { mustGet } from '../../state/sandbox-state.ts';
import { canReply } from '../../transitions/message-window.ts';
import { serverError } from '../rest-error.ts';
import type { RestCall } from '../route.ts';
import { agentView, slimBotView } from './agent-view.ts';
import { contactView } from './contact-view.ts';
import { teamView } from './team-view.ts';

export type ViewCaller = Pick<RestCall, 'world' | 'account' | 'actor'>;

/** @throws RestError 500 for a bot token when the conversation has a team: the team view asks the caller for his teams */
export function conversationView(call: ViewCaller, conversation: Conversation) {
  const { world } = call;
  if (call.actor.kind === 'bot' && conversation.teamId !== null && world.features.teamBreaksBotReads) {
    throw serverError();
  }
  const inbox = mustGet(world.state.inboxes, conversation.inboxId, 'inbox');
  const contact = mustGet(world.state.contacts, conversation.contactId, 'contact');
  const last = conversation.messages.at(-1);
  const lastSpoken = conversation.messages.findLast((message) => message.messageType !== 'activity');
  return {
    meta: {
      sender: contactView(world, contact, false),
      channel: inbox.channelType,
      ...assigneeKeys(call, conversation),
      ...teamKey(call, conversation),
      hmac_verified: false,
    },
    id: conversation.displayId,
    messages: last === undefined ? [] : [messagePushForm(world, last, conversation)],
    account_id: conversation.accountId,
    uuid: conversation.uuid,
    additional_attributes: conversation.additionalAttributes,
    agent_last_seen_at: epochSeconds(conversation.agentLastSeenAtMs),
    assignee_last_seen_at: epochSeconds(conversation.agentLastSeenAtMs),
    can_reply: canReply(inbox, conversation),
    contact_last_seen_at: epochSeconds(conversation.contactLastSeenAtMs),
    custom_attributes: conversation.customAttributes,
    inbox_id: conversation.inboxId,
    labels: conversation.labels,
    muted: contact.blocked,
    snoozed_until: isoTimeOrNull(conversation.snoozedUntilMs),
    status: conversation.status,
    created_at: epochSeconds(conversation.createdAtMs),
    updated_at: conversation.updatedAtMs / 1000,
    timestamp: epochSeconds(conversation.lastActivityAtMs),
    first_reply_created_at: epochSeconds(conversation.firstReplyAtMs),
    unread_count: unreadCount(conversation),
    last_non_activity_message: lastSpoken === undefined ? null : messagePushForm(world, lastSpoken, conversation),
    last_activity_at: epochSeconds(conversation.lastActivityAtMs),
    priority: conversation.priority,
    waiting_since: epochSeconds(conversation.waitingSinceMs),
  };
}

function assigneeKeys({ world, account }: ViewCaller, conversation: Conversation) {
  const bot = conversation.agentBotId === null ? undefined : world.state.bots.get(conversation.agentBotId);
  if (bot !== undefined) return { assignee: slimBotView(bot), assignee_type: 'AgentBot' };
  const user = conversation.assigneeId === null ? undefined : world.state.users.get(conversation.assigneeId);
  return user === undefined ? {} : { assignee: agentView(user, account), assignee_type: 'User' };
}

function teamKey(call: ViewCaller, conversation: Conversation) {
  const team = conversation.teamId === null ? undefined : call.world.state.teams.get(conversation.teamId);
  if (team === undefined) return {};
  return { team: teamView(call.world, team, call.actor.kind === 'user' ? call.actor.user.id : null) };
}
