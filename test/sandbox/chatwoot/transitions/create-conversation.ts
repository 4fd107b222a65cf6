// A new conversation and its first status: pending where an active bot is linked (even if the caller asked for open),
// resolved for a blocked contact, otherwise what was asked or open.
import { randomUUID } from 'node:crypto';
import type { ContactInbox, Conversation, ConversationStatus, Inbox, JsonObject } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import type { World } from '../world.ts';
import { pickOnlineAgent } from './auto-assignment.ts';

export interface NewConversation {
  status?: ConversationStatus;
  assigneeId?: number | null;
  teamId?: number | null;
  snoozedUntilMs?: number | null;
  additionalAttributes?: JsonObject;
  customAttributes?: JsonObject;
}

export function createConversation(world: World, link: ContactInbox, given: NewConversation = {}): Conversation {
  const inbox = mustGet(world.state.inboxes, link.inboxId, 'inbox');
  const account = mustGet(world.state.accounts, inbox.accountId, 'account');
  const nowMs = Date.now();
  account.lastDisplayId += 1;
  const conversation: Conversation = {
    displayId: account.lastDisplayId,
    uuid: randomUUID(),
    accountId: account.id,
    inboxId: inbox.id,
    contactId: link.contactId,
    contactInboxId: link.id,
    status: firstStatus(world, inbox, link, given),
    assigneeId: given.assigneeId ?? null,
    agentBotId: null,
    teamId: given.teamId ?? null,
    priority: null,
    labels: [],
    snoozedUntilMs: given.snoozedUntilMs ?? null,
    waitingSinceMs: nowMs,
    firstReplyAtMs: null,
    lastActivityAtMs: nowMs,
    agentLastSeenAtMs: null,
    contactLastSeenAtMs: null,
    additionalAttributes: given.additionalAttributes ?? {},
    customAttributes: given.customAttributes ?? {},
    csatSent: false,
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
    messages: [],
  };
  giveFirstOwner(world, inbox, conversation);
  world.state.addConversation(conversation);
  world.publish({ name: 'conversation_created', conversation });
  return conversation;
}

function firstStatus(world: World, inbox: Inbox, link: ContactInbox, given: NewConversation): ConversationStatus {
  const contact = mustGet(world.state.contacts, link.contactId, 'contact');
  if (contact.blocked) return 'resolved';
  if (inbox.agentBotId !== null) return 'pending';
  return given.status ?? 'open';
}

function giveFirstOwner(world: World, inbox: Inbox, conversation: Conversation): void {
  if (conversation.assigneeId !== null) return;
  if (conversation.status === 'pending' && inbox.agentBotId !== null && world.features.newConversationBelongsToBot) {
    conversation.agentBotId = inbox.agentBotId;
  }
  if (conversation.status === 'open') conversation.assigneeId = pickOnlineAgent(world.state, conversation);
}
