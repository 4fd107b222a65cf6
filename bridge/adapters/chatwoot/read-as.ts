// One way to read an answer of Chatwoot. What does not have the expected form is trouble on its side, and its content stays
// out of the error, since it may hold a customer's words.
import type { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';

export function readAs<T>(shape: z.ZodType<T>, json: unknown): T {
  const parsed = shape.safeParse(json);
  if (!parsed.success) throw new BridgeError('upstream_unavailable', 'Chatwoot answered in an unknown form');
  return parsed.data;
}
