// Every JSON-RPC method of the bridge, by namespace.
import type { RpcDeps } from './deps.ts';
import { discoverMethod } from './discover.ts';
import type { RpcMethod } from './method.ts';
import { auditMethods } from './methods/audit.ts';
import { cacheMethods } from './methods/cache.ts';
import { chatwootMethods } from './methods/chatwoot.ts';
import { credentialsMethods } from './methods/credentials.ts';
import { crewMethods } from './methods/crew.ts';
import { deadLetterMethods } from './methods/deadletters.ts';
import { knowledgeMethods } from './methods/knowledge.ts';
import { systemMethods } from './methods/system.ts';
import { tenantMethods } from './methods/tenant.ts';
import { tokenMethods } from './methods/token.ts';
import { usageMethods } from './methods/usage.ts';

export function createMethods(deps: RpcDeps): RpcMethod[] {
  const methods = [
    ...systemMethods(deps),
    ...tokenMethods(deps),
    ...tenantMethods(deps),
    ...credentialsMethods(deps),
    ...chatwootMethods(deps),
    ...knowledgeMethods(deps),
    ...crewMethods(deps),
    ...cacheMethods(deps),
    ...usageMethods(deps),
    ...auditMethods(deps),
    ...deadLetterMethods(deps),
  ];
  return [discoverMethod(deps.info.version, methods), ...methods];
}
