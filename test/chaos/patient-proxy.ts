// Stands where a balancer stands: takes a delivery, passes it to one of the bridges in turn, and to the next, or once more,
// while one is being started anew. Without it a delivery to a dead address throws the bot out of the conversation, as
// Chatwoot documents.
import { createServer, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface PatientProxy {
  url: string;
  stop(): Promise<void>;
}

interface Forwarded {
  status: number;
  body: string;
}

/** Below what the simulated Chatwoot of these tests waits for an answer. */
const patienceMs = 25_000;
const pauseMs = 50;

export async function startPatientProxy(_first: () => string, targets: () => string[]): Promise<PatientProxy> {
  let turn = 0;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const path = incoming.url ?? '/';
      const next = () => `${targets()[turn++ % targets().length] ?? ''}${path}`;
      forwardUntilAnswered(next, incoming.headers, Buffer.concat(chunks)).then(
        ({ status, body }) => response.writeHead(status, { 'Content-Type': 'application/json' }).end(body),
        () => response.destroy(),
      );
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

async function forwardUntilAnswered(url: () => string, headers: IncomingHttpHeaders, body: Buffer): Promise<Forwarded> {
  const untilMs = Date.now() + patienceMs;
  while (true) {
    try {
      return await forward(url(), headers, body);
    } catch (error) {
      if (Date.now() > untilMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }
}

function forward(url: string, headers: IncomingHttpHeaders, body: Buffer): Promise<Forwarded> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 500, body: text }));
      answer.on('error', reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
