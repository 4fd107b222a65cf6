// What a webhook server cannot do without, and nothing else: read the body, check the HMAC, put it into Redis (a list, or a
// bull job), answer. It shows what this machine gives at best.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import Bull from 'bull';
import { Redis } from 'ioredis';
import { answerParent } from '../child.ts';

export interface BareOptions {
  redisUrl: string;
  /** By the last part of the path. */
  secrets: Record<string, string>;
  into: 'list' | 'bull';
}

answerParent({
  start: ({ redisUrl, secrets, into }: BareOptions) => {
    const keep = into === 'list' ? keepInList(redisUrl) : keepInBull(redisUrl);
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const body = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
        const answer = (status: number) => response.writeHead(status, { 'Content-Length': 2 }).end('{}');
        if (!isAuthentic(request, body, secrets)) answer(401);
        else {
          keep(body).then(
            () => answer(200),
            () => answer(500),
          );
        }
      });
    });
    return new Promise<number>((resolve) => {
      server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
    });
  },
});

function keepInList(redisUrl: string): (body: Buffer) => Promise<unknown> {
  const redis = new Redis(redisUrl);
  return (body) => redis.rpush('bench:list', body);
}

function keepInBull(redisUrl: string): (body: Buffer) => Promise<unknown> {
  const queue = new Bull<{ body: string }>('bench', redisUrl);
  return (body) => queue.add({ body: body.toString() }, { removeOnComplete: true });
}

function isAuthentic(request: IncomingMessage, body: Buffer, secrets: Record<string, string>): boolean {
  const secret = secrets[request.url?.split('/').at(-1) ?? ''] ?? '';
  const given = Buffer.from(String(request.headers['x-chatwoot-signature']));
  const timestamp = String(request.headers['x-chatwoot-timestamp']);
  const expected = Buffer.from(
    `sha256=${createHmac('sha256', secret).update(`${timestamp}.`).update(body).digest('hex')}`,
  );
  return given.length === expected.length && timingSafeEqual(given, expected);
}
