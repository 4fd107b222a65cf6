// Row 9: one tenant's flood beside another tenant's ordinary day.
import { BenchInstallation } from '../bench-installation.ts';
import { round, spreadOf } from '../figures.ts';
import { atMost, reported } from '../row.ts';
import type { Row, RowOptions, RowResult } from '../row.ts';
import type { BenchTenant } from '../bench-tenants.ts';
import { assertNoViolations, converse, turnOf, warmUp } from './turns.ts';

const modelMs = 800;
const chatwootMs = 20;
/** Below the tenant's own limit a minute, or the row would measure that. */
const perSecond = 1.6;
const limits = { turns_per_minute: 120, concurrent_turns: 8 };

export const noisyNeighbour: Row = {
  number: 9,
  title: 'Noisy neighbour: one tenant floods 2 000 messages',
  run: async (options) => {
    const installation = await BenchInstallation.start({
      mode: 'redis',
      tenants: 2,
      limits,
      model: { delayMs: modelMs, withTool: false },
      chatwootDelayMs: chatwootMs,
    });
    try {
      return await measure(installation, options);
    } finally {
      await installation.stop();
    }
  },
};

async function measure(installation: BenchInstallation, { quick }: RowOptions): Promise<RowResult> {
  const [flooded, other] = installation.tenants;
  if (!flooded || !other) throw new Error('two tenants are needed');
  await warmUp(installation, quick ? 1 : 5);
  const count = quick ? 20 : 60;
  const quiet = spreadOf(await converse(installation, ordinary(other, 0, count)));
  const flood = Array.from({ length: quick ? 200 : 2_000 }, (_, index) => turnOf(flooded, 1_000 + index, 0));
  await installation.chatwoot.ask('flood', { turns: flood });
  const beside = spreadOf(await converse(installation, ordinary(other, count, count)));
  await assertNoViolations(installation);
  return {
    figures: [
      atMost('p95 beside the flood', beside.p95, 'ms', 2 * quiet.p95, '≤ 2 × its quiet p95'),
      reported('quiet p95', quiet.p95, 'ms'),
      reported('ratio', round(beside.p95 / quiet.p95), '×'),
      reported('p50 beside the flood', beside.p50, 'ms'),
      reported('quiet p50', quiet.p50, 'ms'),
      reported('worst beside the flood', beside.max, 'ms'),
    ],
    method:
      `One instance on Redis, the limits of the example tenant (${limits.concurrent_turns} turns at once, ` +
      `${limits.turns_per_minute} a minute), model ${modelMs} ms, Chatwoot ${chatwootMs} ms. One tenant's customers write at ` +
      `${perSecond}/s, ${count} turns; then the other tenant gets ${flood.length} messages in as many conversations at once, and the ` +
      'first goes on as before. The flood is delivered, stored and waiting all the while.',
  };
}

function ordinary(tenant: BenchTenant, from: number, count: number) {
  return Array.from({ length: count }, (_, index) => turnOf(tenant, from + index, (index * 1_000) / perSecond));
}
