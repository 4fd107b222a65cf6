// A small Odoo: JSON-2 with our gateway's methods over a list of documents, as strict as the real one about paths, headers
// and argument names, with its form of errors.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { documentKinds } from '../../../bridge/core/knowledge/document.ts';

const kinds = z.array(z.enum(documentKinds));
const Arguments = {
  describe: z.strictObject({}),
  manifest: z.strictObject({ kinds, after: z.string(), limit: z.number().int().min(1).max(1000) }),
  documents: z.strictObject({
    refs: z.array(z.strictObject({ kind: z.enum(documentKinds), id: z.string() })).max(500),
  }),
  call_tool: z.strictObject({
    name: z.string(),
    arguments: z.record(z.string(), z.unknown()),
    caller: z.record(z.string(), z.unknown()),
    key: z.string(),
  }),
};

export interface ServedDocument {
  kind: string;
  id: string;
  hash: string;
  [field: string]: unknown;
}

export class OdooJson2Server {
  readonly url: string;
  documents: ServedDocument[] = [];
  description: Record<string, unknown> = { protocol: 1, addon_version: '19.0.1.2.0', apps: ['sale'], tools: [] };
  /** What `call_tool` answers, by the tool's name. */
  tools: Record<string, unknown> = {};
  /** Answers with this instead; 'silent' answers nothing. */
  fault: { status: number; body: string; headers?: Record<string, string> } | 'silent' | null = null;
  readonly seen: { path: string; headers: IncomingMessage['headers']; body: unknown }[] = [];
  readonly #server: Server;
  readonly #apiKey: string;
  readonly #database: string;

  private constructor(server: Server, apiKey: string, database: string) {
    this.#server = server;
    this.#apiKey = apiKey;
    this.#database = database;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('request', (request: IncomingMessage, response: ServerResponse) => void this.#serve(request, response));
  }

  static async start(apiKey: string, database: string): Promise<OdooJson2Server> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new OdooJson2Server(server, apiKey, database);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const body: unknown = text === '' ? null : JSON.parse(text);
    this.seen.push({ path: request.url ?? '', headers: request.headers, body });
    if (this.fault === 'silent') return;
    const { status, answer } = this.fault
      ? { status: this.fault.status, answer: this.fault.body }
      : this.#answer(request, body);
    response.writeHead(status, { 'content-type': 'application/json', ...(this.fault?.headers ?? {}) }).end(answer);
  }

  #answer(request: IncomingMessage, body: unknown): { status: number; answer: string } {
    if (request.headers.authorization !== `bearer ${this.#apiKey}`) {
      return refusal(401, 'werkzeug.exceptions.Unauthorized', 'Invalid apikey');
    }
    if (request.headers['x-odoo-database'] !== this.#database) {
      return refusal(404, 'werkzeug.exceptions.NotFound', 'no such database');
    }
    const [, method = ''] = /^\/json\/2\/integrator\.gateway\/(\w+)$/.exec(request.url ?? '') ?? [];
    if (request.method !== 'POST' || !(method in Arguments)) {
      return refusal(404, 'werkzeug.exceptions.NotFound', 'no such method');
    }
    try {
      return { status: 200, answer: JSON.stringify(this.#run(method, body)) };
    } catch (error) {
      return refusal(422, 'odoo.exceptions.UserError', error instanceof Error ? error.message : '');
    }
  }

  #run(method: string, body: unknown): unknown {
    if (method === 'describe') {
      Arguments.describe.parse(body);
      return this.description;
    }
    if (method === 'manifest') {
      const asked = Arguments.manifest.parse(body);
      const all = this.documents.filter(
        ({ kind }) => asked.kinds.length === 0 || asked.kinds.some((one) => one === kind),
      );
      const start = asked.after === '' ? 0 : Number(asked.after);
      const page = all.slice(start, start + asked.limit);
      return {
        items: page.map(({ kind, id, hash }) => ({ kind, id, hash })),
        next: start + asked.limit < all.length ? String(start + asked.limit) : '',
        digest: all.map(({ hash }) => hash).join(),
      };
    }
    if (method === 'call_tool') {
      const { name } = Arguments.call_tool.parse(body);
      return this.tools[name] ?? { ok: false, code: 'unknown_tool', message: 'There is no such tool here.' };
    }
    const { refs } = Arguments.documents.parse(body);
    const find = (ref: { kind: string; id: string }) =>
      this.documents.find(({ kind, id }) => kind === ref.kind && id === ref.id);
    return { documents: refs.flatMap((ref) => find(ref) ?? []), gone: refs.filter((ref) => !find(ref)) };
  }
}

function refusal(status: number, name: string, message: string): { status: number; answer: string } {
  const debug = 'Traceback (most recent call last): secret things';
  return { status, answer: JSON.stringify({ name, message, arguments: [message], context: {}, debug }) };
}
