// `cache.*`: the bridge's cache for the addon, under the tenant's own keys and in a module of its own, so that nothing
// else of the tenant can be read or replaced through it.
import { z } from 'zod';
import { cacheKey, cachePrefix } from '../../cache/keys.ts';
import { cacheTiers } from '../../cache/tiers.ts';
import { BridgeError } from '../../errors.ts';
import type { RpcDeps } from '../deps.ts';
import { accountMethod } from '../method.ts';
import type { RpcMethod } from '../method.ts';
import { wrongParams } from '../params.ts';

const module = 'odoo';
const maxValueBytes = 256 * 1024;
const part = z.string().min(1).max(300);
const place = { resource_type: part, resource_id: part, action: part };

export function cacheMethods(deps: RpcDeps): RpcMethod[] {
  return [get(deps), set(deps), invalidate(deps)];
}

function get({ cache }: RpcDeps): RpcMethod {
  return accountMethod({
    name: 'cache.get',
    summary: 'Reads a value the addon cached; a cached null is a hit.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject(place),
    result: z.strictObject({ hit: z.boolean(), value: z.unknown() }),
    run: async ({ accountId }, params) => {
      const reading = await cache.get(keyOf(accountId, params));
      return reading.hit ? { hit: true, value: reading.value } : { hit: false, value: null };
    },
  });
}

function set({ cache }: RpcDeps): RpcMethod {
  return accountMethod({
    name: 'cache.set',
    summary: 'Caches any JSON value, up to 256 KiB, for as long as its tier says.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({ ...place, value: z.unknown(), tier: z.enum(cacheTiers) }),
    result: z.strictObject({ stored: z.boolean() }),
    run: async ({ accountId }, { value = null, tier, ...params }) => {
      if (new TextEncoder().encode(JSON.stringify(value)).length > maxValueBytes) {
        throw new BridgeError('too_large', 'A cached value may have at most 256 KiB.');
      }
      await cache.set(keyOf(accountId, params), value, { tier });
      return { stored: true };
    },
  });
}

function invalidate({ cache }: RpcDeps): RpcMethod {
  return accountMethod({
    name: 'cache.invalidate',
    summary: 'Drops what the addon cached: all, of one resource type, or of one resource.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({
      module: z.literal(module).optional(),
      resource_type: part.optional(),
      resource_id: part.optional(),
    }),
    result: z.strictObject({ removed: z.number().int() }),
    run: async ({ accountId }, { resource_type: resourceType, resource_id: resourceId }) => {
      if (resourceId !== undefined && resourceType === undefined) {
        throw wrongParams([{ path: 'resource_type', message: 'is missing: a resource id belongs to a type' }]);
      }
      return { removed: await cache.invalidate(cachePrefix({ accountId, module, resourceType, resourceId })) };
    },
  });
}

function keyOf(accountId: string, place: { resource_type: string; resource_id: string; action: string }): string {
  const { resource_type: resourceType, resource_id: resourceId, action } = place;
  return cacheKey({ accountId, module, resourceType, resourceId, action });
}
