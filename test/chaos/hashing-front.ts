// A balancer that sends every delivery of one conversation to the same bridge, as the README asks for where answers must
// go on without Redis.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request } from 'undici';

export interface HashingFront {
  url: string;
  stop(): Promise<void>;
}

export async function startHashingFront(targets: () => readonly string[]): Promise<HashingFront> {
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const headers = { ...incoming.headers };
      delete headers.host;
      delete headers.connection;
      const target = `${pick(targets(), body)}${incoming.url ?? '/'}`;
      request(target, { method: 'POST', headers, body })
        .then(async (answer) => {
          const text = await answer.body.text();
          response.writeHead(answer.statusCode, { 'Content-Type': 'application/json' }).end(text);
        })
        .catch(() => response.destroy());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function pick(targets: readonly string[], body: Buffer): string {
  return targets[conversationIn(body) % targets.length] ?? '';
}

/** A message names its conversation; an event of a conversation is one. */
function conversationIn(body: Buffer): number {
  const payload = JSON.parse(body.toString()) as { id?: number; conversation?: { id?: number } };
  return payload.conversation?.id ?? payload.id ?? 0;
}
