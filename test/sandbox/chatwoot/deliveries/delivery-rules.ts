// How one delivery is signed, when it is tried again and how its failure reads; by surface and version.
import { STATUS_CODES } from 'node:http';
import type { World } from '../world.ts';
import type { Delivery } from './delivery.ts';
import { signDelivery } from './sign-delivery.ts';

const MAX_BOT_ATTEMPTS = 3;

/** Only bot deliveries are tried again, and only after 429 or 500. */
export function mayRetry(world: World, delivery: Delivery, status: number | null): boolean {
  if (delivery.surface !== 'agent_bot' || !world.features.botRetriesOn429And500) return false;
  return (status === 429 || status === 500) && delivery.attempts.length < MAX_BOT_ATTEMPTS;
}

export function deliveryHeaders(world: World, delivery: Delivery): Record<string, string> {
  const hasId =
    delivery.surface === 'agent_bot'
      ? world.features.botAndApiDeliveriesSigned
      : world.features.accountDeliveriesSigned;
  const headers: Record<string, string> = hasId ? { 'X-Chatwoot-Delivery': delivery.deliveryId } : {};
  if (delivery.secret === null) return headers;
  const timestamp = Math.floor(Date.now() / 1000);
  return {
    ...headers,
    'X-Chatwoot-Timestamp': String(timestamp),
    'X-Chatwoot-Signature': signDelivery(delivery.secret, delivery.body, timestamp),
  };
}

export function failureText(status: number | null, error: string | null): string {
  return status === null ? (error ?? 'failed') : `${status} ${STATUS_CODES[status] ?? ''}`.trim();
}
