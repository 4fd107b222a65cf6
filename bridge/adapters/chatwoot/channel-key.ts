// Which channel the customer really uses. Chatwoot's channel type is not enough: WhatsApp also arrives through Twilio and
// through gateways (Evolution, WAHA) that look like API inboxes, and Instagram through a Facebook page.
import type { ChannelKey } from '../../core/message.ts';
import type { ConversationPayload } from './payload.ts';

const byType = new Map<string, ChannelKey>(
  Object.entries({
    'Channel::WebWidget': 'web',
    'Channel::Whatsapp': 'whatsapp',
    'Channel::Email': 'email',
    'Channel::FacebookPage': 'facebook',
    'Channel::Instagram': 'instagram',
    'Channel::Telegram': 'telegram',
    'Channel::Sms': 'sms',
    'Channel::TwilioSms': 'sms',
    'Channel::Api': 'marketplace',
  }),
);

export function channelKeyOf(conversation: ConversationPayload, messageSourceId: string | null): ChannelKey {
  const type = conversation.channel ?? '';
  if (type === 'Channel::TwilioSms' && conversation.contact_inbox?.source_id?.startsWith('whatsapp:')) {
    return 'whatsapp';
  }
  if (type === 'Channel::FacebookPage' && conversation.additional_attributes?.['type'] === 'instagram_direct_message') {
    return 'instagram';
  }
  if (type === 'Channel::Api' && isWhatsAppGateway(conversation, messageSourceId)) return 'whatsapp';
  return byType.get(type) ?? 'default';
}

function isWhatsAppGateway(conversation: ConversationPayload, messageSourceId: string | null): boolean {
  const identifier = conversation.meta?.sender?.identifier ?? '';
  return /@(s\.whatsapp\.net|c\.us|lid)$/.test(identifier) || (messageSourceId ?? '').startsWith('WAID:');
}
