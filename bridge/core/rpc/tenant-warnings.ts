// What a saved tenant still lacks to work as it is meant to: not wrong, so it is saved, but somebody should know now.
import type { FieldProblem } from '../errors.ts';
import type { CredentialVault } from '../ports/credentials.ts';
import type { TenantConfig } from '../tenant.ts';

export async function credentialWarnings(
  vault: CredentialVault,
  accountId: string,
  config: TenantConfig,
): Promise<FieldProblem[]> {
  const known = new Set((await vault.list(accountId)).map(({ ref }) => ref));
  const missing = credentialRefs(config).filter(({ ref }) => !known.has(ref));
  return [
    ...missing.map(({ path, ref }) => ({ path, message: `no credential ${ref} is saved yet: send credentials.set` })),
    ...silence(config),
  ];
}

/** Every place of a configuration that names a credential. */
export function credentialRefs({ integrations }: TenantConfig): { path: string; ref: string }[] {
  const { chatwoot, odoo, model, mcp } = integrations;
  const named = [
    { path: 'integrations.chatwoot.credential_ref', ref: chatwoot?.credential_ref },
    { path: 'integrations.odoo.credential_ref', ref: odoo.api === 'none' ? undefined : odoo.credential_ref },
    { path: 'integrations.model.credential_ref', ref: model?.credential_ref },
    ...mcp.map((server, index) => ({
      path: `integrations.mcp.${index}.credential_ref`,
      ref: 'credential_ref' in server ? server.credential_ref : undefined,
    })),
  ];
  return named.flatMap(({ path, ref }) => (ref === undefined ? [] : [{ path, ref }]));
}

function silence({ integrations }: TenantConfig): FieldProblem[] {
  if (integrations.chatwoot?.inboxes.length !== 0) return [];
  return [{ path: 'integrations.chatwoot.inboxes', message: 'is empty: no conversation will be answered' }];
}
