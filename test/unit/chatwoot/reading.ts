// Signed bodies as the adapter reads them, for the tests of its decisions.
import assert from 'node:assert/strict';
import type { OurSide } from '../../../bridge/adapters/chatwoot/conversation-facts.ts';
import { readDelivery } from '../../../bridge/adapters/chatwoot/read-delivery.ts';
import { verifyDelivery } from '../../../bridge/adapters/chatwoot/verify-delivery.ts';
import type { CustomerMessage, DeliveryReading, OwnershipEvent } from '../../../bridge/core/message.ts';
import type { Json } from './example-payloads.ts';

export const ours: OurSide = { chatwootAccountId: 7, botId: null };
const nowMs = Date.parse('2026-11-20T13:30:00Z');
const urlToken = 'u'.repeat(32);

export function readBytes(body: Buffer, side = ours): DeliveryReading {
  const secrets = { signing: [], urlToken };
  return readDelivery(verifyDelivery({ headers: {}, body, urlToken }, secrets, nowMs), side, nowMs);
}

export function read(payload: unknown, side = ours): DeliveryReading {
  return readBytes(Buffer.from(JSON.stringify(payload)), side);
}

export function message(payload: Json): CustomerMessage {
  const { event } = read(payload);
  assert.ok(event.kind === 'customer_message');
  return event;
}

export function ownership(payload: Json): OwnershipEvent {
  const { event } = read(payload);
  assert.ok(event.kind === 'ownership');
  return event;
}

export function reason(payload: unknown, side = ours): string {
  const { event } = read(payload, side);
  assert.ok(event.kind === 'ignored', event.kind);
  return event.reason;
}
