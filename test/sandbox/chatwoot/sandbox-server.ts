// The simulator's one HTTP server: Chatwoot's API, stored files, the admin API and the page.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handleAdmin } from './admin/handle-admin.ts';
import { handlePage } from './page/handle-page.ts';
import { handleRest } from './rest/handle-rest.ts';
import type { SandboxApi } from './sandbox-api.ts';
import { ATTACHMENT_PATH, serveAttachment } from './serve-attachment.ts';

const ADMIN_PATH = /^\/sandbox\/([a-z-]+)$/;

export interface RunningServer {
  port: number;
  stop(): Promise<void>;
}

export async function serveSandbox(api: SandboxApi, port: number, host: string): Promise<RunningServer> {
  const server = createServer((request, response) => {
    route(api, request, response).catch((error: unknown) => {
      console.error('chatwoot sandbox:', error);
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ status: 500, error: 'Internal Server Error' }));
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  return { port: (server.address() as AddressInfo).port, stop: () => close(server) };
}

async function route(api: SandboxApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  const file = ATTACHMENT_PATH.exec(url.pathname)?.[1];
  if (file !== undefined) {
    serveAttachment(api.world, Number(file), response);
    return;
  }
  if (await handlePage(api, request, response, url)) return;
  const action = ADMIN_PATH.exec(url.pathname)?.[1];
  if (action !== undefined) await handleAdmin(api, request, response, action);
  else await handleRest(api.world, request, response, url);
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
