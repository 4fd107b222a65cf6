// `usage.summary`: what a tenant used, by day. Reads the counters of the usage ledger by their names; a counter nobody
// wrote is 0, a cost that could not be priced is said and never counted as nothing.
import { z } from 'zod';
import { rungs } from '../../answer.ts';
import type { RpcDeps } from '../deps.ts';
import { accountMethod } from '../method.ts';
import type { RpcMethod } from '../method.ts';
import { wrongParams } from '../params.ts';

const count = z.number().min(0);
const dayMs = 86_400_000;
const longestRangeDays = 400;

const numbers = z.strictObject({
  turns: count,
  rungs: z.record(z.enum(rungs), count),
  model_calls: count,
  input_tokens: count,
  output_tokens: count,
  embedding_tokens: count,
  media_calls: count.describe('Voice notes and pictures that were read.'),
  cache_hits: count.describe('Answers that were given before and still hold: as many as on the rung cached.'),
  cost: z.record(z.string(), z.number()).describe('By currency.'),
  unpriced_calls: count.describe('Calls of models without a known price; they are not in the cost.'),
});
type Numbers = z.infer<typeof numbers>;

export function usageMethods(deps: RpcDeps): RpcMethod[] {
  return [
    accountMethod({
      name: 'usage.summary',
      summary: 'Turns, rungs, model calls, tokens, cost and cache hits by day, both days included.',
      access: 'token',
      scope: 'read',
      params: z.strictObject({ from: z.iso.date(), to: z.iso.date() }),
      result: z.strictObject({ days: z.array(numbers.extend({ day: z.iso.date() })), total: numbers }),
      run: async ({ accountId }, { from, to }) => {
        checkRange(from, to);
        const days = Object.entries(await deps.usage.range(accountId, from, to)).sort(([a], [b]) => (a < b ? -1 : 1));
        const total = days.reduce((sum, [, amounts]) => add(sum, amounts), {});
        return { days: days.map(([day, amounts]) => ({ day, ...named(amounts) })), total: named(total) };
      },
    }),
  ];
}

function checkRange(from: string, to: string): void {
  const days = (Date.parse(to) - Date.parse(from)) / dayMs;
  if (days < 0) throw wrongParams([{ path: 'to', message: 'is before from' }]);
  if (days > longestRangeDays) {
    throw wrongParams([{ path: 'from', message: `is more than ${longestRangeDays} days before to` }]);
  }
}

function named(amounts: Record<string, number>): Numbers {
  const of = (name: string) => amounts[name] ?? 0;
  const costs = Object.entries(amounts).filter(([name]) => name.startsWith('cost:'));
  return {
    turns: of('turns'),
    rungs: {
      cached: of('rung:cached'),
      deterministic: of('rung:deterministic'),
      grounded: of('rung:grounded'),
      model: of('rung:model'),
      person: of('rung:person'),
    },
    model_calls: of('model_calls'),
    input_tokens: of('input_tokens'),
    output_tokens: of('output_tokens'),
    embedding_tokens: of('embedding_tokens'),
    media_calls: of('media_calls'),
    cache_hits: of('rung:cached'),
    cost: Object.fromEntries(costs.map(([name, amount]) => [name.slice('cost:'.length), amount])),
    unpriced_calls: of('unpriced_calls'),
  };
}

function add(sum: Record<string, number>, amounts: Record<string, number>): Record<string, number> {
  const added = { ...sum };
  for (const [name, amount] of Object.entries(amounts)) added[name] = (added[name] ?? 0) + amount;
  return added;
}
