// The webhook route over real HTTP, with a receiver that does what the test says.
import assert from 'node:assert/strict';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:http';
import { Router } from 'express';
import { BridgeError, errorCodes } from '../../bridge/core/errors.ts';
import { createHttpServer } from '../../bridge/entry/http-server.ts';
import type { HttpServer } from '../../bridge/entry/http-server.ts';
import { createWebhookRoute } from '../../bridge/entry/webhook-route.ts';
import type { ReceiveDelivery } from '../../bridge/entry/webhook-route.ts';
import { gate } from '../fixtures/gate.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { silentMetrics } from '../fixtures/silent-metrics.ts';

const urlToken = 'abcdefghijklmnopqrstuvwxyz0123456789ABCD';

describe('the webhook route', () => {
  let server: HttpServer;
  let url: string;
  let receive: ReceiveDelivery;
  let received: { accountId: string; urlToken: string | null; headers: IncomingHttpHeaders; body: string }[];
  const log = quietLog();

  beforeEach(async () => {
    received = [];
    log.lines.length = 0;
    receive = async (accountId, token, headers, rawBody) => {
      received.push({ accountId, urlToken: token, headers, body: rawBody.toString() });
      return 'stored';
    };
    const webhook = createWebhookRoute({
      receive: (...delivery) => receive(...delivery),
      logger: log,
      metrics: silentMetrics,
    });
    server = createHttpServer({ port: 0, host: '127.0.0.1', webhook, routers: [Router()], logger: log });
    url = (await server.listen()).url;
  });
  afterEach(() => server.stop(1000));

  const post = (path: string, body: string | Uint8Array<ArrayBuffer> = '{}', headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, { method: 'POST', body, headers });

  it('hands over the exact bytes and headers, and answers 200 {} for whatever was accepted', async () => {
    const body = ' {"a" : "ç",\n"b":1.0}';
    const response = await post('/webhooks/chatwoot/sandra_cosmeticos', body, { 'X-Chatwoot-Signature': 'sha256=1' });
    assert.equal(response.status, 200);
    assert.equal(await response.text(), '{}');
    assert.equal(received[0]?.accountId, 'sandra_cosmeticos');
    assert.equal(received[0].urlToken, null);
    assert.equal(received[0].body, body);
    assert.equal(received[0].headers['x-chatwoot-signature'], 'sha256=1');
  });

  it('hands over the URL token and never logs it, whatever happens', async () => {
    const path = `/webhooks/chatwoot/sandra_cosmeticos/t/${urlToken}`;
    assert.equal((await post(path)).status, 200);
    assert.equal(received[0]?.urlToken, urlToken);
    for (const code of errorCodes) {
      receive = () => Promise.reject(new BridgeError(code, 'refused'));
      await post(path);
    }
    receive = () => Promise.reject(new Error('bug'));
    await post(path);
    await fetch(`${url}${path}`);
    await post(`${path}/more`);
    assert.ok(log.lines.length > errorCodes.length);
    assert.ok(!JSON.stringify(log.lines).includes(urlToken));
  });

  it('gives a stranger one and the same 401, whatever was wrong', async () => {
    const seen = new Set<string>();
    const remember = async (response: Response) => {
      const headers = [...response.headers].filter(([name]) => name !== 'date');
      seen.add(JSON.stringify([response.status, headers, await response.text()]));
    };
    for (const code of ['unknown_tenant', 'bad_signature', 'unauthorized', 'forbidden'] as const) {
      receive = () => Promise.reject(new BridgeError(code, `because of ${code}`));
      await remember(await post('/webhooks/chatwoot/sandra_cosmeticos'));
      await remember(await post(`/webhooks/chatwoot/sandra_cosmeticos/t/${urlToken}`));
      await remember(await post('/webhooks/chatwoot/NOT..AN%20ID'));
    }
    assert.equal(seen.size, 1);
    assert.ok([...seen][0]?.startsWith('[401,'));
  });

  it('answers 500, never 503, when a delivery could not be stored', async () => {
    const failures = [
      new BridgeError('upstream_unavailable', 'Redis is away', { retryAfterMs: 1000 }),
      new BridgeError('busy', 'busy'),
      new BridgeError('rate_limited', 'slow down'),
      new Error('secret detail'),
    ];
    for (const failure of failures) {
      receive = () => Promise.reject(failure);
      const response = await post('/webhooks/chatwoot/sandra_cosmeticos');
      assert.equal(response.status, 500);
      assert.equal(await response.text(), '{"error":"not stored"}');
    }
  });

  it('answers 400 when it was signed but is not JSON', async () => {
    receive = () => Promise.reject(new BridgeError('bad_request', 'not JSON'));
    assert.equal((await post('/webhooks/chatwoot/sandra_cosmeticos', '{')).status, 400);
  });

  it('takes 2 MiB and refuses one byte more before anybody looks at it, announced or streamed', async () => {
    const limit = 2 * 1024 * 1024;
    assert.equal((await post('/webhooks/chatwoot/sandra_cosmeticos', new Uint8Array(limit))).status, 200);
    assert.equal((await post('/webhooks/chatwoot/sandra_cosmeticos', new Uint8Array(limit + 1))).status, 413);
    assert.equal(await streamed(`${url}/webhooks/chatwoot/sandra_cosmeticos`, limit + 1), 413);
    assert.equal(received.length, 1);
  });

  it('answers 405 to other methods and 404 to other paths', async () => {
    const get = await fetch(`${url}/webhooks/chatwoot/sandra_cosmeticos`);
    assert.equal(get.status, 405);
    assert.equal(get.headers.get('allow'), 'POST');
    for (const path of ['/webhooks/', '/webhooks/other/x', '/webhooks/chatwoot/', '/webhooks/chatwoot/a/b']) {
      assert.equal((await post(path)).status, 404, path);
    }
    assert.equal((await post('/nothing')).status, 404);
    assert.equal(received.length, 0);
  });

  it('survives a caller that hangs up in the middle', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('POST /webhooks/chatwoot/sandra_cosmeticos HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"half"');
    socket.end();
    await new Promise((resolve) => socket.on('close', resolve).resume());
    assert.equal((await post('/webhooks/chatwoot/sandra_cosmeticos')).status, 200);
    assert.equal(received.length, 1);
  });

  it('finishes what runs before it stops, and takes nothing new', async () => {
    const held = gate<string>();
    const entered = gate<undefined>();
    receive = () => {
      entered.open(undefined);
      return held.promise;
    };
    const running = post('/webhooks/chatwoot/sandra_cosmeticos');
    await entered.promise;
    const stopped = server.stop(10_000);
    await assert.rejects(post('/webhooks/chatwoot/sandra_cosmeticos'));
    held.open('stored');
    assert.equal((await running).status, 200);
    await stopped;
  });

  it('waits for a port that a killed process still holds', async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve));
    const port = (holder.address() as AddressInfo).port;
    const late = createHttpServer({ port, host: '127.0.0.1', webhook: null, routers: [], logger: log });
    const listening = late.listen();
    await until(() => log.lines.some((line) => line.message === 'http.port_taken'));
    holder.close();
    assert.equal((await listening).port, port);
    await late.stop(1000);
  });
});

function streamed(url: string, bytes: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers: { 'Transfer-Encoding': 'chunked' } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    });
    call.on('error', reject);
    call.end(Buffer.alloc(bytes));
  });
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setImmediate(resolve));
}
