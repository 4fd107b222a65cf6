// Proves that a webhook request comes from the tenant's own Chatwoot, on the raw bytes and before anything is parsed.
// Scheme: `X-Chatwoot-Signature: sha256=<hex HMAC-SHA256(secret, "<X-Chatwoot-Timestamp>.<raw body>")>` (Chatwoot ≥ 4.12
// for account webhooks, ≥ 4.13 for agent bots and API inboxes). Older installations carry a secret in the URL instead.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { BridgeError } from '../../core/errors.ts';
import type { RawDelivery } from '../../core/ports/deliveries.ts';

/** How far a delivery's timestamp may be from our clock, in seconds; Chatwoot suggests five minutes. */
const toleranceSeconds = 300;

export interface WebhookSecrets {
  /** Every secret that is valid now: bot, account webhook, API inboxes, and the previous ones during a rotation. */
  signing: string[];
  urlToken: string | null;
}

declare const verified: unique symbol;
/** A body that was proved authentic. Only `verifyDelivery` makes one. */
export type VerifiedDelivery = { readonly body: Buffer } & { readonly [verified]: true };

/** Null secrets (an unknown tenant) take the same time and end in the same error as a wrong signature. */
export function verifyDelivery(raw: RawDelivery, secrets: WebhookSecrets | null, nowMs: number): VerifiedDelivery {
  const known = secrets ?? { signing: [], urlToken: null };
  const authentic = raw.urlToken === null ? signatureHolds(raw, known.signing, nowMs) : tokenHolds(raw.urlToken, known);
  if (!authentic || secrets === null) throw new BridgeError('bad_signature', 'The delivery is not authentic');
  return { body: raw.body } as VerifiedDelivery;
}

function signatureHolds(raw: RawDelivery, secrets: string[], nowMs: number): boolean {
  const timestamp = header(raw, 'x-chatwoot-timestamp');
  const given = Buffer.from(header(raw, 'x-chatwoot-signature'));
  const fresh = /^\d{1,12}$/.test(timestamp) && Math.abs(nowMs / 1000 - Number(timestamp)) <= toleranceSeconds;
  let holds = false;
  // Without a secret one comparison is made all the same, so that the answer's time tells nothing.
  for (const secret of secrets.length > 0 ? secrets : ['']) {
    const expected = Buffer.from(
      `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(raw.body).digest('hex')}`,
    );
    if (given.length === expected.length && timingSafeEqual(given, expected)) holds = secret !== '';
  }
  return fresh && holds;
}

function tokenHolds(given: string, secrets: WebhookSecrets): boolean {
  const equal = timingSafeEqual(sha256(given), sha256(secrets.urlToken ?? ''));
  // Once a tenant can verify signatures, the weaker form is closed.
  return equal && secrets.signing.length === 0 && (secrets.urlToken?.length ?? 0) >= 32;
}

function header(raw: RawDelivery, name: string): string {
  const value = raw.headers[name];
  return typeof value === 'string' ? value : '';
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
