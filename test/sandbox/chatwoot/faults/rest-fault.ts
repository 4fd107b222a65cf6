// One fault rule for REST calls, as tests and the admin API write it.
import { z } from 'zod';

export const restFault = z.strictObject({
  /** Endpoint name such as `messages.create`, or a part of the path. Absent: every call. */
  path: z.string().optional(),
  method: z.string().optional(),
  /** `before-store`: nothing happened yet. `after-store`: Chatwoot has it, the caller does not know. */
  when: z.enum(['before-store', 'after-store']).default('before-store'),
  /** error = answer `status`; cut = close the connection without an answer; delay = go on after `ms`; rate-limit = 429. */
  action: z.enum(['error', 'cut', 'delay', 'rate-limit']),
  status: z.number().int().min(400).max(599).default(500),
  ms: z.number().nonnegative().default(1000),
  retry_after_s: z.number().int().nonnegative().optional(),
  count: z.number().int().positive().default(1),
  /** Matching calls that pass first. */
  skip: z.number().int().nonnegative().default(0),
});

export type RestFault = z.output<typeof restFault>;
export type RestFaultInput = z.input<typeof restFault>;
