// Which turns are asked for, from a query string.
import { z } from 'zod';
import { parseParams } from '../../core/rpc/params.ts';

/** A form that was left empty sends an empty text. */
const conversationId = z.union([
  z.literal('').transform(() => null),
  z.coerce.number({ error: 'must be a number' }).int().positive(),
]);
const limit = z.coerce.number({ error: 'must be a number' }).int().min(1).max(200).default(20);

const oneTenant = z.object({ conversation_id: conversationId.default(null), limit });
const anyTenant = oneTenant.extend({ account_id: z.string().min(1).max(64) });

export function turnsOfTenant(query: unknown): z.output<typeof oneTenant> {
  return parseParams(oneTenant, query);
}

export function turnsOfAny(query: unknown): z.output<typeof anyTenant> {
  return parseParams(anyTenant, query);
}
