// `crew.ask`: the playground. The same code that answers customers, with nothing sent and nothing written.
import type { RpcDeps } from '../deps.ts';
import { AskParams, AskResult } from '../ask.ts';
import { tenantMethod } from '../method.ts';
import type { RpcMethod } from '../method.ts';

export function crewMethods(deps: RpcDeps): RpcMethod[] {
  return [
    tenantMethod(deps.tenants, {
      name: 'crew.ask',
      summary: 'Answers a message as a customer would get it; nothing is sent, writes come back as previews.',
      access: 'token',
      scope: 'odoo',
      params: AskParams,
      result: AskResult,
      run: ({ tenant, signal }, params) => deps.askCrew(tenant, params, signal),
    }),
  ];
}
