// `token.*`: access for programs. A token is shown once, when it is made; afterwards only its name and use are known.
import { z } from 'zod';
import { tokenScopes } from '../../ports/token-store.ts';
import type { RpcDeps } from '../deps.ts';
import { instantText, toText } from '../instant.ts';
import { accountMethod, tenantMethod } from '../method.ts';
import type { RpcMethod } from '../method.ts';
import { writeAudit } from '../write-audit.ts';

export function tokenMethods(deps: RpcDeps): RpcMethod[] {
  return [create(deps), list(deps), revoke(deps)];
}

function create(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'token.create',
    summary: 'Makes a token for a tenant; it is shown only here.',
    access: 'admin',
    scope: null,
    params: z.strictObject({
      name: z.string().trim().min(1).max(100),
      scopes: z.array(z.enum(tokenScopes)).min(1),
    }),
    result: z.strictObject({ id: z.string(), token: z.string() }),
    run: async (context, { name, scopes }) => {
      const { id, token } = await deps.createToken(context.accountId, name, [...new Set(scopes)]);
      await writeAudit(deps, context, context.accountId, 'token.create', { id, name, scopes: scopes.join(' ') });
      return { id, token };
    },
  });
}

function list(deps: RpcDeps): RpcMethod {
  return accountMethod({
    name: 'token.list',
    summary: 'The tokens of a tenant, without their values.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({}),
    result: z.strictObject({
      tokens: z.array(
        z.strictObject({
          id: z.string(),
          name: z.string(),
          scopes: z.array(z.enum(tokenScopes)),
          created_at: instantText,
          last_used_at: instantText.nullable(),
        }),
      ),
    }),
    run: async ({ accountId }) => {
      const tokens = await deps.tokenStore.list(accountId);
      return {
        tokens: tokens.map(({ id, name, scopes, createdAtMs, lastUsedAtMs }) => ({
          id,
          name,
          scopes,
          created_at: toText(createdAtMs),
          last_used_at: lastUsedAtMs === null ? null : toText(lastUsedAtMs),
        })),
      };
    },
  });
}

function revoke(deps: RpcDeps): RpcMethod {
  return accountMethod({
    name: 'token.revoke',
    summary: 'Ends a token at once.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({ id: z.string().min(1).max(100) }),
    result: z.strictObject({ revoked: z.boolean() }),
    run: async (context, { id }) => {
      const revoked = await deps.tokenStore.revoke(context.accountId, id);
      await writeAudit(deps, context, context.accountId, 'token.revoke', { id, revoked });
      return { revoked };
    },
  });
}
