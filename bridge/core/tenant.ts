// A tenant: one business with its own conversations, rules and credentials. This schema is the contract of the tenant
// file and of `tenant.upsert`; it is strict, and whoever loads files decides what an unknown key means (parse-tenant.ts).
// No secret is ever part of it: `credential_ref` names an entry of the tenant's own sealed credentials.
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { FieldMappings } from './knowledge/field-mapping.ts';
import { channelKeys } from './message.ts';

export const domainNames = /^[a-z0-9][a-z0-9_-]{1,62}$/;
const slug = z.string().regex(domainNames, 'use 2 to 63 of a-z, 0-9, _ and -, starting with a letter or digit');
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'use HH:MM, for example "09:00"');
const shortText = z.string().max(2000);
const url = z.url({ protocol: /^https?$/, message: 'use an http or https address' });
const weekdays = z.array(z.number().int().min(0).max(6)).min(1);

const openingTime = z.strictObject({
  days: weekdays,
  open: clockTime,
  close: clockTime,
  break: z.tuple([clockTime, clockTime]).optional(),
});
export type OpeningTime = z.infer<typeof openingTime>;

/** The owner's earlier form: one range for all named days, `lunch_break_start`/`lunch_break_end` beside it. */
export const earlierHours = z.strictObject({
  days: weekdays,
  start_time: clockTime,
  end_time: clockTime,
  has_lunch_break: z.boolean().optional(),
  lunch_break_start: clockTime.optional(),
  lunch_break_end: clockTime.optional(),
  holidays: z.array(z.unknown()).optional(),
});

export function fromEarlierHours(value: unknown): unknown {
  const earlier = earlierHours.safeParse(value);
  if (!earlier.success) return value;
  const { days, start_time, end_time, has_lunch_break, lunch_break_start, lunch_break_end, holidays } = earlier.data;
  const lunch =
    has_lunch_break !== false && lunch_break_start && lunch_break_end
      ? [lunch_break_start, lunch_break_end]
      : undefined;
  const weekly = [{ days, open: start_time, close: end_time, ...(lunch ? { break: lunch } : {}) }];
  return { weekly, ...(holidays ? { holidays } : {}) };
}

const businessHours = z.preprocess(
  fromEarlierHours,
  z.strictObject({
    weekly: z.array(openingTime).default([]),
    holidays: z.array(z.strictObject({ date: z.iso.date(), name: z.string().max(100).default('') })).default([]),
  }),
);

const companyMetadata = z.strictObject({
  business_hours: businessHours.optional(),
  address: z
    .strictObject({
      street: shortText.optional(),
      number: shortText.optional(),
      complement: shortText.optional(),
      district: shortText.optional(),
      city: shortText.optional(),
      state: shortText.optional(),
      zip: shortText.optional(),
      country: shortText.optional(),
      share_with_customers: z.boolean().default(true),
    })
    .optional(),
  customer_service: z
    .strictObject({
      communication_style: z.enum(['formal', 'friendly', 'casual', 'technical']).default('friendly'),
      emoji_usage: z.enum(['none', 'minimal', 'moderate', 'abundant']).default('minimal'),
      greeting_message: shortText.optional(),
      farewell_message: shortText.optional(),
      rating_request: shortText.optional(),
    })
    .prefault({}),
  online_channels: z
    .array(z.strictObject({ name: z.string().max(60), url, mention_at_end: z.boolean().default(false) }))
    .default([]),
});

const debounce = z.strictObject({
  complete_ms: z.number().int().min(0).max(120_000).default(2_500),
  fragment_ms: z.number().int().min(0).max(120_000).default(7_000),
  max_ms: z.number().int().min(0).max(300_000).default(25_000),
});
export type Debounce = z.infer<typeof debounce>;

/** A message the channel approved beforehand, for when its reply window has closed. */
const reopenTemplate = z.strictObject({
  name: z.string().min(1).max(512),
  language: z.string().min(2).max(20).default('pt_BR'),
  category: z.string().max(60).optional(),
  /** The places of its body, in order; `{name}` stands for the customer's first name. */
  values: z.array(z.string().min(1).max(500)).max(10).default([]),
  /** What the customer reads, shown to the team. */
  text: z.string().min(1).max(1024),
});

const channelSettings = z.strictObject({
  debounce: debounce.prefault({}),
  reopen_template: reopenTemplate.optional(),
});

const label = z
  .string()
  .max(60)
  .regex(/^[\p{L}\p{N}_{}-]+$/u, 'use letters, digits, - and _; {category} and {reason} are filled in');

const handoff = z.strictObject({
  team: z.string().max(100).optional(),
  /** Counted while the company is open. */
  wait_minutes: z.number().int().min(1).max(1440).default(20),
  labels: z.array(label).max(8).default(['assistente-{category}']),
});

/** How a conversation ends. Without a word here nothing is ever resolved by the assistant. */
const closing = z.strictObject({
  /** After the customer said goodbye. */
  resolve_after_farewell: z.boolean().default(false),
  /** Silence of the customer after our last answer until the conversation is resolved; absent = never. */
  inactivity_minutes: z.number().int().min(5).max(43_200).optional(),
  /** Said once before that; absent = it is resolved without a word. */
  inactivity_message: shortText.optional(),
});

/** What of customers' files may go to the model endpoint. Without an endpoint that can, nothing does. */
const media = z.strictObject({
  transcribe: z.boolean().default(true),
  describe_images: z.boolean().default(true),
  /** A larger file is not read, and that is said. */
  max_mb: z.number().int().min(1).max(25).default(16),
  /** Where this Chatwoot keeps its files, when that is not public: files come from nowhere else inside a network. */
  storage_urls: z.array(url).max(10).default([]),
});

