// What a channel means by refusing one of our messages. Chatwoot stores the provider's own words with a number in front; the
// numbers are Meta's (WhatsApp, Messenger, Instagram), Twilio's and Telegram's, and what stands in no list is unknown.
import type { RefusalKind } from '../../core/message.ts';
import type { MessagePayload } from './payload.ts';

const codes: Record<Exclude<RefusalKind, 'gateway_failed' | 'unknown'>, readonly string[]> = {
  // WhatsApp Cloud and 360dialog; Messenger and Instagram; Twilio.
  window_closed: ['131047', '470', '10', '2018278', '2534022', '63016'],
  unreachable: [
    ...['131026', '131030', '131049', '131050', '130472', '131021', '1013'],
    ...['551', '1545041', '2018001', '230'],
    ...['63003', '63024', '21211', '21610', '21614', '30003', '30005', '30006'],
    '403',
  ],
  media_refused: ['131052', '131053', '2018047', '2534037', '12300', '63019', '63020'],
  rate_limited: ['131056', '130429', '131048', '80007', '4', '613', '80006', '63018', '20429', '429'],
  access_lost: ['0', '3', '190', '200', '131005', '131031', '131042', '133010', '368', '20003', '63007', '401'],
  content_refused: [
    ...['131051', '131008', '131009', '132000', '132001', '132005', '132007', '132012', '132015', '132016'],
    ...['100', '63005', '63013', '63021', '30007', '400'],
  ],
};

const kindByCode = new Map(
  Object.entries(codes).flatMap(([kind, known]) => known.map((code) => [code, kind as RefusalKind] as const)),
);

export function refusalOf(message: MessagePayload, error: string): { kind: RefusalKind; code: string } {
  const code = numberIn(error) ?? 'none';
  // A gateway's failure is an HTTP status of its endpoint, which says nothing about the customer.
  if (message.conversation.channel === 'Channel::Api') return { kind: 'gateway_failed', code };
  const known = kindByCode.get(code);
  if (known) return { kind: known, code };
  // Chatwoot itself refuses outside the window, with words that differ by version and language.
  return { kind: message.conversation.can_reply === false ? 'window_closed' : 'unknown', code };
}

/** Only where providers put it: at the front or as (#number). Anywhere else it may be a customer's phone. */
function numberIn(error: string): string | null {
  return /\(#(\d{1,7})\)/.exec(error)?.[1] ?? /^\W{0,2}(\d{1,7})(?!\d)/.exec(error)?.[1] ?? null;
}
