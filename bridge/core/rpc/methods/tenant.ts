// `tenant.*` but for saving, which has a file of its own: reading, listing, removing and checking tenants.
import { z } from 'zod';
import { cachePrefix } from '../../cache/keys.ts';
import { BridgeError } from '../../errors.ts';
import { TenantConfig } from '../../tenant.ts';
import type { Tenant } from '../../tenant.ts';
import { readyTenant } from '../../tenants/ready-tenant.ts';
import type { RpcDeps } from '../deps.ts';
import { accountMethod, plainMethod, tenantMethod, unknownTenant } from '../method.ts';
import type { AccountContext, RpcMethod } from '../method.ts';
import { writeAudit } from '../write-audit.ts';
import { upsertMethod } from './tenant-upsert.ts';

export function tenantMethods(deps: RpcDeps): RpcMethod[] {
  return [upsertMethod(deps), get(deps), list(deps), remove(deps), check(deps)];
}

function get(deps: RpcDeps): RpcMethod {
  return accountMethod({
    name: 'tenant.get',
    summary: 'What was saved for a tenant; for one given as a file, what it amounts to with everything inherited.',
    access: 'token',
    scope: 'read',
    params: z.strictObject({}),
    result: z.strictObject({
      config: z.record(z.string(), z.unknown()),
      version: z.number().int(),
      managed_by: z.enum(['file', 'rpc']),
    }),
    run: async ({ accountId }) => {
      const stored = await deps.tenantStore.get(accountId);
      // Saved by us after it was checked, so it is an object; a reader of an older build's entry gets what there is.
      if (stored) {
        return { config: { ...(stored.config as object) }, version: stored.revision, managed_by: 'rpc' as const };
      }
      const tenant = await deps.tenants.find(accountId);
      if (!tenant) throw unknownTenant(accountId);
      return { config: tenant.config, version: tenant.revision, managed_by: 'file' as const };
    },
  });
}

function list(deps: RpcDeps): RpcMethod {
  return plainMethod({
    name: 'tenant.list',
    summary: 'Every tenant in service; a tenant token sees itself only.',
    access: 'token',
    scope: 'read',
    params: z.strictObject({}),
    result: z.strictObject({
      tenants: z.array(
        z.strictObject({
          account_id: z.string(),
          name: z.string(),
          domain: z.string(),
          version: z.number().int(),
        }),
      ),
    }),
    run: async ({ caller }) => {
      const tenants = await deps.tenants.list();
      const visible = tenants.filter(({ accountId }) => caller.kind === 'admin' || isOwn(caller, accountId));
      return { tenants: visible.map(summaryOf) };
    },
  });
}

function isOwn(caller: AccountContext['caller'], accountId: string): boolean {
  return caller.kind === 'tenant' && caller.accountId === accountId;
}

function summaryOf({ accountId, config, domain, revision }: Tenant) {
  return { account_id: accountId, name: config.name, domain, version: revision };
}

function remove(deps: RpcDeps): RpcMethod {
  return accountMethod({
    name: 'tenant.remove',
    summary: 'Removes a saved tenant with its documents, credentials, tokens and cached values.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({}),
    result: z.strictObject({
      removed: z.strictObject({
        documents: z.number().int(),
        credentials: z.number().int(),
        keys: z.number().int().describe('Tokens and cached values.'),
      }),
    }),
    run: async (context) => {
      const removed = await removeAll(deps, await removable(deps, context.accountId));
      await writeAudit(deps, context, context.accountId, 'tenant.remove', removed);
      return { removed };
    },
  });
}

/** A tenant whose saved configuration became wrong must be removable too: any valid configuration will do for that. */
async function removable(deps: RpcDeps, accountId: string): Promise<Tenant> {
  const [stored, tenant] = [await deps.tenantStore.get(accountId), await deps.tenants.find(accountId)];
  if (!stored && !tenant) throw unknownTenant(accountId);
  if (!stored) {
    throw new BridgeError('conflict', 'This tenant is given as a file: delete its folder under the tenants folder.');
  }
  const config = TenantConfig.parse({ account_id: accountId, name: accountId });
  return tenant ?? readyTenant(config, { ...stored, managedBy: 'rpc' });
}

/** The record goes last but for the tokens, so that a removal which broke off can be called again. */
async function removeAll(deps: RpcDeps, tenant: Tenant) {
  const { accountId } = tenant;
  const documents = await deps.knowledge.removeAll(tenant);
  const credentials = await deps.vault.removeAll(accountId);
  await deps.tenantStore.remove(accountId);
  const cached = await deps.cache.invalidate(cachePrefix({ accountId }));
  const tokens = await deps.tokenStore.removeAll(accountId);
  return { documents, credentials, keys: cached + tokens };
}

function check(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'tenant.check',
    summary: 'Tries every integration of a tenant and names settings that fight with an assistant.',
    access: 'token',
    scope: 'read',
    params: z.strictObject({}),
    result: z.strictObject({
      integrations: z.record(
        z.string(),
        z.strictObject({ ok: z.boolean(), ms: z.number(), message: z.string(), fix: z.string().optional() }),
      ),
      warnings: z.array(z.strictObject({ about: z.string(), message: z.string(), fix: z.string() })),
    }),
    run: async ({ tenant, signal }) => {
      const { integrations, warnings } = await deps.checkTenant(tenant, signal);
      const shown = Object.entries(integrations).map(([name, { ok, ms, message, fix }]) => {
        return [name, { ok, ms, message, ...(fix === null ? {} : { fix }) }] as const;
      });
      return { integrations: Object.fromEntries(shown), warnings };
    },
  });
}
