// The shapes of `crew.ask`: a question to a tenant's crews without a conversation behind it. Nothing is sent, nothing is
// written. Kept apart from the method so that the part which answers depends on the shapes only.
import { z } from 'zod';
import { rungs } from '../answer.ts';
import { channelKeys } from '../message.ts';
import { instant } from './instant.ts';

export const AskParams = z.strictObject({
  message: z.string().trim().min(1).max(8_000),
  channel: z.enum(channelKeys).default('default'),
  /** What was said before, oldest first. */
  history: z
    .array(
      z.strictObject({
        from: z.enum(['customer', 'assistant', 'person']),
        text: z.string().max(8_000),
        at: instant.optional(),
      }),
    )
    .max(100)
    .default([]),
  contact: z
    .strictObject({
      id: z.union([z.number().int(), z.string().max(200)]).optional(),
      name: z.string().max(200).optional(),
      phone: z.string().max(40).optional(),
      email: z.string().max(320).optional(),
    })
    .optional(),
  /** The instant rules are judged at; now when absent. */
  at: instant.optional(),
});
export type AskParams = z.infer<typeof AskParams>;

const count = z.number().int().min(0);

export const AskResult = z.strictObject({
  reply: z.string(),
  service: z.string().nullable(),
  confidence: z.number().nullable(),
  reason: z.string().nullable(),
  rung: z.enum(rungs),
  sources: z.array(z.strictObject({ kind: z.string(), id: z.string(), title: z.string() })),
  tools: z.array(z.strictObject({ name: z.string(), ok: z.boolean(), ms: z.number(), preview: z.string().optional() })),
  handoff: z.strictObject({ reason: z.string(), note: z.string(), team: z.string().optional() }).nullable(),
  usage: z.strictObject({
    model_calls: count,
    input_tokens: count,
    output_tokens: count,
    embedding_tokens: count,
    /** Null when the price of the model is not known: never counted as nothing. */
    cost: z.strictObject({ amount: z.number(), currency: z.string() }).nullable(),
  }),
  ms: z.number(),
});
export type AskResult = z.infer<typeof AskResult>;
