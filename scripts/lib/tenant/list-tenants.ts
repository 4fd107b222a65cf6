// `scripts/tenant list`: one line a tenant; with a bridge also what it serves that is not in the files.
import { z } from 'zod';
import type { BridgeClient } from '../bridge-client.ts';
import { readTenants } from './read-tenants.ts';

const Listed = z.object({
  tenants: z.array(z.object({ account_id: z.string(), name: z.string(), domain: z.string(), version: z.number() })),
});

export async function listTenants({ root, bridge }: { root: string; bridge: BridgeClient | null }): Promise<void> {
  const { verdicts } = await readTenants(root);
  const rows = verdicts.map(({ accountId, domain, config, problems }) => {
    const state = config === null ? `disabled, ${problems.length} problems` : 'ready';
    return [accountId, domain, 'file', state, config?.name ?? ''];
  });
  if (bridge !== null) rows.push(...(await ofBridge(bridge)));
  if (rows.length === 0) console.error(`no tenants in ${root}`);
  else print([['account_id', 'domain', 'from', 'state', 'name'], ...rows]);
}

async function ofBridge(bridge: BridgeClient): Promise<string[][]> {
  const { tenants } = await bridge.call('tenant.list', {}, Listed);
  return tenants.map(({ account_id: accountId, domain, version, name }) => {
    const from = version === 0 ? 'bridge (file)' : 'bridge (rpc)';
    return [accountId, domain, from, version === 0 ? 'serving' : `serving, version ${version}`, name];
  });
}

function print(rows: string[][]): void {
  const widths = (rows[0] ?? []).map((_title, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  for (const row of rows) {
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
  }
}
