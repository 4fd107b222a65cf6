// What a tenant says about its conversations: how long to wait for the end of a burst, how people take over, how a
// conversation ends, and which files may be read.
import { z } from 'zod';

const shortText = z.string().max(2000);
const url = z.url({ protocol: /^https?$/, message: 'use an http or https address' });

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

export const channelSettings = z.strictObject({
  debounce: debounce.prefault({}),
  reopen_template: reopenTemplate.optional(),
});

const label = z
  .string()
  .max(60)
  .regex(/^[\p{L}\p{N}_{}-]+$/u, 'use letters, digits, - and _; {category} and {reason} are filled in');

export const handoff = z.strictObject({
  team: z.string().max(100).optional(),
  /** Counted while the company is open. */
  wait_minutes: z.number().int().min(1).max(1440).default(20),
  labels: z.array(label).max(8).default(['assistente-{category}']),
});

/** How a conversation ends. Without a word here nothing is ever resolved by the assistant. */
export const closing = z.strictObject({
  /** After the customer said goodbye. */
  resolve_after_farewell: z.boolean().default(false),
  /** Silence of the customer after our last answer until the conversation is resolved; absent = never. */
  inactivity_minutes: z.number().int().min(5).max(43_200).optional(),
  /** Said once before that; absent = it is resolved without a word. */
  inactivity_message: shortText.optional(),
});

/** What of customers' files may go to the model endpoint. Without an endpoint that can, nothing does. */
export const media = z.strictObject({
  transcribe: z.boolean().default(true),
  describe_images: z.boolean().default(true),
  /** A larger file is not read, and that is said. */
  max_mb: z.number().int().min(1).max(25).default(16),
  /** Where this Chatwoot keeps its files, when that is not public: files come from nowhere else inside a network. */
  storage_urls: z.array(url).max(10).default([]),
});
