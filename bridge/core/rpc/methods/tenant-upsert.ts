// `tenant.upsert`: the tenant file's fields, flat or under `config`, checked whole with everything they inherit before
// anything is saved. What is saved is the tenant's own part as it was sent; nothing secret can be in it.
import { z } from 'zod';
import { BridgeError } from '../../errors.ts';
import type { FieldProblem } from '../../errors.ts';
import { canonicalJson } from '../../knowledge/document.ts';
import type { StoredTenant } from '../../ports/tenant-store.ts';
import { domainNames, TenantConfig } from '../../tenant.ts';
import { savedByRpc } from '../../tenants/compose-stored.ts';
import type { FileFinding } from '../../tenants/compose-tenant.ts';
import { accountOf } from '../access.ts';
import type { RpcDeps } from '../deps.ts';
import { plainMethod } from '../method.ts';
import type { CallContext, NamedParams, RpcMethod } from '../method.ts';
import { parseParams, wrongParams } from '../params.ts';
import { credentialWarnings } from '../tenant-warnings.ts';
import { writeAudit } from '../write-audit.ts';

const slug = z.string().regex(domainNames, 'use 2 to 63 of a-z, 0-9, _ and -, starting with a letter or digit');
const expectedVersion = z.number().int().min(0).optional();

const flatForm = TenantConfig.omit({ domain: true }).extend({ domain: slug, expected_version: expectedVersion });
const wrappedForm = z.strictObject({
  config: z.record(z.string(), z.unknown()),
  account_id: slug.optional(),
  domain: slug.optional(),
  expected_version: expectedVersion,
});
const result = z.strictObject({
  /** Grows by one with each change. */
  version: z.number().int(),
  changed: z.boolean(),
  warnings: z.array(z.strictObject({ path: z.string(), message: z.string() })),
});

export function upsertMethod(deps: RpcDeps): RpcMethod {
  const method = plainMethod({
    name: 'tenant.upsert',
    summary: "Saves a tenant: the tenant file's fields and `domain`, flat or as {config: {…}}.",
    access: 'token',
    scope: 'odoo',
    params: z.record(z.string(), z.unknown()),
    result,
    run: (context, params) => upsert(deps, context, params),
  });
  return { ...method, params: flatForm };
}

interface Sent {
  accountId: string;
  domain: string;
  config: Record<string, unknown>;
  expectedRevision: number | null;
  /** What stands before the paths of the configuration in what was sent. */
  prefix: string;
}

async function upsert(deps: RpcDeps, context: CallContext, params: NamedParams): Promise<z.input<typeof result>> {
  const sent = read(context, params);
  const composed = deps.previewTenant(sent);
  const wrong = [...composed.problems, ...composed.unknownKeys.filter(({ file }) => file === savedByRpc)];
  if (wrong.length > 0 || !composed.config) throw wrongParams(wrong.map((finding) => toProblem(finding, sent.prefix)));
  const { version, changed } = await save(deps, sent);
  if (changed) {
    await writeAudit(deps, context, sent.accountId, 'tenant.upsert', { version, domain: sent.domain });
  }
  const inherited = composed.unknownKeys.filter(({ file }) => file !== savedByRpc);
  const missing = await credentialWarnings(deps.vault, sent.accountId, composed.config);
  const warnings = [...inherited.map((finding) => toProblem(finding, sent.prefix)), ...missing];
  return { version, changed, warnings };
}

function read(context: CallContext, params: NamedParams): Sent {
  if (!('config' in params)) {
    const { expected_version: expected, domain, account_id, ...rest } = params;
    const accountId = accountOf(context.caller, account_id);
    const { expected_version: expectedRevision = null, ...named } = parseParams(
      z.strictObject({ expected_version: expectedVersion, domain: slug }),
      { domain, expected_version: expected },
    );
    return { accountId, ...named, config: own(accountId, named.domain, rest), expectedRevision, prefix: '' };
  }
  const { config, expected_version: expectedRevision = null, ...outside } = parseParams(wrappedForm, params);
  const accountId = accountOf(context.caller, oneOf(outside.account_id, config['account_id'], 'account_id'));
  const domain = parseParams(z.strictObject({ domain: slug }), {
    domain: oneOf(outside.domain, config['domain'], 'domain'),
  }).domain;
  return { accountId, domain, config: own(accountId, domain, config), expectedRevision, prefix: 'config.' };
}

/** The same key may stand inside and outside of `config`, with the same value. */
function oneOf(outside: unknown, inside: unknown, path: string): unknown {
  if (outside === undefined || inside === undefined || outside === inside) return outside ?? inside;
  throw wrongParams([{ path, message: `differs from config.${path}` }]);
}

function own(accountId: string, domain: string, config: Record<string, unknown>): Record<string, unknown> {
  return { ...config, account_id: accountId, domain };
}

async function save(deps: RpcDeps, sent: Sent): Promise<{ version: number; changed: boolean }> {
  const { accountId, domain, config, expectedRevision } = sent;
  const stored = await deps.tenantStore.get(accountId);
  const revision = stored?.revision ?? 0;
  if (expectedRevision !== null && expectedRevision !== revision) {
    const found = `version ${revision} was found`;
    throw new BridgeError('conflict', `The tenant changed meanwhile: ${found}, ${expectedRevision} was expected.`);
  }
  if (stored && isSame(stored, sent)) return { version: revision, changed: false };
  const saved = await deps.tenantStore.put({ accountId, domain, config }, expectedRevision);
  return { version: saved.revision, changed: true };
}

function isSame(stored: StoredTenant, sent: Sent): boolean {
  return stored.domain === sent.domain && canonicalJson(stored.config) === canonicalJson(sent.config);
}

function toProblem({ file, path, message }: FileFinding, prefix: string): FieldProblem {
  if (file === savedByRpc) return { path: path === '' ? prefix.slice(0, -1) : `${prefix}${path}`, message };
  return { path, message: `${message} (inherited from ${file})` };
}
