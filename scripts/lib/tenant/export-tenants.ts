// `scripts/tenant export`: tenants that were saved by RPC, written as the files the bridge could be given instead.
// Credentials are not part of a tenant and stay where they are.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeYaml } from '../../../bridge/adapters/files/yaml-text.ts';
import { domainNames } from '../../../bridge/core/tenant.ts';
import type { BridgeClient } from '../bridge-client.ts';
import { CommandError } from '../run-command.ts';

const slug = z.string().regex(domainNames);
const Listed = z.object({ tenants: z.array(z.object({ account_id: slug, domain: slug, version: z.number() })) });
const Got = z.object({
  config: z.record(z.string(), z.unknown()),
  version: z.number(),
  managed_by: z.enum(['file', 'rpc']),
});

export async function exportTenants(order: { root: string; force: boolean; bridge: BridgeClient }): Promise<void> {
  const { root, force, bridge } = order;
  const { tenants } = await bridge.call('tenant.list', {}, Listed);
  let written = 0;
  const kept: string[] = [];
  for (const { account_id: accountId, domain } of tenants) {
    const { config, version, managed_by: managedBy } = await bridge.call('tenant.get', { account_id: accountId }, Got);
    if (managedBy !== 'rpc') continue;
    const file = path.resolve(root, domain, accountId, 'config.yaml');
    if (existsSync(file) && !force) {
      kept.push(file);
      continue;
    }
    mkdirSync(path.dirname(file), { recursive: true });
    const about = [`Exported from version ${version} of the tenant saved in the bridge, which wins while it is there.`];
    writeFileSync(file, writeYaml({ account_id: accountId, domain, ...config }, about));
    console.log(file);
    written += 1;
  }
  console.error(written === 1 ? '1 tenant written' : `${written} tenants written`);
  if (kept.length > 0) throw new CommandError(`not overwritten without --force: ${kept.join(', ')}`);
}
