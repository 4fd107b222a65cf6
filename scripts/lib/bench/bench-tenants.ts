// Tenants for the bench: small shops made up by number, each with its own Chatwoot account, inbox and credentials. Their
// knowledge is a few rules, so that a search has something to find and nothing to read for long.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

export interface BenchTenant {
  accountId: string;
  number: number;
  chatwootAccountId: number;
  inboxId: number;
  botToken: string;
  userToken: string;
  secret: string;
}

export interface BenchLimits {
  turns_per_minute: number;
  concurrent_turns: number;
}

export function benchTenants(count: number): BenchTenant[] {
  return Array.from({ length: count }, (_, index) => {
    const number = index + 1;
    const accountId = `loja_${String(number).padStart(4, '0')}`;
    return {
      accountId,
      number,
      chatwootAccountId: number,
      inboxId: number * 10 + 1,
      botToken: `${accountId}-bot-token`,
      userToken: `${accountId}-user-token`,
      secret: `${accountId}-webhook-secret`,
    };
  });
}

const rules = [
  ['troca', 'Prazo para trocar um produto', 'O prazo para trocar um produto é de 15 dias corridos com a nota fiscal.'],
  ['entrega', 'Prazo de entrega', 'Entregamos em até 3 dias úteis na capital e em até 7 dias úteis no interior.'],
  ['frete', 'Frete grátis', 'O frete é grátis a partir de 199 reais em compras pelo site.'],
  ['pagamento', 'Formas de pagamento', 'Aceitamos Pix, boleto e cartão de crédito em até 6 vezes sem juros.'],
  ['garantia', 'Garantia', 'Todos os produtos têm garantia de 90 dias contra defeito de fabricação.'],
];

/** Writes a tenants folder; every tenant's quiet time is zero. */
export function writeTenants(folder: string, tenants: BenchTenant[], chatwootUrl: string, limits: BenchLimits): void {
  mkdirSync(path.join(folder, 'retail'), { recursive: true });
  symlinkSync(path.join(root, 'tenants/_base'), path.join(folder, '_base'));
  symlinkSync(path.join(root, 'tenants/retail/domain.yaml'), path.join(folder, 'retail/domain.yaml'));
  for (const tenant of tenants) {
    const home = path.join(folder, 'retail', tenant.accountId);
    mkdirSync(path.join(home, 'knowledge'), { recursive: true });
    // JSON is YAML.
    writeFileSync(path.join(home, 'config.yaml'), JSON.stringify(configOf(tenant, chatwootUrl, limits), null, 1));
    writeFileSync(path.join(home, 'knowledge/rules.yaml'), JSON.stringify({ documents: rules.map(toRule) }, null, 1));
  }
}

function configOf(tenant: BenchTenant, chatwootUrl: string, limits: BenchLimits) {
  const debounce = { complete_ms: 0, fragment_ms: 0, max_ms: 0 };
  return {
    schema_version: 1,
    account_id: tenant.accountId,
    name: `Loja ${tenant.number}`,
    channels: { whatsapp: { debounce } },
    limits,
    integrations: {
      chatwoot: {
        base_url: chatwootUrl,
        account_id: tenant.chatwootAccountId,
        surface: 'agent_bot',
        inboxes: [{ id: tenant.inboxId, mode: 'live' }],
        credential_ref: `${tenant.accountId}-chatwoot`,
      },
      odoo: { api: 'none' },
    },
  };
}

function toRule([id, title, body]: string[]) {
  return { kind: 'rule', id, title, body };
}

/** The account as the simulated Chatwoot wants it. */
export function toAccount(tenant: BenchTenant, bridgeUrl: string | null) {
  return {
    id: tenant.chatwootAccountId,
    name: `Loja ${tenant.number}`,
    tenant: tenant.accountId,
    users: [
      { id: tenant.number * 10 + 1, name: 'Bia', role: 'agent' as const },
      { id: tenant.number * 10 + 2, name: 'Ana', role: 'administrator' as const, token: tenant.userToken },
    ],
    bots: [
      {
        name: 'Assistente',
        token: tenant.botToken,
        secret: tenant.secret,
        outgoing_url: bridgeUrl === null ? null : `${bridgeUrl}/webhooks/chatwoot/${tenant.accountId}`,
        inboxes: 'all' as const,
      },
    ],
    inboxes: [{ id: tenant.inboxId, name: 'WhatsApp', channel_type: 'Channel::Whatsapp' as const }],
    teams: [{ name: 'atendimento', members: [tenant.number * 10 + 1] }],
  };
}
