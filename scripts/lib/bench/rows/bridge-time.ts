// Row 2: the bridge's own time in a turn. The model and Chatwoot answer at once, so what is left is the bridge.
import { BenchInstallation } from '../bench-installation.ts';
import type { Mode } from '../bench-installation.ts';
import { cpuMs } from '../cpu-time.ts';
import { round, spreadOf } from '../figures.ts';
import { atMost, reported } from '../row.ts';
import type { Figure, Row, RowOptions } from '../row.ts';
import { assertNoViolations, converse, turnOf, warmUp } from './turns.ts';

const perSecond = 10;

export const bridgeTime: Row = {
  number: 2,
  title: 'Bridge time in a turn',
  run: async (options) => ({
    figures: [...(await measure('redis', options)), ...(await measure('embedded', options))],
    method:
      `Customers of 5 tenants write at ${perSecond}/s, no quiet time, one model call each. Chatwoot and model are processes of ` +
      'their own that answer at once; the time from the message written to the reply stored there is taken whole, so it is an ' +
      'upper bound: delivery, webhook, storing, waking, turn, two calls to Chatwoot, one to the model.',
  }),
};

async function measure(mode: Mode, { quick }: RowOptions): Promise<Figure[]> {
  const installation = await BenchInstallation.start({ mode, tenants: 5, model: { delayMs: 0, withTool: false } });
  try {
    await warmUp(installation, quick ? 2 : 20);
    const count = quick ? 20 : 600;
    const turns = Array.from({ length: count }, (_, index) => {
      const tenant = installation.tenants[index % 5];
      if (!tenant) throw new Error('no tenant');
      return turnOf(tenant, index, (index * 1_000) / perSecond);
    });
    const cpuBeforeMs = cpuMs(installation.bridge);
    const spread = spreadOf(await converse(installation, turns));
    const cpuPerTurnMs = round((cpuMs(installation.bridge) - cpuBeforeMs) / count);
    await assertNoViolations(installation);
    return [
      atMost(`${mode}: p95`, spread.p95, 'ms', 30),
      reported(`${mode}: p50`, spread.p50, 'ms'),
      reported(`${mode}: processor time of the bridge per turn`, cpuPerTurnMs, 'ms'),
    ];
  } finally {
    await installation.stop();
  }
}
