// What a finally failed delivery does to Chatwoot itself: a bot that cannot be reached is thrown out of a pending conversation,
// an API inbox that cannot be reached marks the message failed, an account webhook just loses the event.
import { openAfterBotFailure } from '../transitions/change-status.ts';
import { updateMessageStatus } from '../transitions/message-status.ts';
import type { World } from '../world.ts';
import type { Delivery } from './delivery.ts';

export function settleFailure(world: World, delivery: Delivery, reason: string): void {
  if (delivery.event !== 'message_created' && delivery.event !== 'message_updated') return;
  if (delivery.surface === 'agent_bot' && delivery.conversationId !== null) {
    const conversation = world.state.conversation(delivery.accountId, delivery.conversationId);
    if (conversation !== undefined) openAfterBotFailure(world, conversation);
  }
  if (delivery.surface === 'api_inbox' && delivery.messageId !== null) {
    const message = world.state.messages.get(delivery.messageId);
    if (message !== undefined) updateMessageStatus(world, message, 'failed', reason);
  }
}
