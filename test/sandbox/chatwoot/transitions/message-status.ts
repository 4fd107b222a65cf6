// A message's delivery status changes: by the provider, by an API inbox that failed, or by a gateway over REST.
// Every move but read → delivered is allowed; the error text lives only next to `failed`.
import type { Message, MessageStatus } from '../state/model.ts';
import type { World } from '../world.ts';

/** @returns false when nothing changed: the same status with the same text, or a move that is not allowed */
export function updateMessageStatus(
  world: World,
  message: Message,
  status: MessageStatus,
  error: string | null,
): boolean {
  if (message.status === 'read' && status === 'delivered') return false;
  const errorBefore = message.contentAttributes['external_error'] ?? null;
  const errorAfter = status === 'failed' ? error : null;
  if (message.status === status && errorBefore === errorAfter) return false;
  const attributes = Object.fromEntries(
    Object.entries(message.contentAttributes).filter(([key]) => key !== 'external_error'),
  );
  message.contentAttributes = errorAfter === null ? attributes : { ...attributes, external_error: errorAfter };
  message.status = status;
  message.updatedAtMs = Date.now();
  const conversation = world.state.conversation(message.accountId, message.conversationId);
  if (conversation !== undefined) world.publish({ name: 'message_updated', conversation, message });
  return true;
}
