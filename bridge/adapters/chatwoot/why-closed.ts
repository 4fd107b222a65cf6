// Whose rule closes a reply window, by the channel of the conversation: people are told why nothing went out.
import type { ClosedWindow } from '../../core/ports/conversations.ts';

const byType = new Map<string, ClosedWindow>(
  Object.entries({
    'Channel::Whatsapp': { rule: 'whatsapp', hours: 24 },
    // Twilio has a window on WhatsApp only.
    'Channel::TwilioSms': { rule: 'whatsapp', hours: 24 },
    'Channel::FacebookPage': { rule: 'messenger', hours: 24 },
    'Channel::Instagram': { rule: 'instagram', hours: 24 },
    'Channel::Tiktok': { rule: 'tiktok', hours: 48 },
  }),
);

/** An API inbox has the window its own setting gives it. */
export function whyClosed(channelType: string | null): ClosedWindow {
  return byType.get(channelType ?? '') ?? { rule: 'inbox_setting', hours: null };
}
