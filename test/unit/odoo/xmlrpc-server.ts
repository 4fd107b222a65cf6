// A small Odoo on XML-RPC, stricter than the real one: it takes only what the specification (and nil) allows, so that a
// value which Python would read as something else is noticed. Keeps what it was asked; can answer badly on demand.
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { readXmlrpcCall, writeXmlrpcFault, writeXmlrpcValue } from './xmlrpc-text.ts';

export interface XmlrpcCall {
  path: string;
  method: string;
  params: unknown[];
}
export type Misbehaviour = 'silent' | 'half' | { status: number; body: string; headers?: Record<string, string> };

export class OdooXmlrpcServer {
  readonly url: string;
  /** The one user. */
  user = { id: 7, login: 'ana', secret: 'key-1' };
  version = '17.0';
  /** What a method of a model answers; may throw a Fault. */
  run: (method: string, args: unknown) => unknown = () => true;
  /** In place of an answer to calls of this path. */
  misbehave: { at: string; how: Misbehaviour } | null = null;
  readonly calls: XmlrpcCall[] = [];
  /** What was not according to the specification. */
  readonly problems: string[] = [];
  /** Emits `call` for each one. */
  readonly heard = new EventEmitter();
  readonly sockets = new Set<Socket>();
  mostSockets = 0;
  readonly #server: Server;

  private constructor(server: Server) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response));
    server.on('connection', (socket: Socket) => {
      this.sockets.add(socket);
      this.mostSockets = Math.max(this.mostSockets, this.sockets.size);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async start(): Promise<OdooXmlrpcServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OdooXmlrpcServer(server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  methods(): string[] {
    return this.calls.map(({ method }) => method);
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const path = request.url ?? '';
    const body = this.#answer(request, path, Buffer.concat(chunks).toString());
    const how = this.misbehave && path.endsWith(this.misbehave.at) ? this.misbehave.how : null;
    if (how === 'silent') return;
    if (how === 'half') return void response.writeHead(200, { 'content-length': 1000 }).write(body.slice(0, 40));
    const { status, headers } = how ?? { status: 200, headers: {} };
    response.writeHead(status, { 'content-type': 'text/xml', ...headers }).end(how ? how.body : body);
  }

  #answer(request: IncomingMessage, path: string, text: string): string {
    try {
      if (request.method !== 'POST' || request.headers['content-type'] !== 'text/xml') throw new Error('no XML-RPC');
      const call = { path, ...readXmlrpcCall(text) };
      this.calls.push(call);
      this.heard.emit('call');
      return writeXmlrpcValue(path.endsWith('/common') ? this.#common(call) : this.#object(call));
    } catch (error) {
      if (error instanceof Fault) return writeXmlrpcFault(error.code, error.message);
      this.problems.push(String(error));
      return writeXmlrpcFault(1, String(error));
    }
  }

  #common({ method, params }: XmlrpcCall): unknown {
    if (method === 'version') return { server_version: this.version, protocol_version: 1 };
    const [db, login, secret] = params;
    return db === 'main' && login === this.user.login && secret === this.user.secret ? this.user.id : false;
  }

  #object({ params }: XmlrpcCall): unknown {
    const [db, id, secret, , method, , args] = params;
    if (db !== 'main' || id !== this.user.id || secret !== this.user.secret) throw new Fault(3, 'Access Denied');
    return this.run(String(method), args);
  }
}

/** To be thrown by `run`. */
export class Fault extends Error {
  readonly code: number;

  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}
