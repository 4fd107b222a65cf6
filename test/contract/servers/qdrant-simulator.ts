// Enough of Qdrant's HTTP interface to run the contract suite without a server, as strict as a managed one: unknown fields,
// filters on fields without an index, wrong vectors and unplanned calls are refused. What it says about ranking is no
// proof; what it says about requests is. It can be stopped and started again on its address with what it holds.
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { Refusal, SimulatedCollection } from './qdrant-collection.ts';
import { ChangeAliases, CreateCollection, CreateIndex, Delete, QueryBatch, Scroll, Upsert } from './qdrant-dialect.ts';

export interface SeenRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  apiKey: string | undefined;
  body: unknown;
  /** What was answered; null until then. */
  answer: { status: number; body: unknown } | null;
}

export class QdrantSimulator {
  readonly seen: SeenRequest[] = [];
  readonly collections = new Map<string, SimulatedCollection>();
  readonly aliases = new Map<string, string>();
  /** Asked of everybody, but for readiness; null lets everybody in. */
  apiKey: string | null = null;
  /** Answers requests with this status instead, or not at all ('silent'). */
  fault: number | 'silent' | null = null;
  /** Only these are struck by the fault. */
  faultFor: (request: SeenRequest) => boolean = () => true;
  #server: Server | null = null;
  #port = 0;

  static async start(): Promise<QdrantSimulator> {
    const simulator = new QdrantSimulator();
    await simulator.start();
    return simulator;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Again after a stop: same address, same points. */
  async start(): Promise<void> {
    const server = createServer((request, response) => void this.#serve(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await bodyOf(request);
    const { pathname: path, searchParams } = new URL(request.url ?? '/', this.url);
    const query = Object.fromEntries(searchParams);
    const apiKey = request.headers['api-key']?.toString();
    const seen: SeenRequest = { method: request.method ?? '', path, query, apiKey, body, answer: null };
    this.seen.push(seen);
    if (this.fault === 'silent' && this.faultFor(seen)) return;
    seen.answer = this.#answerTo(seen);
    response.writeHead(seen.answer.status, { 'content-type': 'application/json' });
    response.end(JSON.stringify(seen.answer.body));
  }

  #answerTo(seen: SeenRequest): { status: number; body: unknown } {
    try {
      if (typeof this.fault === 'number' && this.faultFor(seen)) throw new Refusal(this.fault, 'fault on demand');
      if (this.apiKey !== null && seen.apiKey !== this.apiKey && seen.path !== '/readyz') {
        throw new Refusal(401, 'Must provide an API key or an Authorization bearer token');
      }
      return { status: 200, body: { result: this.#handle(seen), status: 'ok', time: 0 } };
    } catch (error) {
      const status = error instanceof Refusal ? error.status : error instanceof z.ZodError ? 400 : 500;
      return { status, body: { status: { error: error instanceof Error ? error.message : '' }, time: 0 } };
    }
  }

  #handle({ method, path, query, body }: SeenRequest): unknown {
    if (`${method} ${path}` === 'GET /readyz') return 'all shards are ready';
    if (`${method} ${path}` === 'GET /aliases') return { aliases: this.#describedAliases() };
    if (`${method} ${path}` === 'POST /collections/aliases') return this.#changeAliases(ChangeAliases.parse(body));
    const [, name = '', rest = ''] = /^\/collections\/([^/]+)(.*)$/.exec(path) ?? [];
    switch (`${method} ${rest}`) {
      case 'GET /exists':
        return { exists: this.collections.has(name) };
      case 'GET ':
        return this.#collection(name).info();
      case 'PUT ':
        return this.#create(name, CreateCollection.parse(body));
      case 'DELETE ':
        return this.#delete(name);
      case 'PUT /index':
        return this.#index(this.#written(name, query), CreateIndex.parse(body));
      case 'PUT /points':
        return this.#written(name, query).upsert(Upsert.parse(body));
      case 'POST /points/delete':
        return this.#written(name, query).delete(Delete.parse(body));
      case 'POST /points/query/batch':
        return QueryBatch.parse(body).searches.map((search) => this.#collection(name).query(search));
      case 'POST /points/scroll':
        return this.#collection(name).scroll(Scroll.parse(body));
      default:
        throw new Refusal(404, `no such route: ${method} ${path}`);
    }
  }

  #collection(name: string): SimulatedCollection {
    const collection = this.collections.get(this.aliases.get(name) ?? name);
    if (!collection) throw new Refusal(404, `Not found: Collection \`${name}\` doesn't exist!`);
    return collection;
  }

  /** A write that is not waited for would be searched too early. */
  #written(name: string, query: Record<string, string>): SimulatedCollection {
    if (query['wait'] !== 'true') throw new Refusal(400, 'written without wait');
    return this.#collection(name);
  }

  #create(name: string, made: z.infer<typeof CreateCollection>): boolean {
    if (this.collections.has(name)) throw new Refusal(409, `Collection \`${name}\` already exists!`);
    this.collections.set(name, new SimulatedCollection(made));
    return true;
  }

  #delete(name: string): boolean {
    for (const [alias, collection] of this.aliases) if (collection === name) this.aliases.delete(alias);
    return this.collections.delete(name);
  }

  #index({ indexes }: SimulatedCollection, { field_name, field_schema }: z.infer<typeof CreateIndex>): unknown {
    indexes.set(field_name, typeof field_schema === 'string' ? field_schema : field_schema.type);
    return { operation_id: 3, status: 'completed' };
  }

  /** All of them or none. */
  #changeAliases({ actions }: z.infer<typeof ChangeAliases>): boolean {
    const changed = new Map(this.aliases);
    for (const action of actions) {
      if ('delete_alias' in action) changed.delete(action.delete_alias.alias_name);
      else {
        const { alias_name: alias, collection_name: collection } = action.create_alias;
        if (!this.collections.has(collection)) throw new Refusal(404, `Not found: Collection \`${collection}\``);
        if (this.collections.has(alias) || changed.has(alias)) throw new Refusal(409, `\`${alias}\` already exists!`);
        changed.set(alias, collection);
      }
    }
    this.aliases.clear();
    for (const [alias, collection] of changed) this.aliases.set(alias, collection);
    return true;
  }

  #describedAliases(): { alias_name: string; collection_name: string }[] {
    return [...this.aliases].map(([alias_name, collection_name]) => ({ alias_name, collection_name }));
  }
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? null : (JSON.parse(text) as unknown);
}
