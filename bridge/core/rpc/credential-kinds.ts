// What each kind of credential consists of, and which address it belongs to.
import { z } from 'zod';
import type { Credential, CredentialFields } from '../ports/credentials.ts';
import type { TenantConfig } from '../tenant.ts';

type Kind = Credential['kind'];
export const credentialKinds = ['chatwoot', 'odoo', 'model', 'mcp'] as const satisfies readonly Kind[];

const secret = z.string().min(1).max(4_000);
const address = z.url({ protocol: /^https?$/, message: 'use an http or https address' });
const headerName = z.string().regex(/^[A-Za-z0-9-]{1,100}$/, 'is no header name');
const headerValue = z.string().regex(/^[\t\x20-\x7e]{0,4000}$/, 'is no header value');
const anyField = 'must hold at least one field';

export const credentialFields = {
  chatwoot: z
    .strictObject({
      bot_token: secret.optional(),
      user_token: secret.optional(),
      /** Bot, account webhook and each API inbox have one of their own, and rotation doubles them. */
      webhook_secrets: z.array(secret).min(1).max(32).optional(),
      url_token: z.string().min(32, 'must have at least 32 characters').max(200).optional(),
    })
    .refine((fields) => Object.keys(fields).length > 0, anyField)
    .transform(present),
  odoo: z
    .strictObject({ login: secret, api_key: secret.optional(), password: secret.optional() })
    .refine(({ api_key, password }) => (api_key === undefined) !== (password === undefined), {
      error: 'must hold either api_key or password',
    })
    .transform(present),
  model: z
    .strictObject({
      api_key: secret.optional(),
      base_url: address.optional(),
      model: z.string().min(1).max(200).optional(),
      embedding_model: z.string().min(1).max(200).optional(),
      transcription_model: z.string().min(1).max(200).optional(),
      vision_model: z.string().min(1).max(200).optional(),
    })
    .refine((fields) => Object.keys(fields).length > 0, anyField)
    .transform(present),
  mcp: z.strictObject({ headers: z.record(headerName, headerValue) }).transform(present),
} satisfies Record<Kind, z.ZodType<CredentialFields>>;

function present(fields: Record<string, string | string[] | Record<string, string> | undefined>): CredentialFields {
  const given: CredentialFields = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) given[name] = value;
  return given;
}

/** The kind a tenant uses this ref for, or null when its configuration does not name it. */
export function kindOf({ integrations }: TenantConfig, ref: string): Kind | null {
  const { chatwoot, odoo, model, mcp } = integrations;
  if (chatwoot?.credential_ref === ref) return 'chatwoot';
  if (odoo.api !== 'none' && odoo.credential_ref === ref) return 'odoo';
  if (model?.credential_ref === ref) return 'model';
  return mcp.some((server) => 'credential_ref' in server && server.credential_ref === ref) ? 'mcp' : null;
}

/** Scheme, host and port of where this credential will be sent; null while the tenant does not say. */
export function originFor(config: TenantConfig, kind: Kind, ref: string, fields: CredentialFields): string | null {
  const url = addressFor(config, kind, ref, fields);
  return url === undefined ? null : new URL(url).origin;
}

function addressFor(
  { integrations }: TenantConfig,
  kind: Kind,
  ref: string,
  fields: CredentialFields,
): string | undefined {
  const { chatwoot, odoo, mcp } = integrations;
  switch (kind) {
    case 'chatwoot':
      return chatwoot?.base_url;
    case 'odoo':
      return odoo.api === 'none' ? undefined : odoo.url;
    case 'model':
      return typeof fields['base_url'] === 'string' ? fields['base_url'] : undefined;
    case 'mcp': {
      const server = mcp.find((each) => 'url' in each && each.credential_ref === ref);
      return server && 'url' in server ? server.url : undefined;
    }
  }
}
