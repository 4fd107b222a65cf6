// Starts a simulated Chatwoot inside a test or a script.
import { EventEmitter } from 'node:events';
import type { SandboxConfigInput } from './config.ts';
import { SandboxApi } from './sandbox-api.ts';
import { serveSandbox } from './sandbox-server.ts';

export interface StartOptions extends SandboxConfigInput {
  /** 0 or absent: a free port. */
  port?: number;
  host?: string;
}

export interface ChatwootSandbox {
  url: string;
  port: number;
  api: SandboxApi;
  stop(): Promise<void>;
}

export async function startChatwootSandbox(options: StartOptions = {}): Promise<ChatwootSandbox> {
  const { port, host = '127.0.0.1', ...config } = options;
  const bus = new EventEmitter();
  bus.setMaxListeners(0);
  let url = '';
  const api = new SandboxApi(config, bus, () => url);
  const server = await serveSandbox(api, port ?? 0, host);
  url = `http://${host.includes(':') ? `[${host}]` : host}:${server.port}`;
  return {
    url,
    port: server.port,
    api,
    async stop() {
      api.end();
      await server.stop();
    },
  };
}
