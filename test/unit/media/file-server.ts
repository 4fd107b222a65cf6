// A server of files on this machine, which counts what was asked of it.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

export interface FileServer {
  url: string;
  port: number;
  /** Paths asked for, in order. */
  asked: string[];
  answers: Record<string, Answer>;
  stop(): Promise<void>;
}

export async function startFileServer(host = '127.0.0.1'): Promise<FileServer> {
  const asked: string[] = [];
  const answers: Record<string, Answer> = {};
  const server: Server = createServer((request, response) => {
    const path = request.url ?? '/';
    asked.push(path);
    const answer = answers[path];
    if (answer) answer(request, response);
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${host}:${port}`,
    port,
    asked,
    answers,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}
