// A tenant saved by RPC over the files it inherits from. It has no file, so findings in its own part carry the name
// `tenant.upsert`, which is where they can be mended.
import type { ConfigLayer, TenantFiles } from '../ports/tenant-source.ts';
import type { StoredTenant } from '../ports/tenant-store.ts';
import { layersUnder } from './check-files.ts';
import { composeTenant, type ComposedTenant } from './compose-tenant.ts';
import { isMap } from './merge-layers.ts';

/** Stands where a file name stands for the part of a tenant that was saved by RPC. */
export const savedByRpc = 'tenant.upsert';

export function composeStored(
  files: TenantFiles,
  tenant: Pick<StoredTenant, 'accountId' | 'domain' | 'config'>,
): ComposedTenant {
  const { accountId, domain, config } = tenant;
  const content = isMap(config) ? { ...config, account_id: accountId, domain } : config;
  const own: ConfigLayer = { file: savedByRpc, content, problem: null };
  return composeTenant([...layersUnder(files, domain), own]);
}
