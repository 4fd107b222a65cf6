// Runs the rows of the yardsticks and prints them: called by scripts/bench.
import { parseArgs } from 'node:util';
import { CommandError, runCommand } from '../run-command.ts';
import { printRow, reportOf, writeReport } from './report.ts';
import type { RowReport } from './report.ts';
import type { Row, RowOptions } from './row.ts';
import { answerCache } from './rows/answer-cache.ts';
import { bridgeTime } from './rows/bridge-time.ts';
import { fullSync } from './rows/full-sync.ts';
import { kills, redisStopped } from './rows/chaos.ts';
import { manyTenants } from './rows/many-tenants.ts';
import { modelTurns } from './rows/model-turns.ts';
import { noisyNeighbour } from './rows/noisy-neighbour.ts';
import { webhookAck } from './rows/webhook-ack.ts';

const rows: Row[] = [
  webhookAck,
  bridgeTime,
  modelTurns,
  answerCache,
  fullSync,
  manyTenants,
  noisyNeighbour,
  kills,
  redisStopped,
];

await runCommand('bench', async () => {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      quick: { type: 'boolean', default: false },
      json: { type: 'string', default: '.build/bench.json' },
    },
  });
  const options: RowOptions = { quick: values.quick, say: (text) => console.error(`bench: ${text}`) };
  const reports: RowReport[] = [];
  for (const row of chosen(values.only)) {
    const report = await runRow(row, options);
    printRow(report);
    reports.push(report);
  }
  writeReport(values.json, { quick: values.quick }, reports);
  console.log(`\nwritten to ${values.json}`);
  if (reports.some(({ result }) => result === null)) process.exitCode = 1;
});

function chosen(only: string[]): Row[] {
  const wanted = only.flatMap((list) => list.split(',')).map(Number);
  const unknown = wanted.filter((number) => !rows.some((row) => row.number === number));
  if (unknown.length > 0) {
    throw new CommandError(`no row ${unknown.join(', ')}; there are ${rows.map(({ number }) => number).join(', ')}`, 2);
  }
  if (wanted.length > 0) return rows.filter(({ number }) => wanted.includes(number));
  return rows.filter(({ onRequest }) => onRequest !== true);
}

async function runRow(row: Row, options: RowOptions): Promise<RowReport> {
  options.say(`row ${row.number}: ${row.title}…`);
  const startedMs = performance.now();
  const outcome = await row
    .run(options)
    .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
  return reportOf(row, Math.round((performance.now() - startedMs) / 1_000), outcome);
}
