// Whether the channel still lets us write (`can_reply`): most chat platforms close a window some hours after the customer's
// last message. Counted from the stored time of that message.
import type { Conversation, Inbox } from '../state/model.ts';

const HOUR_MS = 3_600_000;

export function canReply(inbox: Inbox, conversation: Conversation, nowMs = Date.now()): boolean {
  const hours = windowHours(inbox);
  if (hours === null) return true;
  const lastIncoming = conversation.messages.findLast((message) => message.messageType === 'incoming');
  return lastIncoming !== undefined && nowMs - lastIncoming.createdAtMs < hours * HOUR_MS;
}

/** @returns hours, or null for a channel without a window */
function windowHours(inbox: Inbox): number | null {
  switch (inbox.channelType) {
    case 'Channel::Whatsapp':
    case 'Channel::FacebookPage':
    case 'Channel::Instagram':
      return 24;
    case 'Channel::TwilioSms':
      return inbox.medium === 'whatsapp' ? 24 : null;
    case 'Channel::Tiktok':
      return 48;
    case 'Channel::Api': {
      const hours = inbox.channelAttributes['agent_reply_time_window'];
      return typeof hours === 'number' && hours > 0 ? hours : null;
    }
    default:
      return null;
  }
}
