// What the customer does, as tests and the page call it: write, type, open the widget, answer a form, be blocked.
import { messageRestForm } from '../payloads/message-forms.ts';
import type { Conversation, Message } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import { receiveMessage } from '../transitions/receive-message.ts';
import type { World } from '../world.ts';
import { chooseConversation } from './choose-conversation.ts';
import { type ContactHandle, findOrMakeContact, findOrMakeLink } from './find-or-make-contact.ts';
import { type IncomingFile, incomingAttachment } from './incoming-file.ts';
import { incomingSourceId } from './incoming-source-id.ts';

export interface CustomerWrites {
  account: number;
  inbox: number;
  contact: ContactHandle;
  text: string | null;
  attachments?: IncomingFile[];
  /** The provider's id of this message; made up in the channel's form when absent. */
  sourceId?: string | null;
  /** The provider's address of this customer, when the contact is new in the inbox. */
  contactSourceId?: string;
  contentType?: string;
  contentAttributes?: Record<string, unknown>;
  /** Display id: write into this conversation, whatever the channel's rule says. */
  conversation?: number;
  createdAtMs?: number;
}

export type MessageView = ReturnType<typeof messageRestForm>;

export interface CustomerWrote {
  account: number;
  /** Display id. */
  conversation: number;
  message: MessageView;
}

/** @returns null when Chatwoot drops the message before storing it (blocked contact on WhatsApp) */
export function customerWrites(world: World, given: CustomerWrites): CustomerWrote | null {
  const inbox = mustGet(world.state.inboxes, given.inbox, 'inbox');
  if (inbox.accountId !== given.account) throw new Error(`inbox ${given.inbox} is not in account ${given.account}`);
  const contact = findOrMakeContact(world, inbox, given.contact);
  if (contact.blocked && inbox.channelType === 'Channel::Whatsapp' && world.features.dropsBlockedWhatsapp) return null;
  const link = findOrMakeLink(world, inbox, contact, given.contactSourceId);
  const conversation =
    given.conversation === undefined
      ? chooseConversation(world, inbox, link)
      : mustFind(world, given.account, given.conversation);
  const message = receiveMessage(world, conversation, {
    content: given.text,
    contentType: given.contentType ?? 'text',
    contentAttributes: { ...channelQuoteKeys(inbox.channelType), ...given.contentAttributes },
    sourceId: given.sourceId === undefined ? incomingSourceId(inbox) : given.sourceId,
    attachments: (given.attachments ?? []).map(incomingAttachment),
    ...(given.createdAtMs === undefined ? {} : { createdAtMs: given.createdAtMs }),
  });
  return { account: given.account, conversation: conversation.displayId, message: messageRestForm(world, message) };
}

/** Some channels always send a quote key, null when nothing is quoted. */
function channelQuoteKeys(channelType: string): Record<string, unknown> {
  if (channelType === 'Channel::WebWidget') return { in_reply_to: null };
  if (channelType === 'Channel::Instagram' || channelType === 'Channel::FacebookPage') {
    return { in_reply_to_external_id: null };
  }
  return {};
}

export function customerTypes(world: World, conversation: Conversation, on: boolean): void {
  world.publish({
    name: on ? 'conversation_typing_on' : 'conversation_typing_off',
    conversation,
    performer: { kind: 'contact', id: conversation.contactId },
    isPrivate: false,
  });
}

/** A widget button or form answer is stored on our own message and shows up as its update. */
export function customerSubmits(world: World, conversation: Conversation, message: Message, values: unknown): void {
  message.contentAttributes = { ...message.contentAttributes, submitted_values: values };
  message.updatedAtMs = Date.now();
  world.publish({ name: 'message_updated', conversation, message });
}

/** Some channels tell Chatwoot of an edit: the message says something else, and an update tells so. */
export function customerEdits(world: World, conversation: Conversation, message: Message, text: string): void {
  message.content = text;
  message.updatedAtMs = Date.now();
  world.publish({ name: 'message_updated', conversation, message });
}

export function customerOpensWidget(
  world: World,
  given: { account: number; inbox: number; contact: ContactHandle },
): void {
  const inbox = mustGet(world.state.inboxes, given.inbox, 'inbox');
  const link = findOrMakeLink(world, inbox, findOrMakeContact(world, inbox, given.contact));
  world.publish({
    name: 'webwidget_triggered',
    contactInbox: link,
    conversation: world.state.conversationsOfContactInbox(link.id).at(-1) ?? null,
    info: {
      initiated_at: { timestamp: new Date().toString().slice(0, 33) },
      referer: 'https://www.example.org/',
      widget_language: 'pt_BR',
      browser_language: 'pt',
      browser: {
        browser_name: 'Chrome',
        browser_version: '142.0.0.0',
        device_name: 'Unknown',
        platform_name: 'macOS',
        platform_version: '15.6',
      },
    },
  });
}

export function mustFind(world: World, account: number, displayId: number): Conversation {
  const conversation = world.state.conversation(account, displayId);
  if (conversation === undefined) throw new Error(`no conversation ${displayId} in account ${account} of the sandbox`);
  return conversation;
}
