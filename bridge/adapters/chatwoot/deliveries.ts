// The Deliveries port on Chatwoot: finds the tenant's current webhook secrets, verifies, then reads.
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type { DeliveryReading } from '../../core/message.ts';
import type { Clock } from '../../core/ports/clock.ts';
import { connectedRef } from '../../core/ports/conversation-setup.ts';
import type { Credential, CredentialVault } from '../../core/ports/credentials.ts';
import type { Deliveries, RawDelivery } from '../../core/ports/deliveries.ts';
import type { Tenant } from '../../core/tenant.ts';
import { readDelivery } from './read-delivery.ts';
import { verifyDelivery } from './verify-delivery.ts';
import type { WebhookSecrets } from './verify-delivery.ts';

/** How long secrets are believed without asking the vault again; a failed check always asks again. */
const secretsFreshMs = 2_000;

const WebhookFields = z.object({
  webhook_secrets: z
    .preprocess((value) => (typeof value === 'string' ? [value] : value), z.array(z.string()).max(32))
    .default([]),
  url_token: z.string().optional(),
});

export class ChatwootDeliveries implements Deliveries {
  readonly #vault: CredentialVault;
  readonly #clock: Clock;
  readonly #fresh = new Map<string, { secrets: WebhookSecrets; untilMs: number }>();

  constructor(vault: CredentialVault, clock: Clock) {
    this.#vault = vault;
    this.#clock = clock;
  }

  async open(tenant: Tenant | null, raw: RawDelivery): Promise<DeliveryReading> {
    const nowMs = this.#clock.now();
    const delivery = await this.#verify(tenant, raw, nowMs);
    return readDelivery(
      delivery,
      { chatwootAccountId: tenant?.config.integrations.chatwoot?.account_id ?? null, botId: null },
      nowMs,
    );
  }

  async #verify(tenant: Tenant | null, raw: RawDelivery, nowMs: number) {
    const cached = tenant && this.#fresh.get(tenant.accountId);
    if (cached && cached.untilMs > nowMs) {
      try {
        return verifyDelivery(raw, cached.secrets, nowMs);
      } catch {
        // The secret may have been rotated a moment ago: look once more before refusing.
      }
    }
    const secrets = tenant && (await this.#read(tenant));
    if (tenant && secrets) this.#fresh.set(tenant.accountId, { secrets, untilMs: nowMs + secretsFreshMs });
    return verifyDelivery(raw, secrets, nowMs);
  }

  /** What people saved, and what connecting stored beside it. */
  async #read(tenant: Tenant): Promise<WebhookSecrets | null> {
    const ref = tenant.config.integrations.chatwoot?.credential_ref;
    const stored = await Promise.all(
      [ref, connectedRef].map(async (name) => (name === undefined ? null : this.#vault.get(tenant.accountId, name))),
    );
    const known = stored.flatMap((credential) => (credential ? [secretsIn(credential)] : []));
    if (known.length === 0) return null;
    return {
      signing: known.flatMap(({ signing }) => signing),
      urlToken: known.find(({ urlToken }) => urlToken !== null)?.urlToken ?? null,
    };
  }
}

function secretsIn({ fields }: Credential): WebhookSecrets {
  const read = WebhookFields.safeParse(fields);
  if (!read.success) throw new BridgeError('upstream_unavailable', 'The stored webhook secrets cannot be read');
  return {
    signing: read.data.webhook_secrets.filter((secret) => secret !== ''),
    urlToken: read.data.url_token ?? null,
  };
}
