// Conversations that are no conversation with a customer: WhatsApp gateways also bring groups, channels and broadcasts,
// where an assistant has no business.
import type { ConversationPayload } from './payload.ts';

const manyPeople = /@(?:g\.us|broadcast|newsletter)$/;

export function isGroupChat({ meta, contact_inbox: link }: ConversationPayload): boolean {
  return [meta?.sender?.identifier, link?.source_id].some((id) => manyPeople.test(id ?? ''));
}
