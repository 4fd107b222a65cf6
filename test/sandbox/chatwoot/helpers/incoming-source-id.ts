// The provider's id of one incoming message, in each channel's form. Widget messages have none.
import type { Inbox } from '../state/model.ts';
import { randomToken } from '../state/tokens.ts';

export function incomingSourceId(inbox: Inbox): string | null {
  switch (inbox.channelType) {
    case 'Channel::WebWidget':
      return null;
    case 'Channel::Whatsapp':
      return `wamid.${randomToken(32)}`;
    case 'Channel::TwilioSms':
      return `SM${randomToken(32).toLowerCase()}`;
    case 'Channel::Api':
      return `WAID:${randomToken(20).toUpperCase()}`;
    case 'Channel::Email':
      return `<${randomToken(20)}@mail.example.org>`;
    default:
      return randomToken(24);
  }
}