const inboxMode = z.enum(['live', 'test', 'observe']);
export type InboxMode = z.infer<typeof inboxMode>;
const inbox = z.preprocess(
  (value) => (typeof value === 'number' ? { id: value } : value),
  z.strictObject({ id: z.number().int().positive(), mode: inboxMode.default('live') }),
);

const chatwoot = z.strictObject({
  base_url: url,
  account_id: z.number().int().positive(),
  surface: z.enum(['agent_bot', 'account_webhook']).default('agent_bot'),
  inboxes: z.array(inbox).default([]),
  credential_ref: slug.optional(),
});

const odoo = z.discriminatedUnion('api', [
  z.strictObject({ api: z.literal('none') }),
  z.strictObject({
    api: z.enum(['auto', 'json2', 'xmlrpc']),
    url,
    db: z.string().max(100).optional(),
    credential_ref: slug.optional(),
  }),
]);

const mcpServer = z.union([
  z.strictObject({ name: slug, url, credential_ref: slug.optional(), allow: z.array(z.string().max(100)).default([]) }),
  z.strictObject({ name: slug, command_ref: slug, allow: z.array(z.string().max(100)).default([]) }),
]);

/** The owner's earlier form named the Odoo link as an MCP entry: `mcp: {type: odoo-mcp, config: {url, db, credential_ref}}`. */
const earlierMcp = z.object({
  type: z.literal('odoo-mcp'),
  config: z.object({ url: z.string(), db: z.string().optional(), credential_ref: z.string().optional() }),
});

export function fromEarlierIntegrations(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const given: Record<string, unknown> = { ...value };
  const earlier = earlierMcp.safeParse(given['mcp']);
  if (earlier.success) {
    given['mcp'] = [];
    given['odoo'] ??= { api: 'auto', ...earlier.data.config };
  }
  const link = given['odoo'];
  if (typeof link === 'object' && link !== null && !('api' in link)) given['odoo'] = { api: 'auto', ...link };
  return given;
}

const service = z.strictObject({
  enabled: z.boolean().default(true),
  slot_minutes: z.number().int().min(5).max(480).optional(),
});

export const Crew = z.strictObject({
  title: z.string().max(200),
  role: shortText,
  goal: shortText,
  backstory: shortText,
  tools: z.array(z.string().max(100)).default([]),
  tasks: z.array(shortText).default([]),
  /** What customers say when they mean this service; the local classifier weighs them. */
  signals: z.array(z.string().max(100)).default([]),
});
export type Crew = z.infer<typeof Crew>;

export const TenantConfig = z.strictObject({
  schema_version: z.literal(1).default(1),
  account_id: slug,
  name: z.string().trim().min(1).max(200),
  domain: slug.optional(),
  description: shortText.default(''),
  language: z
    .string()
    .regex(/^[a-z]{2}(_[A-Z]{2})?$/, 'use a form like pt_BR or en')
    .default('pt_BR'),
  timezone: z
    .string()
    .refine((zone) => IANAZone.isValidZone(zone), 'use an IANA name, for example America/Sao_Paulo')
    .default('America/Sao_Paulo'),
  company_metadata: companyMetadata.prefault({}),
  services: z.record(slug, service).default({}),
  crews: z.record(slug, Crew).default({}),
  channels: z.partialRecord(z.enum(channelKeys), channelSettings).default({}),
  handoff: handoff.prefault({}),
  closing: closing.prefault({}),
  limits: z
    .strictObject({
      turns_per_minute: z.number().int().min(1).max(100_000).default(120),
      concurrent_turns: z.number().int().min(1).max(1000).default(8),
      monthly_budget: z
        .strictObject({
          amount: z.number().min(0),
          currency: z.string().length(3).default('BRL'),
          usd_rate: z.number().positive().default(5.4),
          warn_at: z.number().min(0).max(1).default(0.8),
        })
        .optional(),
    })
    .prefault({}),
  /** For an Odoo without our addon: which of its records are knowledge, and how. */
  field_mappings: FieldMappings.default({}),
  media: media.prefault({}),
  plugins: z.array(slug).default([]),
  integrations: z
    .preprocess(
      fromEarlierIntegrations,
      z.strictObject({
        chatwoot: chatwoot.optional(),
        odoo: odoo.default({ api: 'none' }),
        model: z.strictObject({ credential_ref: slug.optional() }).optional(),
        mcp: z.array(mcpServer).default([]),
      }),
    )
    .prefault({}),
});
export type TenantConfig = z.infer<typeof TenantConfig>;

/** A tenant ready for use: validated, inheritance applied, frozen for the length of a turn. */
export interface Tenant {
  accountId: string;
  domain: string;
  /** The tenant store's revision; 0 for a tenant given as a file. */
  revision: number;
  /** Hash of the whole effective configuration: what caches of derived things are keyed by. */
  fingerprint: string;
  managedBy: 'file' | 'rpc';
  config: TenantConfig;
}

/** Where core gets tenants from. Reading twice in a turn may give two versions, so a turn reads once. */
export interface TenantRegistry {
  /** Null for an unknown or disabled tenant. Compares revisions with the store, so a change elsewhere is seen. */
  find(accountId: string): Promise<Tenant | null>;
  list(): Promise<Tenant[]>;
  disabled(): { account_id: string; file: string; path: string; message: string }[];
}
