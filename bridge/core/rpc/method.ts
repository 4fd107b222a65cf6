// What a JSON-RPC method is: a name, two schemas, who may call it and what it does. Three makers, by how much of a tenant
// the method needs; each returns the same shape, so that the dispatcher knows nothing of tenants.
import { z } from 'zod';
import { BridgeError } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';
import type { Tenant, TenantRegistry } from '../tenant.ts';
import { accountOf } from './access.ts';
import type { Access, NeededScope } from './access.ts';
import type { Caller } from './caller.ts';
import { parseParams } from './params.ts';

export interface CallContext {
  caller: Caller;
  /** Address of the caller, for limits; '' when unknown. */
  ip: string;
  requestId: string;
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal;
  logger: Logger;
}

export interface AccountContext extends CallContext {
  accountId: string;
}

export interface TenantContext extends AccountContext {
  tenant: Tenant;
}

export type NamedParams = Record<string, unknown>;

interface Definition<Context, Params extends z.ZodType, Result extends z.ZodType> {
  name: string;
  /** One sentence for people who read `rpc.discover`. */
  summary: string;
  access: Access;
  scope: NeededScope | null;
  params: Params;
  result: Result;
  run(context: Context, params: z.output<Params>): Promise<z.input<Result>>;
}

export interface RpcMethod {
  readonly name: string;
  readonly summary: string;
  readonly access: Access;
  readonly scope: NeededScope | null;
  /** As documented: with `account_id` where the method is about a tenant. */
  readonly params: z.ZodType;
  readonly result: z.ZodType;
  run(context: CallContext, params: NamedParams): Promise<unknown>;
}

/** A method that is about no single tenant. */
export function plainMethod<P extends z.ZodType, R extends z.ZodType>(
  definition: Definition<CallContext, P, R>,
): RpcMethod {
  return {
    ...definition,
    run: (context, params) => definition.run(context, parseParams(definition.params, params)),
  };
}

/** A method about a tenant that need not exist or need not be in order. */
export function accountMethod<P extends z.ZodObject, R extends z.ZodType>(
  definition: Definition<AccountContext, P, R>,
): RpcMethod {
  return {
    ...definition,
    params: withAccount(definition),
    run: (context, { account_id, ...params }) => {
      const accountId = accountOf(context.caller, account_id);
      return definition.run({ ...context, accountId }, parseParams(definition.params, params));
    },
  };
}

/** A method that works with a tenant as it is now. */
export function tenantMethod<P extends z.ZodObject, R extends z.ZodType>(
  tenants: Pick<TenantRegistry, 'find'>,
  definition: Definition<TenantContext, P, R>,
): RpcMethod {
  return accountMethod<P, R>({
    ...definition,
    run: async (context, params) => {
      const tenant = await tenants.find(context.accountId);
      if (!tenant) throw unknownTenant(context.accountId);
      return definition.run({ ...context, tenant }, params);
    },
  });
}

export function unknownTenant(accountId: string): BridgeError {
  return new BridgeError('unknown_tenant', `There is no tenant ${accountId}, or it is disabled.`);
}

function withAccount({ access, params }: { access: Access; params: z.ZodObject }): z.ZodType {
  const accountId = z.string().describe('The tenant. A tenant token implies it.');
  return params.extend({ account_id: access === 'admin' ? accountId : accountId.optional() });
}
