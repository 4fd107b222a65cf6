// Stands between the bridges and Chatwoot and passes everything on, so that a test knows which of several bridges is inside a
// POST (each says its number). When a bridge dies its calls are cut, as a dead process's connections are.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface WatchingProxy {
  url: string;
  /** What a bridge needs in its environment to be known here by this number. */
  environmentOf(caller: number): Record<string, string>;
  /** Which bridge is inside a POST to this address; null when none is. */
  callerOf(path: string): number | null;
  stop(): Promise<void>;
}

/** Loaded into a bridge under test: each of its requests says which bridge it is. */
const preload = `data:text/javascript,${encodeURIComponent(`
import diagnostics from 'node:diagnostics_channel';
diagnostics.subscribe('undici:request:create', ({ request }) => {
  request.addHeader('x-caller', process.env['TEST_CALLER'] ?? '');
});`)}`;

export async function startWatchingProxy(target: string): Promise<WatchingProxy> {
  const open = new Set<{ path: string; caller: number }>();
  const server = createServer((incoming, response) => {
    const path = incoming.url ?? '/';
    const call = { path: path.split('?')[0] ?? '', caller: Number(incoming.headers['x-caller']) };
    if (incoming.method === 'POST') open.add(call);
    response.on('close', () => open.delete(call));
    const outgoing = request(`${target}${path}`, { method: incoming.method, headers: incoming.headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    response.on('close', () => outgoing.destroy());
    incoming.pipe(outgoing);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    environmentOf: (caller) => ({ NODE_OPTIONS: `--import ${preload}`, TEST_CALLER: String(caller) }),
    callerOf: (path) => [...open].find((call) => call.path === path)?.caller ?? null,
    stop: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
