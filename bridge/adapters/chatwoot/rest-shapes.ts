// What we read from Chatwoot's REST answers. Unlike in webhooks, `message_type` is a number and times are epoch seconds.
import { z } from 'zod';
import { isReaction } from './reaction.ts';

/** Keys we do not name are kept: a message that is read later is understood like a delivery. */
export const RestMessage = z.looseObject({
  id: z.number(),
  content: z.string().nullish(),
  message_type: z.number(),
  private: z.boolean().nullish(),
  created_at: z.number().nullish(),
  sender: z.looseObject({ type: z.string().nullish() }).nullish(),
  content_attributes: z.record(z.string(), z.unknown()).nullish(),
  additional_attributes: z.record(z.string(), z.unknown()).nullish(),
  attachments: z.array(z.unknown()).nullish(),
});
export type RestMessage = z.infer<typeof RestMessage>;

export const RestMessages = z.object({ payload: z.array(RestMessage) });

export const RestConversation = z.object({
  status: z.enum(['open', 'pending', 'snoozed', 'resolved']),
  can_reply: z.boolean().nullish(),
  /** The newest message there is, notes and activity lines included. */
  messages: z.array(RestMessage).nullish(),
  meta: z
    .object({
      assignee: z.object({ id: z.number() }).nullish(),
      assignee_type: z.string().nullish(),
      channel: z.string().nullish(),
      team: z.object({ id: z.number() }).nullish(),
    })
    .nullish(),
});
export type RestConversation = z.infer<typeof RestConversation>;

export const outgoing = 1;

/** A person's public words: not ours (they carry our tag), not a rule's, not a campaign's, not a thumb from the phone. */
export function isByPerson({ message_type: type, private: isNote, sender, ...message }: RestMessage): boolean {
  const { ui_turn, automation_rule_id, external_echo } = message.content_attributes ?? {};
  if (type !== outgoing || isNote || ui_turn !== undefined || automation_rule_id) return false;
  if (message.additional_attributes?.['campaign_id']) return false;
  if (sender) return sender.type === 'user';
  return external_echo === true && !isReaction(message.content, message.attachments?.length ?? 0);
}
