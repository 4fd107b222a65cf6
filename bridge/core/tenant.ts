// A tenant: one business with its own conversations, rules and credentials. This schema is the contract of the tenant
// file and of `tenant.upsert`; it is strict, and whoever loads files decides what an unknown key means (parse-tenant.ts).
// No secret is ever part of it: `credential_ref` names an entry of the tenant's own sealed credentials.
import { IANAZone } from 'luxon';
import { z } from 'zod';
import { FieldMappings } from './knowledge/field-mapping.ts';
import { channelKeys } from './message.ts';
import { channelSettings, closing, handoff, media } from './tenants/conversation-settings.ts';
import { fromEarlierIntegrations } from './tenants/earlier-integrations.ts';
import { businessHours } from './tenants/opening-times.ts';

export const domainNames = /^[a-z0-9][a-z0-9_-]{1,62}$/;
const slug = z.string().regex(domainNames, 'use 2 to 63 of a-z, 0-9, _ and -, starting with a letter or digit');
const shortText = z.string().max(2000);
const url = z.url({ protocol: /^https?$/, message: 'use an http or https address' });
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
          currency: z
            .string()
            .regex(/^[A-Z]{3}$/, 'use an ISO code, for example BRL')
            .default('BRL'),
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
