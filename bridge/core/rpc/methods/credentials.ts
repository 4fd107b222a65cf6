// `credentials.*`: secrets go in, are sealed, and never come out again. Which fields a credential has depends on its kind;
// it is bound to the address it was saved for, so that a changed address asks for it again.
import { z } from 'zod';
import type { Credential } from '../../ports/credentials.ts';
import { domainNames } from '../../tenant.ts';
import { credentialFields, credentialKinds, kindOf, originFor } from '../credential-kinds.ts';
import type { RpcDeps } from '../deps.ts';
import { instantText, toText } from '../instant.ts';
import { accountMethod, tenantMethod } from '../method.ts';
import type { RpcMethod, TenantContext } from '../method.ts';
import { parseParams, wrongParams } from '../params.ts';
import { writeAudit } from '../write-audit.ts';

const ref = z.string().regex(domainNames, 'use 2 to 63 of a-z, 0-9, _ and -, starting with a letter or digit');

export function credentialsMethods(deps: RpcDeps): RpcMethod[] {
  return [set(deps), list(deps), remove(deps)];
}

const setParams = z.strictObject({
  ref,
  kind: z
    .enum(credentialKinds)
    .optional()
    .describe('May be left out when the tenant names this ref, or when it exists.'),
  fields: z.record(z.string(), z.unknown()).describe('Replaces all fields saved before.'),
});

function set(deps: RpcDeps): RpcMethod {
  return tenantMethod(deps.tenants, {
    name: 'credentials.set',
    summary: 'Seals a credential of a tenant; in use from the next turn on.',
    access: 'token',
    scope: 'odoo',
    params: setParams,
    result: z.strictObject({ ref: z.string(), updated_at: instantText }),
    run: async (context, params) => {
      const credential = await readCredential(deps, context, params);
      await deps.vault.set(context.accountId, credential);
      const fields = Object.keys(credential.fields).join(' ');
      await writeAudit(deps, context, context.accountId, 'credentials.set', { ref: params.ref, fields });
      return { ref: params.ref, updated_at: toText(credential.updatedAtMs) };
    },
  });
}

async function readCredential(
  deps: RpcDeps,
  { tenant, accountId }: TenantContext,
  params: z.output<typeof setParams>,
): Promise<Credential> {
  const saved = (await deps.vault.list(accountId)).find((each) => each.ref === params.ref);
  const kind = params.kind ?? kindOf(tenant.config, params.ref) ?? saved?.kind;
  if (kind === undefined) {
    throw wrongParams([{ path: 'kind', message: `is missing: one of ${credentialKinds.join(', ')}` }]);
  }
  const { fields } = parseParams(z.strictObject({ fields: credentialFields[kind] }), { fields: params.fields });
  const origin = originFor(tenant.config, kind, params.ref, fields);
  return { ref: params.ref, kind, fields, origin, updatedAtMs: deps.clock.now() };
}

function list(deps: RpcDeps): RpcMethod {
  return accountMethod({
    name: 'credentials.list',
    summary: 'Names and fields of the saved credentials, never their values.',
    access: 'token',
    scope: 'read',
    params: z.strictObject({}),
    result: z.strictObject({
      credentials: z.array(
        z.strictObject({
          ref: z.string(),
          kind: z.enum(credentialKinds),
          fields: z.array(z.string()),
          updated_at: instantText,
        }),
      ),
    }),
    run: async ({ accountId }) => {
      const saved = await deps.vault.list(accountId);
      const credentials = saved.map(({ ref: name, kind, fields, updatedAtMs }) => {
        return { ref: name, kind, fields, updated_at: toText(updatedAtMs) };
      });
      return { credentials };
    },
  });
}

function remove(deps: RpcDeps): RpcMethod {
  return accountMethod({
    name: 'credentials.remove',
    summary: 'Forgets a credential.',
    access: 'token',
    scope: 'odoo',
    params: z.strictObject({ ref }),
    result: z.strictObject({ removed: z.boolean() }),
    run: async (context, { ref: name }) => {
      const removed = await deps.vault.remove(context.accountId, name);
      await writeAudit(deps, context, context.accountId, 'credentials.remove', { ref: name, removed });
      return { removed };
    },
  });
}
