// The few fields of Chatwoot's webhook payloads that we use, liberal in everything else: payloads differ by version and
// fork, and a strange field beside the message must not lose the message. `message_type` is a word at top level; times
// are ISO strings at top level and epoch seconds in the conversation.
import { z } from 'zod';

const id = z.number().int();
/** A field of an unexpected type counts as absent. */
const text = z.string().nullish().catch(null);
const flag = z.boolean().nullish().catch(null);
const attributes = z.record(z.string(), z.unknown()).nullish().catch(null);
const named = z.object({ id }).nullish().catch(null);

const contact = z
  .object({
    id: id.optional().catch(undefined),
    name: text,
    phone_number: text,
    email: text,
    identifier: text,
    blocked: flag,
    type: text,
  })
  .nullish()
  .catch(null);

const conversation = z.object({
  id,
  channel: text,
  /** An unknown status is nobody's invitation to speak. */
  status: z.enum(['open', 'pending', 'snoozed', 'resolved']).catch('open'),
  can_reply: flag,
  additional_attributes: attributes,
  contact_inbox: z.object({ source_id: text, hmac_verified: flag }).nullish().catch(null),
  meta: z
    .object({
      sender: contact,
      assignee: z.object({ id, type: text }).nullish().catch(null),
      assignee_type: text,
      team: named,
      hmac_verified: flag,
    })
    .nullish()
    .catch(null),
  updated_at: z.number().nullish().catch(null),
  messages: z
    .array(z.object({ account_id: id.nullish().catch(null) }))
    .nullish()
    .catch(null),
});
export type ConversationPayload = z.infer<typeof conversation>;

const number = z.number().nullish().catch(null);

const attachment = z.object({
  id: number,
  file_type: text,
  data_url: text,
  transcribed_text: text,
  file_size: number,
  content_type: text,
  extension: text,
  fallback_title: text,
  coordinates_lat: number,
  coordinates_long: number,
  meta: attributes,
});
/** Something was sent that we cannot describe; it still counts as a file. */
const nothing = attachment.parse({});
export type AttachmentPayload = z.infer<typeof attachment>;

export const MessagePayload = z.object({
  event: z.string(),
  id,
  content: text,
  message_type: z.string(),
  content_type: text,
  content_attributes: z
    .preprocess(
      (value) => (typeof value === 'object' && value !== null ? value : {}),
      z.looseObject({
        ui_turn: z.string().optional().catch(undefined),
        ui_part: z.coerce.number().optional().catch(undefined),
        external_echo: flag,
        external_error: text,
        automation_rule_id: z.unknown().optional(),
        external_sender_name: text,
        is_unsupported: flag,
        deleted: flag,
        submitted_email: text,
        submitted_values: z.unknown().optional(),
      }),
    )
    .prefault({}),
  additional_attributes: attributes,
  private: flag,
  created_at: z.union([z.string(), z.number()]).nullish().catch(null),
  source_id: text,
  sender: contact,
  account: named,
  inbox: named,
  conversation: conversation.extend({ inbox_id: id.nullish().catch(null) }),
  attachments: z.array(attachment.catch(nothing)).nullish().catch(null),
});
export type MessagePayload = z.infer<typeof MessagePayload>;

export const ConversationEventPayload = conversation.extend({
  event: z.string(),
  inbox_id: id,
  account: named,
  changed_attributes: z.array(z.record(z.string(), z.unknown())).nullish().catch(null),
});
export type ConversationEventPayload = z.infer<typeof ConversationEventPayload>;

export const AnyPayload = z.object({ event: z.string() });

/** 0 for a message without an inbox, which no tenant lists. */
export function inboxOf(message: MessagePayload): number {
  return message.conversation.inbox_id ?? message.inbox?.id ?? 0;
}

/** Servers before 4.14.2 name the account of a conversation only in its messages. */
export function accountOf(
  payload: { account?: { id: number } | null | undefined },
  conversation: ConversationPayload,
): number | null {
  return payload.account?.id ?? conversation.messages?.[0]?.account_id ?? null;
}
