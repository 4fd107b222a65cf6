// Which outgoing messages a person wrote: in the composer, on the phone (echo) or through a gateway. Bots, automations,
// campaigns, surveys and templates are nobody's reply, and a thumb from the phone takes nothing over.
import type { MessagePayload } from './payload.ts';
import { isReaction } from './reaction.ts';

export function isPersonsReply(message: MessagePayload): boolean {
  if (message.additional_attributes?.['campaign_id']) return false;
  if (message.content_attributes.automation_rule_id) return false;
  if (message.content_type === 'input_csat') return false;
  if (!isPersonsHand(message)) return false;
  return !(isFromPhone(message) && isReaction(message.content, message.attachments?.length ?? 0));
}

/**
 * Some gateways (WAHA) put what was written on the phone into the conversation as a private note: the customer got it all the
 * same. A note written in Chatwoot has no id of the channel.
 */
export function isPhoneMirror(message: MessagePayload): boolean {
  const { conversation, source_id: sourceId, sender, message_type: type } = message;
  const isMirror = conversation.channel === 'Channel::Api' && type === 'outgoing' && sender?.type === 'user';
  return isMirror && Boolean(sourceId) && !isReaction(message.content, message.attachments?.length ?? 0);
}

function isPersonsHand(message: MessagePayload): boolean {
  if (message.sender?.type === 'user') return true;
  return !message.sender && isFromPhone(message);
}

/** Telegram business echoes carry no mark; what we or a rule send there has no channel id yet when it is created. */
function isFromPhone({ sender, source_id, content_attributes, conversation }: MessagePayload): boolean {
  if (content_attributes.external_echo === true || content_attributes.external_sender_name) return true;
  if (!source_id) return false;
  // Gateways write with a person's token and the id WhatsApp gave; the composer knows no such id.
  if (sender) return conversation.channel === 'Channel::Api';
  return (
    conversation.channel === 'Channel::Telegram' &&
    Boolean(conversation.additional_attributes?.['business_connection_id'])
  );
}
