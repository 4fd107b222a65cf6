// `audit.list`: who changed what, newest first.
import { z } from 'zod';
import type { RpcDeps } from '../deps.ts';
import { instant, instantMs } from '../instant.ts';
import { accountMethod } from '../method.ts';
import type { RpcMethod } from '../method.ts';

export function auditMethods(deps: RpcDeps): RpcMethod[] {
  return [
    accountMethod({
      name: 'audit.list',
      summary: 'What was changed and by whom, newest first.',
      access: 'token',
      scope: 'read',
      params: z.strictObject({
        since: instant.optional(),
        limit: z.number().int().min(1).max(1_000).default(100),
      }),
      result: z.strictObject({
        entries: z.array(
          z.strictObject({
            at: z.string(),
            account_id: z.string(),
            actor: z.string(),
            action: z.string(),
            detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
          }),
        ),
      }),
      run: async ({ accountId }, { since, limit }) => {
        const sinceMs = since === undefined ? null : instantMs(since, 'utc');
        return { entries: await deps.audit.list(accountId, sinceMs, limit) };
      },
    }),
  ];
}
