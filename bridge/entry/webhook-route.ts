// Chatwoot's deliveries: path → raw bytes → the injected receiver → an answer that tells a stranger nothing. Served on
// bare node:http, because Express would cost more than half of what this path can take. Knows neither signatures nor
// stores; what the receiver throws becomes a status through the error map. The URL token never reaches a log line.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { domainNames } from '../core/tenant.ts';
import { BridgeError, codeOf } from '../core/errors.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import { toMissingPath, toWebhook } from './error-map.ts';
import { readBody } from './read-body.ts';

/**
 * Verifies and stores one delivery. Resolves with what became of it when it is safe to say 200; throws BridgeError
 * otherwise. `urlToken` is null on the signed path.
 */
export type ReceiveDelivery = (
  accountId: string,
  urlToken: string | null,
  headers: IncomingHttpHeaders,
  rawBody: Buffer,
  requestId: string,
) => Promise<string>;

export interface WebhookRouteDeps {
  receive: ReceiveDelivery;
  logger: Logger;
  metrics: Metrics;
}

export type WebhookRoute = (request: IncomingMessage, response: ServerResponse, requestId: string) => void;

export const webhookPrefix = '/webhooks/';
const webhookPath = /^\/webhooks\/chatwoot\/([^/?]+)(?:\/t\/([^/?]+))?(?:\?.*)?$/;
const maxBodyBytes = 2 * 1024 * 1024;

export function createWebhookRoute(deps: WebhookRouteDeps): WebhookRoute {
  return (request, response, requestId) => {
    const path = webhookPath.exec(request.url ?? '');
    if (!path?.[1]) refusePath(request, response, 'no_such_path');
    else if (request.method !== 'POST') refusePath(request, response, 'wrong_method');
    else void handle(deps, { request, response, requestId, accountId: path[1], urlToken: path[2] ?? null });
  };
}

interface Delivery {
  request: IncomingMessage;
  response: ServerResponse;
  requestId: string;
  accountId: string;
  urlToken: string | null;
}

async function handle(deps: WebhookRouteDeps, delivery: Delivery): Promise<void> {
  const startedMs = performance.now();
  const fields = { request_id: delivery.requestId, account_id: delivery.accountId.slice(0, 64) };
  let status = 200;
  try {
    const outcome = await receive(deps, delivery);
    answer(delivery.response, status, '{}');
    deps.logger.debug({ ...fields, outcome }, 'webhook.accepted');
  } catch (error) {
    const refusal = toWebhook(error);
    status = refusal.status;
    answer(delivery.response, status, JSON.stringify({ error: refusal.error }));
    logRefusal(deps.logger, { ...fields, status }, error);
  }
  deps.metrics.count('webhook_deliveries', { status: String(status) });
  deps.metrics.time('webhook_ack', performance.now() - startedMs);
}

/** The body is read before anything is looked up: an unknown tenant costs and answers the same as a wrong signature. */
async function receive(deps: WebhookRouteDeps, delivery: Delivery): Promise<string> {
  const { request, accountId, urlToken, requestId } = delivery;
  const rawBody = await readBody(request, maxBodyBytes);
  if (!domainNames.test(accountId)) throw new BridgeError('unknown_tenant', 'No tenant can have this id.');
  return await deps.receive(accountId, urlToken, request.headers, rawBody, requestId);
}

function logRefusal(logger: Logger, fields: Record<string, unknown>, error: unknown): void {
  const code = codeOf(error);
  const known = { ...fields, code, reason: error instanceof Error ? error.message : 'not an error' };
  if (code === 'internal') logger.error({ ...known, err: error }, 'webhook.failed');
  else if (fields['status'] === 500) logger.error(known, 'webhook.not_stored');
  else logger.warn(known, 'webhook.refused');
}

function refusePath(request: IncomingMessage, response: ServerResponse, kind: 'no_such_path' | 'wrong_method'): void {
  const fault = toMissingPath(kind);
  request.resume();
  answer(response, fault.status, JSON.stringify(fault.body), kind === 'wrong_method' ? { Allow: 'POST' } : {});
}

function answer(response: ServerResponse, status: number, body: string, extra: Record<string, string> = {}): void {
  if (response.headersSent || response.destroyed) return;
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'X-Content-Type-Options': 'nosniff',
    ...extra,
  });
  response.end(body);
}
