// Row 6: a big catalogue comes from a real Odoo and is kept level with it. What was embedded is counted where it arrives, at
// a simulated embedding endpoint in this process.
import { SyncWorld } from '../../../../test/sandbox/sync/sync-world.ts';
import type { SyncFigures } from '../../../../test/sandbox/sync/sync-world.ts';
import { waitUntil } from '../../../../test/sandbox/servers/wait-until.ts';
import { round } from '../figures.ts';
import { atMost, reported } from '../row.ts';
import type { Figure, Row, RowOptions } from '../row.ts';

const embeddingDelayMs = 50;
const killTimeoutMs = 120_000;

export const fullSync: Row = {
  number: 6,
  title: 'Full sync from a real Odoo, changes, and a kill in the middle',
  run: async (options) => {
    const [products, rules] = options.quick ? [1_000, 50] : [10_000, 500];
    options.say(`making ${products} products and ${rules} rules in Odoo`);
    const world = await SyncWorld.start({ products, rules, embeddingDelayMs });
    try {
      const { figures, details } = await measure(world, products + rules, options);
      return {
        figures,
        method:
          `${products} products and ${rules} rules in a real Odoo 19 over JSON-2, embedded mode, an embedding endpoint that takes ` +
          `${embeddingDelayMs} ms a request; every pass asked for by knowledge.sync. Peak is VmHWM of the bridge. The kill is a ` +
          'SIGKILL of another fresh bridge when half of the texts have been embedded, and a new start on the same data.',
        details,
      };
    } finally {
      await world.stop();
    }
  },
};

async function measure(world: SyncWorld, all: number, { say }: RowOptions) {
  say('first sync');
  const first = await world.sync();
  const [firstTexts, peakMb] = [world.embedded.length, world.peakMb];
  say('the same again, one in a hundred changed, all prices changed');
  const unchanged = await counted(world);
  await world.odoo.shell(changeOneInAHundred);
  const changed = await counted(world);
  await world.odoo.shell(changeAllPrices);
  const prices = await counted(world);
  const killed = await killInTheMiddle(world, all, say);
  const expected = await expectedChanges(world);
  const figures: Figure[] = [
    atMost('full sync', round(first.ms / 1_000), 's', 60),
    reported('documents stored and embedded', firstTexts, `of ${all}`),
    reported('calls to Odoo', first.calls, 'calls'),
    reported('memory of the bridge, peak', peakMb, 'MB'),
    atMost('nothing changed: documents fetched', unchanged.fetched, 'documents', 0),
    reported('nothing changed: time', round(unchanged.ms / 1_000), 's'),
    { ...reported('1 % changed: texts embedded', changed.texts, 'texts'), target: exactly(changed.texts, expected) },
    atMost('prices changed: texts embedded', prices.texts, 'texts', 0),
    atMost('killed in the middle: embedded twice', killed.twice, 'texts', killed.largestBatch, 'the batch in flight'),
    atMost('difference at the end', killed.report.differences + prices.differences, 'documents', 0),
  ];
  return { figures, details: { first, unchanged, changed, prices, killed } };
}

const exactly = (value: number, wanted: number) => ({ text: `exactly ${wanted}`, isMet: value === wanted });

async function counted(world: SyncWorld): Promise<SyncFigures & { texts: number }> {
  world.forgetEmbedded();
  const report = await world.sync();
  return { ...report, texts: world.embedded.length };
}

async function expectedChanges(world: SyncWorld): Promise<number> {
  return Number((await world.odoo.shell(countChanged)).split('\n').at(-1));
}

async function killInTheMiddle(world: SyncWorld, all: number, say: RowOptions['say']) {
  say('another bridge, killed in the middle of its first sync');
  await world.startAfresh();
  world.forgetEmbedded();
  const first = world.sync().catch(() => null);
  await waitUntil(async () => world.embedded.length >= all / 2, killTimeoutMs, 5);
  await world.kill();
  await first;
  const before = world.embedded.length;
  await world.startBridge();
  const report = await world.sync();
  const twice = world.embedded.length - new Set(world.embedded).size;
  return { before, twice, largestBatch: world.largestBatch, report };
}

const changeOneInAHundred = `
for product in env['product.template'].search([('default_code', '=like', 'SKU-%00')]):
    product.description_sale = 'Texto novo do produto %s.' % product.default_code
env.cr.commit()
`;
const changeAllPrices = `
env['product.template'].search([('default_code', '=like', 'SKU-%')]).write({'list_price': 77.7, 'standard_price': 3})
env.cr.commit()
`;
const countChanged = `
print(env['product.template'].search_count([('default_code', '=like', 'SKU-%00')]))
`;
