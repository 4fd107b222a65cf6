// What the channel behind an inbox does with an outgoing message, a moment after it was stored: reports its own id, then
// delivered or read, or refuses it because the reply window is closed. Each report is one more `message_updated`.
import { randomToken } from '../state/tokens.ts';
import { mustGet } from '../state/sandbox-state.ts';
import type { Conversation, Inbox, Message, MessageStatus } from '../state/model.ts';
import type { World } from '../world.ts';
import { canReply } from './message-window.ts';
import { updateMessageStatus } from './message-status.ts';

/** Channels whose provider hands back an id; the widget, API and e-mail inboxes have none. */
const PROVIDER_CHANNELS = new Set([
  'Channel::Whatsapp',
  'Channel::TwilioSms',
  'Channel::Sms',
  'Channel::FacebookPage',
  'Channel::Instagram',
  'Channel::Telegram',
  'Channel::Line',
  'Channel::Tiktok',
]);

export function handToChannel(world: World, conversation: Conversation, message: Message): void {
  const inbox = mustGet(world.state.inboxes, conversation.inboxId, 'inbox');
  // A given source_id means "already sent by the channel": Chatwoot does not deliver it again.
  if (!PROVIDER_CHANNELS.has(inbox.channelType) || message.sourceId !== null) return;
  const refusal = refusalOf(world, inbox, conversation, message);
  if (refusal !== null) {
    world.tasks.later(world.config.receipt_delay_ms, () => updateMessageStatus(world, message, 'failed', refusal));
    return;
  }
  const steps = receiptSteps(world);
  steps.forEach((step, index) =>
    world.tasks.later(world.config.receipt_delay_ms * (index + 1), () => report(world, message, inbox, step)),
  );
}

function receiptSteps(world: World): MessageStatus[] {
  const order: MessageStatus[] = ['sent', 'delivered', 'read'];
  return world.config.receipts === 'none' ? [] : order.slice(0, order.indexOf(world.config.receipts) + 1);
}

function refusalOf(world: World, inbox: Inbox, conversation: Conversation, message: Message): string | null {
  if (canReply(inbox, conversation) || 'template_params' in message.additionalAttributes) return null;
  if (inbox.channelType === 'Channel::Whatsapp') return world.features.closedWindowText;
  return inbox.channelType === 'Channel::TwilioSms'
    ? '63016 - Failed to send freeform message'
    : '(#10) This message is sent outside of allowed window.';
}

function report(world: World, message: Message, inbox: Inbox, step: MessageStatus): void {
  if (message.status === 'failed') return;
  if (step !== 'sent') {
    updateMessageStatus(world, message, step, null);
    return;
  }
  message.sourceId = inbox.channelType === 'Channel::Whatsapp' ? `wamid.${randomToken(32)}` : randomToken(24);
  message.updatedAtMs = Date.now();
  const conversation = world.state.conversation(message.accountId, message.conversationId);
  if (conversation !== undefined) world.publish({ name: 'message_updated', conversation, message });
}
