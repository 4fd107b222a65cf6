// The keys and types each documented call accepts, written from the published API description of 4.15 and corrected where the code
// of the same release differs. A request that does not fit is answered as Chatwoot would and reported as a violation.
import { z } from 'zod';

const flag = z.union([z.boolean(), z.enum(['true', 'false'])]);
const id = z.number().int();
const attributes = z.record(z.string(), z.unknown());
const nullableText = z.string().nullable();
const priority = z.enum(['low', 'medium', 'high', 'urgent']).nullable();
const status = z.enum(['open', 'resolved', 'pending', 'snoozed']);
const contentTypes = z.enum([
  'text',
  'input_text',
  'input_textarea',
  'input_email',
  'input_select',
  'cards',
  'form',
  'article',
]);

const templateParams = z.strictObject({
  name: z.string(),
  category: z.string().optional(),
  language: z.string().optional(),
  namespace: z.string().optional(),
  processed_params: attributes.optional(),
});

const messageKeys = {
  content: nullableText.optional(),
  message_type: z.enum(['outgoing', 'incoming']).optional(),
  private: flag.optional(),
  content_type: contentTypes.optional(),
  content_attributes: z.union([attributes, z.string()]).optional(),
  echo_id: z.string().optional(),
  source_id: z.string().optional(),
  external_created_at: z.union([z.number(), z.string()]).optional(),
  campaign_id: id.optional(),
  template_params: templateParams.optional(),
  is_voice_message: flag.optional(),
  cc_emails: z.string().optional(),
  bcc_emails: z.string().optional(),
  to_emails: z.string().optional(),
  email_html_content: z.string().optional(),
  sender_type: z.string().optional(),
  sender_id: z.union([id, z.string()]).optional(),
  attachments: z.array(z.string()).optional(),
};

export const messageCreate = z.strictObject(messageKeys);
export const messageUpdate = z.strictObject({
  status: z.enum(['sent', 'delivered', 'read', 'failed']),
  external_error: z.string().optional(),
});
export const translate = z.strictObject({ target_language: z.string() });

export const conversationCreate = z.strictObject({
  inbox_id: id.optional(),
  contact_id: id.optional(),
  source_id: z.string().optional(),
  status: status.optional(),
  assignee_id: id.nullable().optional(),
  team_id: id.nullable().optional(),
  snoozed_until: z.union([z.string(), z.number()]).optional(),
  additional_attributes: attributes.optional(),
  custom_attributes: attributes.optional(),
  message: messageCreate.optional(),
});
export const conversationUpdate = z.strictObject({ priority: priority.optional(), sla_policy_id: id.optional() });
export const toggleStatus = z.strictObject({
  status: status.optional(),
  snoozed_until: z.number().nullable().optional(),
});
export const toggleTyping = z.strictObject({ typing_status: z.enum(['on', 'off']), is_private: flag.optional() });
export const togglePriority = z.strictObject({ priority });
export const customAttributes = z.strictObject({ custom_attributes: attributes });
export const labels = z.strictObject({ labels: z.array(z.string()) });
export const assignment = z.strictObject({
  assignee_id: id.nullable().optional(),
  assignee_type: z.enum(['User', 'AgentBot']).optional(),
  team_id: id.nullable().optional(),
});
export const transcript = z.strictObject({ email: z.string() });
export const participants = z.strictObject({ user_ids: z.array(id) });
export const noBody = z.strictObject({});

const filterRow = z.strictObject({
  attribute_key: z.string(),
  filter_operator: z.enum([
    'equal_to',
    'not_equal_to',
    'contains',
    'does_not_contain',
    'is_present',
    'is_not_present',
    'is_greater_than',
    'is_less_than',
    'days_before',
  ]),
  values: z.array(z.union([z.string(), z.number(), z.boolean()])).optional(),
  query_operator: z.enum(['AND', 'OR', 'and', 'or']).nullable().optional(),
  attribute_model: z.string().optional(),
  custom_attribute_type: z.string().optional(),
});
export const filter = z.strictObject({ payload: z.array(filterRow) });

export const contactWrite = z.strictObject({
  inbox_id: id.optional(),
  source_id: z.string().optional(),
  name: z.string().optional(),
  email: nullableText.optional(),
  blocked: z.boolean().optional(),
  phone_number: nullableText.optional(),
  avatar: z.string().optional(),
  avatar_url: z.string().optional(),
  identifier: nullableText.optional(),
  additional_attributes: attributes.optional(),
  custom_attributes: attributes.optional(),
});
export const contactInboxCreate = z.strictObject({ inbox_id: id, source_id: z.string().optional() });
export const contactInboxFilter = z.strictObject({ inbox_id: id, source_id: z.string() });
export const contactMerge = z.strictObject({ base_contact_id: id, mergee_contact_id: id });
export const destroyAttributes = z.strictObject({ custom_attributes: z.array(z.string()) });
export const note = z.strictObject({ content: z.string() });

export const agentBotWrite = z.strictObject({
  name: z.string().optional(),
  description: nullableText.optional(),
  outgoing_url: z.string().max(2048).nullable().optional(),
  avatar: z.string().optional(),
  avatar_url: z.string().optional(),
  bot_type: z.union([z.literal(0), z.literal('webhook')]).optional(),
  bot_config: attributes.optional(),
});
export const setAgentBot = z.strictObject({ agent_bot: id.nullable().optional() });

const webhookKeys = {
  url: z.string().optional(),
  name: z.string().optional(),
  subscriptions: z.array(z.string()).optional(),
  inbox_id: id.optional(),
};
export const webhookWrite = z.union([
  z.strictObject(webhookKeys),
  z.strictObject({ webhook: z.strictObject(webhookKeys) }),
]);

const inboxSettings = {
  name: z.string().optional(),
  avatar: z.string().optional(),
  greeting_enabled: z.boolean().optional(),
  greeting_message: nullableText.optional(),
  enable_email_collect: z.boolean().optional(),
  csat_survey_enabled: z.boolean().optional(),
  csat_config: attributes.optional(),
  enable_auto_assignment: z.boolean().optional(),
  working_hours_enabled: z.boolean().optional(),
  working_hours: z.array(attributes).optional(),
  out_of_office_message: nullableText.optional(),
  timezone: z.string().optional(),
  allow_messages_after_resolved: z.boolean().optional(),
  lock_to_single_conversation: z.boolean().optional(),
  portal_id: id.optional(),
  sender_name_type: z.enum(['friendly', 'professional']).optional(),
  business_name: nullableText.optional(),
  auto_assignment_config: attributes.optional(),
};
export const inboxCreate = z.strictObject({ ...inboxSettings, channel: z.looseObject({ type: z.string() }) });
export const inboxUpdate = z.strictObject({ ...inboxSettings, channel: attributes.optional() });

export const team = z.strictObject({
  name: z.string().optional(),
  description: nullableText.optional(),
  allow_auto_assign: z.boolean().optional(),
});
export const teamMembers = z.strictObject({ user_ids: z.array(id) });
export const label = z.strictObject({
  title: z.string().optional(),
  description: nullableText.optional(),
  color: z.string().optional(),
  show_on_sidebar: z.boolean().optional(),
});
export const bulkAction = z.strictObject({
  type: z.string(),
  ids: z.array(id),
  fields: z
    .strictObject({
      status: status.optional(),
      assignee_id: id.nullable().optional(),
      team_id: id.nullable().optional(),
    })
    .optional(),
  labels: z.strictObject({ add: z.array(z.string()).optional(), remove: z.array(z.string()).optional() }).optional(),
  snoozed_until: z.number().nullable().optional(),
});
