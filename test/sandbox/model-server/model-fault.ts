// Ways a model endpoint goes wrong, on demand: by endpoint and count for the server, or in place of one scripted answer.
import { z } from 'zod';

export const modelFault = z.strictObject({
  endpoint: z.enum(['chat', 'embeddings', 'transcriptions']).optional(),
  /**
   * stall = no answer until the caller gives up; error = `status`; rate-limit = 429; cut = connection closed; delay = answer after `ms`;
   * bad-tool-arguments = the planned tool call with broken JSON; nonsense = words without sense; empty = no text, no call;
   * not-json = 200 with HTML.
   */
  action: z.enum([
    'stall',
    'error',
    'rate-limit',
    'cut',
    'delay',
    'bad-tool-arguments',
    'nonsense',
    'empty',
    'not-json',
  ]),
  status: z.number().int().min(400).max(599).default(500),
  ms: z.number().nonnegative().default(1000),
  retry_after_s: z.number().nonnegative().optional(),
  count: z.number().int().positive().default(1),
  skip: z.number().int().nonnegative().default(0),
});

export type ModelFault = z.input<typeof modelFault>;
export type ReadyFault = z.output<typeof modelFault>;

export class ModelFaults {
  private faults: { fault: ReadyFault; skip: number; left: number }[] = [];

  add(given: ModelFault): void {
    const fault = modelFault.parse(given);
    this.faults.push({ fault, skip: fault.skip, left: fault.count });
  }

  clear(): void {
    this.faults = [];
  }

  take(endpoint: 'chat' | 'embeddings' | 'transcriptions'): ReadyFault | null {
    for (const live of this.faults) {
      if (live.fault.endpoint !== undefined && live.fault.endpoint !== endpoint) continue;
      if (live.skip > 0) {
        live.skip -= 1;
        continue;
      }
      live.left -= 1;
      if (live.left <= 0) this.faults = this.faults.filter((other) => other !== live);
      return live.fault;
    }
    return null;
  }
}
