// What the page shows for one customer on one inbox: his conversations with their Chatwoot state, and all their messages in order.
// The customer is named by the identifier his browser keeps.
import { messageRestForm } from '../payloads/message-forms.ts';
import { epochSeconds } from '../payloads/times.ts';
import type { Conversation } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import { canReply } from '../transitions/message-window.ts';
import type { World } from '../world.ts';

export interface SnapshotQuery {
  account: number;
  inbox: number;
  /** The contact's identifier. */
  contact: string;
}

export function customerSnapshot(world: World, query: SnapshotQuery) {
  const contact = world.state.contactsOf(query.account).find((candidate) => candidate.identifier === query.contact);
  const link =
    contact === undefined
      ? undefined
      : world.state.contactInboxesOf(contact.id).find((candidate) => candidate.inboxId === query.inbox);
  const conversations = link === undefined ? [] : world.state.conversationsOfContactInbox(link.id);
  return {
    contact: contact === undefined ? null : { id: contact.id, name: contact.name, phone_number: contact.phoneNumber },
    conversations: conversations.map((conversation) => stateOf(world, conversation)),
    messages: conversations.flatMap((conversation) =>
      conversation.messages.map((message) => messageRestForm(world, message)),
    ),
  };
}

function stateOf(world: World, conversation: Conversation) {
  const inbox = mustGet(world.state.inboxes, conversation.inboxId, 'inbox');
  const person = conversation.assigneeId === null ? undefined : world.state.users.get(conversation.assigneeId);
  const bot = conversation.agentBotId === null ? undefined : world.state.bots.get(conversation.agentBotId);
  const team = conversation.teamId === null ? undefined : world.state.teams.get(conversation.teamId);
  return {
    id: conversation.displayId,
    status: conversation.status,
    assignee: bot?.name ?? person?.name ?? null,
    assignee_type: bot !== undefined ? 'AgentBot' : person !== undefined ? 'User' : null,
    team: team?.name ?? null,
    labels: conversation.labels,
    priority: conversation.priority,
    can_reply: canReply(inbox, conversation),
    waiting_since: epochSeconds(conversation.waitingSinceMs),
  };
}
