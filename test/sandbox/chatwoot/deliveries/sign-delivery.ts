// The headers Chatwoot puts on a delivery, and the bytes it signs. Also used by tests to forge deliveries.
// signature = "sha256=" + hex HMAC-SHA256(secret, timestamp + "." + raw body)
import { createHmac } from 'node:crypto';

/** @param timestamp Unix seconds, exactly as sent in X-Chatwoot-Timestamp */
export function signDelivery(secret: string, body: string | Buffer, timestamp: number | string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`;
}

const ESCAPED: Record<string, string> = {
  '<': '\\u003c',
  '>': '\\u003e',
  '&': '\\u0026',
  '\u2028': '\\u2028',
  '\u2029': '\\u2029',
};

/** JSON as Rails writes it: five characters escaped, so that a receiver who parses and re-serialises fails the signature. */
export function railsJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (character) => ESCAPED[character] ?? character);
}
