// The few fields of Chatwoot's webhook payloads that we use, liberal in everything else: payloads differ by version and
// fork. `message_type` is a word at top level; times are ISO strings at top level and epoch seconds in the conversation.
import { z } from 'zod';

const text = z.string().nullish();

const contact = z.object({
  id: z.number(),
  name: text,
  phone_number: text,
  email: text,
  identifier: text,
  blocked: z.boolean().nullish(),
  type: text,
});

const assignee = z.object({ id: z.number(), type: text }).nullish();

export const ConversationPayload = z.object({
  id: z.number(),
  inbox_id: z.number(),
  channel: text,
  status: z.enum(['open', 'pending', 'snoozed', 'resolved']).catch('open'),
  can_reply: z.boolean().nullish(),
  additional_attributes: z.record(z.string(), z.unknown()).nullish(),
  contact_inbox: z.object({ source_id: text, hmac_verified: z.boolean().nullish() }).nullish(),
  meta: z
    .object({
      sender: contact.nullish(),
      assignee,
      assignee_type: text,
      team: z.object({ id: z.number() }).nullish(),
      hmac_verified: z.boolean().nullish(),
    })
    .nullish(),
  updated_at: z.number().nullish(),
  messages: z.array(z.object({ account_id: z.number().nullish() })).nullish(),
});
export type ConversationPayload = z.infer<typeof ConversationPayload>;

const attachment = z.object({
  file_type: text,
  data_url: text,
  transcribed_text: text,
});

export const MessagePayload = z.object({
  event: z.string(),
  id: z.number(),
  content: text,
  message_type: z.string(),
  content_type: text,
  content_attributes: z
    .preprocess(
      (value) => (typeof value === 'object' && value !== null ? value : {}),
      z.object({
        ui_turn: z.string().optional().catch(undefined),
        ui_part: z.coerce.number().optional().catch(undefined),
        external_echo: z.boolean().optional().catch(undefined),
        external_error: text.catch(null),
        automation_rule_id: z.unknown(),
        external_sender_name: text.catch(null),
        is_unsupported: z.boolean().optional().catch(undefined),
      }),
    )
    .prefault({}),
  additional_attributes: z.record(z.string(), z.unknown()).nullish(),
  private: z.boolean().nullish(),
  created_at: z.union([z.string(), z.number()]).nullish(),
  source_id: text,
  sender: contact.partial().nullish(),
  account: z.object({ id: z.number() }).nullish(),
  conversation: ConversationPayload,
  attachments: z.array(attachment).nullish(),
});
export type MessagePayload = z.infer<typeof MessagePayload>;

export const ConversationEventPayload = ConversationPayload.extend({
  event: z.string(),
  account: z.object({ id: z.number() }).nullish(),
  changed_attributes: z.array(z.record(z.string(), z.unknown())).nullish(),
});
export type ConversationEventPayload = z.infer<typeof ConversationEventPayload>;

export const AnyPayload = z.object({ event: z.string() });
