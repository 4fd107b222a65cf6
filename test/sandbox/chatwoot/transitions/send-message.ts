// Everything that goes out to the customer or into a private note: by a person, by a bot, from the phone (echo).
// Raises the message event, then what a public reply does to the clocks, then hands it to the simulated channel.
import type { Conversation, Message } from '../state/model.ts';
import type { World } from '../world.ts';
import { handToChannel } from './channel-receipts.ts';
import { saveConversation, type ConversationPatch } from './save-conversation.ts';
import { type NewMessage, storeMessage } from './store-message.ts';

export function sendMessage(
  world: World,
  conversation: Conversation,
  given: Omit<NewMessage, 'messageType'> & { messageType?: 'outgoing' | 'template' },
): Message {
  const message = storeMessage(world, conversation, { ...given, messageType: given.messageType ?? 'outgoing' });
  world.publish({ name: 'message_created', conversation, message });
  if (!message.private) {
    updateClocks(world, conversation, message);
    handToChannel(world, conversation, message);
  }
  return message;
}

/** A person's answer sets the first reply and stops the waiting clock; a bot's only stops the clock (since 4.10). */
function updateClocks(world: World, conversation: Conversation, message: Message): void {
  const byCampaign = 'campaign_id' in message.additionalAttributes;
  const byPerson =
    (message.senderType === 'User' && !byCampaign) || message.contentAttributes['external_echo'] === true;
  const byBot = message.senderType === 'AgentBot';
  const patch: ConversationPatch = {};
  if (byPerson && conversation.firstReplyAtMs === null) patch.firstReplyAtMs = message.createdAtMs;
  if (byPerson || (byBot && world.features.botReplyClearsWaiting)) patch.waitingSinceMs = null;
  saveConversation(world, conversation, patch);
}
