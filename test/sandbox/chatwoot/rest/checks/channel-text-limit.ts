// How many characters each channel delivers in one message. Chatwoot does not enforce it: a longer text is stored and then refused
// or cut by the provider, so the sandbox only reports it.
import type { Inbox } from '../../state/model.ts';

export function channelTextLimit(inbox: Inbox): number {
  switch (inbox.channelType) {
    case 'Channel::Whatsapp':
    case 'Channel::Telegram':
      return 4096;
    case 'Channel::TwilioSms':
      return inbox.medium === 'whatsapp' ? 1600 : 320;
    case 'Channel::Sms':
      return 160;
    case 'Channel::FacebookPage':
    case 'Channel::Line':
      return 2000;
    case 'Channel::Instagram':
      return 1000;
    case 'Channel::Email':
      return 25_000;
    case 'Channel::Tiktok':
      return 6000;
    default:
      return 10_000;
  }
}
