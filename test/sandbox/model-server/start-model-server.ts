// Starts an OpenAI-compatible server inside a test or script. `url` is what OPENAI_BASE_URL takes.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handleAdmin } from './admin.ts';
import { handleModelCall } from './handle-call.ts';
import { ModelApi, type ModelServerConfig } from './model-api.ts';

export interface ModelServer {
  /** Base address, ending in /v1. */
  url: string;
  port: number;
  api: ModelApi;
  stop(): Promise<void>;
}

export async function startModelServer(
  options: Partial<ModelServerConfig> & { port?: number; host?: string } = {},
): Promise<ModelServer> {
  const { port = 0, host = '127.0.0.1', ...config } = options;
  const api = new ModelApi(config);
  const server = createServer((request, response) => {
    route(api, request, response).catch((error: unknown) => {
      console.error('model server:', error);
      response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const actual = (server.address() as AddressInfo).port;
  return {
    url: `http://${host}:${actual}/v1`,
    port: actual,
    api,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function route(api: ModelApi, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://model').pathname;
  if (path.startsWith('/sandbox/')) await handleAdmin(api, request, response, path);
  else await handleModelCall(api, request, response, path);
}
