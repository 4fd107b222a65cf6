// A tenant that begins with nothing but a name, as pairing makes it; the rest arrives later by `tenant.upsert`.
import { BridgeError } from '../errors.ts';
import type { TenantStore } from '../ports.ts';
import type { LayeredTenantRegistry } from './tenant-registry.ts';

/** Rejects with `bad_request` when it would not be valid and with `conflict` when somebody was faster. */
export async function saveNewTenant(
  { registry, store }: { registry: LayeredTenantRegistry; store: TenantStore },
  { accountId, name, domain }: { accountId: string; name: string; domain: string },
): Promise<void> {
  const tenant = { accountId, domain, config: { account_id: accountId, name, domain } };
  const { problems } = registry.preview(tenant);
  if (problems.length > 0) {
    const message = `The tenant ${accountId} would not be valid.`;
    throw new BridgeError('bad_request', message, {
      problems: problems.map(({ path, message: text }) => ({ path, message: text })),
    });
  }
  await store.put(tenant, 0);
}
