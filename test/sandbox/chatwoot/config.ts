// The seed file: what exists in the simulated Chatwoot before the first message. Snake case because people write it as JSON.
// Every id, token and secret may be given, so that a script can put the same values into the bridge's credentials;
// what is left out is generated and can be read back (`GET /sandbox/seed`).
import { z } from 'zod';

const id = z.number().int().positive();
const attributes = z.record(z.string(), z.unknown());
const httpUrl = z.string().regex(/^https?:\/\//, 'must start with http:// or https://');

const userConfig = z.strictObject({
  id: id.optional(),
  name: z.string(),
  email: z.string().optional(),
  role: z.enum(['agent', 'administrator']).default('agent'),
  token: z.string().optional(),
  availability: z.enum(['online', 'busy', 'offline']).default('offline'),
});

const botConfig = z.strictObject({
  id: id.optional(),
  name: z.string(),
  token: z.string().optional(),
  secret: z.string().optional(),
  /** May hold `{tenant}`, replaced by the account's tenant. */
  outgoing_url: httpUrl.nullable().default(null),
  /** Inbox ids this bot is linked to, or all of the account. */
  inboxes: z.union([z.literal('all'), z.array(id)]).default('all'),
});

const webhookConfig = z.strictObject({
  id: id.optional(),
  name: z.string().optional(),
  url: httpUrl,
  secret: z.string().optional(),
  subscriptions: z.array(z.string()).min(1).optional(),
});

const workingHours = z.strictObject({
  day_of_week: z.number().int().min(0).max(6),
  closed_all_day: z.boolean().default(false),
  open_all_day: z.boolean().default(false),
  open_hour: z.number().int().nullable().default(null),
  open_minutes: z.number().int().nullable().default(null),
  close_hour: z.number().int().nullable().default(null),
  close_minutes: z.number().int().nullable().default(null),
});

export const inboxSettings = z.object({
  greeting_enabled: z.boolean().default(false),
  greeting_message: z.string().nullable().default(null),
  enable_email_collect: z.boolean().default(false),
  csat_survey_enabled: z.boolean().default(false),
  csat_config: attributes.default({}),
  enable_auto_assignment: z.boolean().default(true),
  working_hours_enabled: z.boolean().default(false),
  out_of_office_message: z.string().nullable().default(null),
  timezone: z.string().default('America/Sao_Paulo'),
  working_hours: z.array(workingHours).default([]),
  allow_messages_after_resolved: z.boolean().default(true),
  lock_to_single_conversation: z.boolean().default(false),
  sender_name_type: z.string().default('friendly'),
  business_name: z.string().nullable().default(null),
});

export const channelTypes = [
  'Channel::WebWidget',
  'Channel::Whatsapp',
  'Channel::Api',
  'Channel::Email',
  'Channel::FacebookPage',
  'Channel::Instagram',
  'Channel::Telegram',
  'Channel::Line',
  'Channel::Sms',
  'Channel::TwilioSms',
  'Channel::Tiktok',
  'Channel::TwitterProfile',
] as const;

const inboxConfig = inboxSettings.extend({
  id: id.optional(),
  name: z.string(),
  tenant: z.string().optional(),
  channel_type: z.enum(channelTypes),
  medium: z.enum(['sms', 'whatsapp']).optional(),
  provider: z.string().nullable().optional(),
  phone_number: z.string().nullable().optional(),
  /** User ids; absent = every user of the account. */
  members: z.array(id).optional(),
  inbox_identifier: z.string().optional(),
  webhook_url: httpUrl.nullable().optional(),
  secret: z.string().optional(),
  additional_attributes: attributes.default({}),
  message_templates: z.array(attributes).default([]),
});

const contactConfig = z.strictObject({
  id: id.optional(),
  name: z.string(),
  email: z.string().nullable().default(null),
  phone_number: z.string().nullable().default(null),
  identifier: z.string().nullable().default(null),
  blocked: z.boolean().default(false),
  additional_attributes: attributes.default({}),
  custom_attributes: attributes.default({}),
});

const accountConfig = z.strictObject({
  id: id.optional(),
  name: z.string(),
  tenant: z.string().optional(),
  locale: z.string().default('pt_BR'),
  keep_pending_on_bot_failure: z.boolean().default(false),
  assignment_engine: z.enum(['v1', 'v2']).default('v1'),
  users: z.array(userConfig).default([]),
  bots: z.array(botConfig).default([]),
  webhooks: z.array(webhookConfig).default([]),
  inboxes: z.array(inboxConfig.strict()).default([]),
  contacts: z.array(contactConfig).default([]),
  teams: z
    .array(
      z.strictObject({
        id: id.optional(),
        name: z.string(),
        allow_auto_assign: z.boolean().default(true),
        members: z.array(id).default([]),
      }),
    )
    .default([]),
  labels: z.array(z.string()).default([]),
});

export const sandboxConfig = z.strictObject({
  version: z.string().default('4.15.1'),
  accounts: z.array(accountConfig).default([]),
  /** Where the page asks for the bridge's turns. `{account}` or `{tenant}` = tenant, `{chatwoot_account}`, `{conversation}` or `{id}` = display id. */
  trace: z.strictObject({ url: httpUrl, bearer: z.string().optional() }).optional(),
  /** How often it started empty before, beside a bridge that remembers: its numbers then go on elsewhere. */
  earlier_starts: z.number().int().nonnegative().default(0),
  /** Milliseconds a receiver has to connect, and again to answer. Chatwoot: 5000. */
  delivery_timeout_ms: z.number().positive().default(5000),
  /** Milliseconds between attempts of a bot delivery. Chatwoot: 3000 plus jitter. */
  bot_retry_ms: z.number().nonnegative().default(3000),
  /** Deliveries that run at the same time. */
  delivery_workers: z.number().int().positive().default(10),
  /** Milliseconds an account or API-inbox delivery waits before its payload is built. */
  account_delivery_delay_ms: z.number().nonnegative().default(0),
  /** What a channel provider reports after an outgoing message: nothing, its id, delivered, read. */
  receipts: z.enum(['none', 'sent', 'delivered', 'read']).default('delivered'),
  receipt_delay_ms: z.number().nonnegative().default(20),
  messages_per_minute_limit: z.number().int().positive().default(200),
  /** Entries each log keeps; the oldest go first. */
  log_limit: z.number().int().positive().default(50_000),
});

export type SandboxConfigInput = z.input<typeof sandboxConfig>;
export type SandboxConfig = z.output<typeof sandboxConfig>;
export type AccountConfig = z.output<typeof accountConfig>;
export type InboxConfig = z.output<typeof inboxConfig>;
export type ContactConfig = z.output<typeof contactConfig>;
