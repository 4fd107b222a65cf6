// Which conversation a customer's message goes to, by channel: chat channels open a new one after the last was resolved unless the
// inbox locks to one; the widget and API inboxes go on in the last.
import { createConversation } from '../transitions/create-conversation.ts';
import type { ContactInbox, Conversation, Inbox, JsonObject } from '../state/model.ts';
import type { World } from '../world.ts';

export function chooseConversation(world: World, inbox: Inbox, link: ContactInbox): Conversation {
  const last = world.state.conversationsOfContactInbox(link.id).at(-1);
  const reuse = last !== undefined && (reusesResolved(inbox) || last.status !== 'resolved');
  return reuse ? last : createConversation(world, link, { additionalAttributes: channelAttributes(inbox, link) });
}

function reusesResolved(inbox: Inbox): boolean {
  if (inbox.channelType === 'Channel::WebWidget' || inbox.channelType === 'Channel::Api') return true;
  return inbox.channelType !== 'Channel::Email' && inbox.settings.lock_to_single_conversation;
}

/** What the channel writes into a new conversation's additional attributes. */
function channelAttributes(inbox: Inbox, link: ContactInbox): JsonObject {
  switch (inbox.channelType) {
    case 'Channel::WebWidget':
      return {
        browser_language: 'pt',
        browser: {
          browser_name: 'Chrome',
          browser_version: '142.0.0.0',
          device_name: 'Unknown',
          platform_name: 'macOS',
          platform_version: '15.6',
        },
        initiated_at: { timestamp: new Date().toString().slice(0, 33) },
        referer: 'https://www.example.org/',
      };
    case 'Channel::Telegram':
      return { chat_id: Number(link.sourceId), business_connection_id: null };
    case 'Channel::Email':
      return {
        source: 'email',
        mail_subject: 'Contato pelo site',
        in_reply_to: null,
        auto_reply: false,
        initiated_at: { timestamp: new Date().toUTCString() },
      };
    case 'Channel::Tiktok':
      return { conversation_id: link.sourceId, tiktok_capabilities: {} };
    default:
      return {};
  }
}
