// `scripts/tenant sync`: compares a tenant's knowledge with its source through a running bridge and says what it found.
import { z } from 'zod';
import type { BridgeClient } from '../bridge-client.ts';
import { CommandError } from '../run-command.ts';

const count = z.number();
const Index = z.object({ points: count, missing: count, foreign: count }).nullable();
const Report = z.object({
  items: count,
  fetched: count,
  embedded: count,
  removed: count,
  differences: count,
  index: Index,
  calls: count,
  ms: count,
});
type Report = z.infer<typeof Report>;

export async function syncTenantNow(given: {
  accountId: string | undefined;
  dryRun: boolean;
  bridge: BridgeClient;
}): Promise<void> {
  const { accountId, dryRun, bridge } = given;
  if (accountId === undefined) throw new CommandError('usage: scripts/tenant sync <account_id> [--dry-run]', 2);
  const report = await bridge.call('knowledge.sync', { account_id: accountId, dry_run: dryRun }, Report, syncTimeoutMs);
  for (const line of linesOf(report, dryRun)) console.log(line);
  if (report.differences > 0) process.exitCode = 1;
}

/** A first sync of a big catalogue takes its time. */
const syncTimeoutMs = 15 * 60_000;

function linesOf(
  { items, fetched, embedded, removed, differences, index, calls, ms }: Report,
  dryRun: boolean,
): string[] {
  const points = index === null ? 'away' : String(index.points);
  const damage = index !== null && index.missing + index.foreign > 0;
  return [
    `source ${items}, index ${points}, difference ${differences}`,
    dryRun
      ? `would fetch ${fetched} and remove ${removed}; nothing was changed`
      : `fetched ${fetched}, embedded ${embedded}, removed ${removed}`,
    ...(damage
      ? [`index: ${index.missing} documents without a point, ${index.foreign} points without a document`]
      : []),
    `${calls} calls, ${(ms / 1000).toFixed(1)} s`,
  ];
}
