// A composed configuration as the Tenant a turn runs on: frozen, with the fingerprint that caches of derived things use.
import { createHash } from 'node:crypto';
import { canonicalJson } from '../knowledge/document.ts';
import type { Tenant, TenantConfig } from '../tenant.ts';

/** The same configuration gives the same fingerprint, whatever way it came. */
export function readyTenant(
  config: TenantConfig,
  about: Pick<Tenant, 'accountId' | 'domain' | 'revision' | 'managedBy'>,
): Tenant {
  const { accountId, domain, revision, managedBy } = about;
  const fingerprint = createHash('sha256').update(canonicalJson(config)).digest('hex');
  return Object.freeze({ accountId, domain, revision, fingerprint, managedBy, config: deepFreeze(config) });
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const inner of Object.values(value)) deepFreeze(inner);
  return Object.freeze(value);
}
