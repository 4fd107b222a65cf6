// A delivery a test makes by hand: forged, stale, unsigned, signed with another secret, repeated.
import { randomUUID } from 'node:crypto';
import { postJson, type PostAnswer } from '../deliveries/post-json.ts';
import { railsJson, signDelivery } from '../deliveries/sign-delivery.ts';

export interface ForgedDelivery {
  url: string;
  /** Bytes as they are, or a value to be written the way Chatwoot writes JSON. */
  body: string | Buffer | object;
  /** Absent or null: no timestamp and no signature. */
  secret?: string | null;
  /** Unix seconds; default now. */
  timestamp?: number | string;
  deliveryId?: string | null;
  /** Instead of the computed one. */
  signature?: string;
  headers?: Record<string, string>;
  timeoutMs?: number;
}

export function postDelivery(given: ForgedDelivery): Promise<PostAnswer> {
  const body = typeof given.body === 'string' || Buffer.isBuffer(given.body) ? given.body : railsJson(given.body);
  const timestamp = given.timestamp ?? Math.floor(Date.now() / 1000);
  const headers: Record<string, string> = {};
  if (given.deliveryId !== null) headers['X-Chatwoot-Delivery'] = given.deliveryId ?? randomUUID();
  if (given.secret !== undefined && given.secret !== null) {
    headers['X-Chatwoot-Timestamp'] = String(timestamp);
    headers['X-Chatwoot-Signature'] = signDelivery(given.secret, body, timestamp);
  }
  if (given.signature !== undefined) headers['X-Chatwoot-Signature'] = given.signature;
  return postJson({
    url: given.url,
    body,
    headers: { ...headers, ...given.headers },
    timeoutMs: given.timeoutMs ?? 10_000,
  });
}
