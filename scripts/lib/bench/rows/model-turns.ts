// Row 3: many customers at once and a model that takes its time. One instance has to keep them all in the air.
import { BenchInstallation } from '../bench-installation.ts';
import type { Mode } from '../bench-installation.ts';
import { spreadOf } from '../figures.ts';
import type { Spread } from '../figures.ts';
import { atMost, reported } from '../row.ts';
import type { Row, RowOptions } from '../row.ts';
import { assertNoViolations, converse, turnOf, warmUp } from './turns.ts';

const modelMs = 800;
const chatwootMs = 20;
const tenants = 25;

export const modelTurns: Row = {
  number: 3,
  title: `Turn with a model of ${modelMs} ms, 200 conversations at once over ${tenants} tenants, one instance`,
  run: async (options) => {
    const one = await measure('redis', false, options);
    const embedded = await measure('embedded', false, options);
    const two = await measure('redis', true, options);
    return {
      figures: [
        atMost('redis, one model call: p95', one.p95, 'ms', 1_800),
        reported('redis, one model call: p50', one.p50, 'ms'),
        atMost('embedded, one model call: p95', embedded.p95, 'ms', 1_800),
        reported('redis, one tool call, two model calls: p95', two.p95, 'ms'),
      ],
      method:
        `200 customers, 8 of each tenant, write in the same instant; no quiet time; the worst of 3 rounds (1 when quick). The ` +
        `model answers after ${modelMs} ms, each call to Chatwoot after ${chatwootMs} ms. Time from the message written to the ` +
        'reply stored.',
    };
  },
};

async function measure(mode: Mode, withTool: boolean, { quick }: RowOptions): Promise<Spread> {
  const model = { delayMs: modelMs, withTool };
  const installation = await BenchInstallation.start({ mode, tenants, model, chatwootDelayMs: chatwootMs });
  try {
    await warmUp(installation, quick ? 1 : 5);
    const rounds: Spread[] = [];
    for (let round = 0; round < (quick ? 1 : 3); round++) {
      const turns = installation.tenants.flatMap((tenant) =>
        Array.from({ length: 8 }, (_, index) => turnOf(tenant, round * 8 + index, 0)),
      );
      rounds.push(spreadOf(await converse(installation, turns)));
    }
    await assertNoViolations(installation);
    return rounds.reduce((worst, spread) => (spread.p95 > worst.p95 ? spread : worst));
  } finally {
    await installation.stop();
  }
}
