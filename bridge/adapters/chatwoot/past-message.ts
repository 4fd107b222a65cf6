// A message and its conversation as REST shows them, put into the form of a delivery: there the kind of message is a
// number, the channel stands elsewhere, and the channel's own id of the customer only in the last message.
import { z } from 'zod';
import { MessagePayload } from './payload.ts';
import type { RestMessage } from './rest-shapes.ts';

const text = z.string().nullish().catch(null);

const lastMessage = z
  .object({ conversation: z.object({ contact_inbox: z.object({ source_id: text }).nullish() }).nullish() })
  .nullish()
  .catch(null);

export const PastConversation = z.object({
  id: z.number(),
  inbox_id: z.number(),
  status: z.string(),
  can_reply: z.boolean().nullish(),
  additional_attributes: z.record(z.string(), z.unknown()).nullish(),
  updated_at: z.number().nullish().catch(null),
  meta: z.looseObject({ channel: text, hmac_verified: z.boolean().nullish() }),
  last_non_activity_message: lastMessage,
});
export type PastConversation = z.infer<typeof PastConversation>;

const typeNames = ['incoming', 'outgoing', 'activity', 'template'];

export function asPayload(message: RestMessage, conversation: PastConversation): MessagePayload {
  const { meta, last_non_activity_message: last, ...facts } = conversation;
  const sourceId = last?.conversation?.contact_inbox?.source_id ?? null;
  return MessagePayload.parse({
    ...message,
    event: 'message_created',
    message_type: typeNames[message.message_type] ?? 'unknown',
    conversation: {
      ...facts,
      channel: meta.channel,
      meta,
      contact_inbox: { source_id: sourceId, hmac_verified: meta.hmac_verified ?? false },
    },
  });
}
