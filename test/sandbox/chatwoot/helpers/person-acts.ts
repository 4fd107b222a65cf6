// What people do in Chatwoot (dashboard, phone), and what happens to a conversation from outside: as tests and the page call it.
// Everything runs through the same transitions as the REST API, so the events are the same.
import { messageRestForm } from '../payloads/message-forms.ts';
import type { Conversation, ConversationStatus, Message, Role, User } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import { randomToken } from '../state/tokens.ts';
import type { Actor } from '../transitions/actor.ts';
import { assignBot, assignPerson, assignTeam, unassign } from '../transitions/assign.ts';
import { changeStatus } from '../transitions/change-status.ts';
import { saveConversation } from '../transitions/save-conversation.ts';
import { sendMessage } from '../transitions/send-message.ts';
import type { World } from '../world.ts';
import { type IncomingFile, incomingAttachment } from './incoming-file.ts';
import type { MessageView } from './customer-acts.ts';

/** A user id, a name, or nothing: the first person of role agent, else anybody. */
export type PersonHandle = number | string | undefined;

export function findPerson(world: World, accountId: number, handle: PersonHandle): Extract<Actor, { kind: 'user' }> {
  const users = world.state.usersOf(accountId);
  const user =
    handle === undefined
      ? (users.find((candidate) => roleOf(candidate, accountId) === 'agent') ?? users[0])
      : users.find((candidate) => candidate.id === handle || candidate.name === handle);
  if (user === undefined) throw new Error(`no user ${String(handle)} in account ${accountId} of the sandbox`);
  return { kind: 'user', user, role: roleOf(user, accountId) };
}

function roleOf(user: User, accountId: number): Role {
  return user.roles.get(accountId) ?? 'agent';
}

export interface PersonWrites {
  user?: PersonHandle;
  text: string;
  private?: boolean;
  attachments?: IncomingFile[];
  contentAttributes?: Record<string, unknown>;
  sourceId?: string;
}

export function personWrites(world: World, conversation: Conversation, given: PersonWrites): MessageView {
  const person = findPerson(world, conversation.accountId, given.user);
  const message = sendMessage(world, conversation, {
    content: given.text,
    private: given.private ?? false,
    sender: { type: 'User', id: person.user.id },
    contentAttributes: given.contentAttributes ?? {},
    sourceId: given.sourceId ?? null,
    attachments: (given.attachments ?? []).map(incomingAttachment),
  });
  return messageRestForm(world, message);
}

/** A person typed on the phone. Native channels mirror it without author; a gateway's API inbox mirrors it as its token's owner. */
export function phoneEcho(
  world: World,
  conversation: Conversation,
  given: { text: string; user?: PersonHandle },
): MessageView {
  const inbox = mustGet(world.state.inboxes, conversation.inboxId, 'inbox');
  const viaGateway = inbox.channelType === 'Channel::Api';
  const message = sendMessage(world, conversation, {
    content: given.text,
    status: viaGateway ? 'sent' : 'delivered',
    sourceId: viaGateway ? `WAID:${randomToken(20).toUpperCase()}` : `wamid.${randomToken(24)}`,
    sender: viaGateway ? { type: 'User', id: findPerson(world, conversation.accountId, given.user).user.id } : null,
    contentAttributes: viaGateway || inbox.channelType === 'Channel::Telegram' ? {} : { external_echo: true },
  });
  return messageRestForm(world, message);
}

export interface StatusByPerson {
  user?: PersonHandle;
  status: ConversationStatus;
  snoozedUntilMs?: number | null;
}

export function personSetsStatus(world: World, conversation: Conversation, given: StatusByPerson): void {
  const person = findPerson(world, conversation.accountId, given.user);
  changeStatus(world, conversation, { status: given.status, snoozedUntilMs: given.snoozedUntilMs ?? null }, person);
}

export interface Assignment {
  /** Who does it. */
  by?: PersonHandle;
  /** A user by id or name, or null to unassign everybody. */
  user?: number | string | null;
  bot?: number;
  team?: number | null;
}

export function personAssigns(world: World, conversation: Conversation, given: Assignment): void {
  const actor = findPerson(world, conversation.accountId, given.by);
  if (given.bot !== undefined) assignBot(world, conversation, mustGet(world.state.bots, given.bot, 'agent bot'), actor);
  if (given.team !== undefined) {
    assignTeam(world, conversation, given.team === null ? null : mustGet(world.state.teams, given.team, 'team'), actor);
  }
  if (given.user === null) unassign(world, conversation, actor);
  else if (given.user !== undefined) {
    assignPerson(world, conversation, findPerson(world, conversation.accountId, given.user).user, actor);
  }
}

/** Mute in the dashboard: the contact is blocked and the conversation resolved. */
export function personMutes(world: World, conversation: Conversation, user: PersonHandle): void {
  const contact = mustGet(world.state.contacts, conversation.contactId, 'contact');
  contact.blocked = true;
  saveConversation(world, conversation, { status: 'resolved' });
  world.publish({
    name: 'contact_updated',
    contact,
    changed: [{ blocked: { previous_value: false, current_value: true } }],
  });
  findPerson(world, conversation.accountId, user);
}

/** A transcript arrives later, as an update of the customer's message. */
export function transcribe(world: World, conversation: Conversation, message: Message, text: string): void {
  for (const attachment of message.attachments) if (attachment.fileType === 'audio') attachment.transcribedText = text;
  message.updatedAtMs = Date.now();
  world.publish({ name: 'message_updated', conversation, message });
}

/** Channels and gateways that let their people edit; Chatwoot itself has no such call. */
export function editMessage(world: World, conversation: Conversation, message: Message, text: string): void {
  message.content = text;
  message.updatedAtMs = Date.now();
  world.publish({ name: 'message_updated', conversation, message });
}

/** Taken back by whoever wrote it, or removed by a person: the words are gone and a sentence of Chatwoot stands there. */
export function deleteMessage(world: World, conversation: Conversation, message: Message, locale: string): void {
  Object.assign(message, {
    content: locale === 'pt_BR' ? 'Esta mensagem foi excluída' : 'This message was deleted',
    contentType: 'text',
    contentAttributes: { deleted: true },
    attachments: [],
    updatedAtMs: Date.now(),
  });
  world.publish({ name: 'message_updated', conversation, message });
}
