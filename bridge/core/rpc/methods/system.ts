// `system.*`: who the bridge is, how it is, and how an Odoo gets its token.
import { z } from 'zod';
import { domainNames } from '../../tenant.ts';
import type { RpcDeps } from '../deps.ts';
import { instantText, toText } from '../instant.ts';
import { plainMethod } from '../method.ts';
import type { RpcMethod } from '../method.ts';
import { ReadyReport, visibleTo } from '../ready-report.ts';
import { writeAudit } from '../write-audit.ts';

const slug = z.string().regex(domainNames, 'use 2 to 63 of a-z, 0-9, _ and -, starting with a letter or digit');

export function systemMethods(deps: RpcDeps): RpcMethod[] {
  return [ping(deps), health(deps), createPairingCode(deps), pair(deps)];
}

function ping({ info }: RpcDeps): RpcMethod {
  return plainMethod({
    name: 'system.ping',
    summary: 'Versions, so that addon and bridge can refuse each other with a clear text.',
    access: 'token',
    scope: null,
    params: z.strictObject({}),
    result: z.strictObject({ version: z.string(), protocol: z.number(), min_addon: z.string(), mode: z.string() }),
    run: async () => ({
      version: info.version,
      protocol: info.protocol,
      min_addon: info.minAddon,
      mode: info.mode,
    }),
  });
}

function health(deps: RpcDeps): RpcMethod {
  return plainMethod({
    name: 'system.health',
    summary: 'What /ready says; a tenant token sees itself only.',
    access: 'token',
    scope: null,
    params: z.strictObject({}),
    result: ReadyReport,
    run: async ({ caller }) => visibleTo(caller, await deps.readiness()),
  });
}

function createPairingCode(deps: RpcDeps): RpcMethod {
  return plainMethod({
    name: 'system.create_pairing_code',
    summary: 'A code with which one Odoo database gets a token, once and for a short time.',
    access: 'admin',
    scope: null,
    params: z.strictObject({
      account_id: slug.optional().describe('The existing tenant to pair again; absent for a new one.'),
      ttl_seconds: z.number().int().min(60).max(86_400).default(900),
    }),
    result: z.strictObject({ code: z.string(), expires_at: instantText }),
    run: async (context, { account_id: accountId = null, ttl_seconds: ttlSeconds }) => {
      const { code, expiresAtMs } = await deps.createPairingCode(accountId, ttlSeconds);
      const made = { ttl_seconds: ttlSeconds };
      // A code for a new tenant belongs to no tenant's audit yet; the log is where the installation's own acts are.
      if (accountId === null) context.logger.info(made, 'pairing.code_made');
      else await writeAudit(deps, context, accountId, 'system.create_pairing_code', made);
      return { code, expires_at: toText(expiresAtMs) };
    },
  });
}

function pair(deps: RpcDeps): RpcMethod {
  return plainMethod({
    name: 'system.pair',
    summary: 'Exchanges a pairing code for a token bound to this Odoo database.',
    access: 'public',
    scope: null,
    params: z.strictObject({
      code: z.string().min(1).max(200),
      account_id: slug,
      name: z.string().trim().min(1).max(200),
      domain: slug,
      database_uuid: z.string().min(8).max(100),
    }),
    result: z.strictObject({ token: z.string() }),
    run: async (context, { code, account_id: accountId, name, domain, database_uuid: databaseUuid }) => {
      const { token } = await deps.pair({ code, accountId, name, domain, databaseUuid }, context.ip);
      await writeAudit(deps, context, accountId, 'system.pair', { database_uuid: databaseUuid });
      return { token };
    },
  });
}
