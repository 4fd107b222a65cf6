// Row 8: a large installation starts, and most of its tenants sleep. Indexes are built when first needed.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { callBridge, startBridge } from '../../demo/bridge-process.ts';
import type { BridgeProcess } from '../../demo/bridge-process.ts';
import { benchTenants, writeTenants } from '../bench-tenants.ts';
import { round, spreadOf } from '../figures.ts';
import { atMost, reported } from '../row.ts';
import type { Row, RowOptions, RowResult } from '../row.ts';

const limits = { turns_per_minute: 120, concurrent_turns: 8 };

export const manyTenants: Row = {
  number: 8,
  title: '1 000 tenants loaded, 50 of them queried',
  run: async ({ quick }: RowOptions) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'ui-bench-tenants-'));
    try {
      return await measure(folder, quick ? 100 : 1_000);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

async function measure(folder: string, count: number): Promise<RowResult> {
  const tenants = benchTenants(count);
  writeTenants(path.join(folder, 'tenants'), tenants, 'http://127.0.0.1:9', limits);
  await (await start(folder, 'build')).stop();
  const startedMs = performance.now();
  const bridge = await start(folder, 'data');
  const startMs = performance.now() - startedMs;
  try {
    const times: number[] = [];
    for (const { accountId } of tenants.filter((_, index) => index % (count / 50) === 0)) {
      const askedMs = performance.now();
      const message = 'Qual o prazo para trocar um produto?';
      await callBridge(bridge, 'crew.ask', { account_id: accountId, message, channel: 'whatsapp' });
      times.push(performance.now() - askedMs);
    }
    return {
      figures: [
        atMost('start', round(startMs / 1_000), 's', 3),
        atMost('resident after 50 tenants were asked', residentMb(bridge), 'MB', 300),
        reported('first question of a sleeping tenant: p95', spreadOf(times).p95, 'ms'),
      ],
      method:
        `${count} tenant files with 5 rules each, embedded mode, all roles. From the command to the line that says ready (the build ` +
        'was there before), then one question to each of 50 tenants over JSON-RPC; VmRSS of the process after that.',
    };
  } finally {
    await bridge.stop();
  }
}

function start(folder: string, data: string): Promise<BridgeProcess> {
  return startBridge({
    dataDir: path.join(folder, data),
    logFile: path.join(folder, `${data}.log`),
    environment: { PORT: '0', HOST: '127.0.0.1', TENANTS_DIR: path.join(folder, 'tenants'), LOG_LEVEL: 'info' },
  });
}

/** Of the bridge's own process: the start script hands over to it. */
function residentMb(bridge: BridgeProcess): number {
  const status = readFileSync(`/proc/${bridge.child.pid ?? 0}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024);
}
