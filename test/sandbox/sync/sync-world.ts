// A big catalogue in a real Odoo, a simulated embedding endpoint and a bridge as a process of its own: what a sync does is
// counted where it arrives (texts embedded, calls answered by Odoo). For the tests of the sync and for its bench.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { callBridge, startBridge } from '../../../scripts/lib/demo/bridge-process.ts';
import type { BridgeProcess } from '../../../scripts/lib/demo/bridge-process.ts';
import { startModelServer } from '../model-server/start-model-server.ts';
import type { ModelServer } from '../model-server/start-model-server.ts';
import { freePort } from '../servers/free-port.ts';
import { startOdoo } from '../servers/odoo-server.ts';
import type { OdooServer } from '../servers/odoo-server.ts';
import { bigShop } from './big-shop.ts';

const account_id = 'loja_grande';
const login = `universal-integrator.${account_id}`;

const Report = z.object({
  items: z.number(),
  fetched: z.number(),
  embedded: z.number(),
  unchanged: z.number(),
  removed: z.number(),
  differences: z.number(),
  index: z.object({ points: z.number(), missing: z.number(), foreign: z.number() }).nullable(),
  calls: z.number(),
  ms: z.number(),
});
const Batch = z.object({ input: z.array(z.string()) });
export type SyncFigures = z.infer<typeof Report>;

export interface SyncWorldOptions {
  products: number;
  rules: number;
  embeddingDelayMs: number;
  /** More of the bridge's environment, for example a Redis. */
  environment?: Record<string, string>;
}

export class SyncWorld {
  readonly odoo: OdooServer;
  readonly model: ModelServer;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'ui-sync-'));
  readonly #environment: Record<string, string>;
  #bridge: BridgeProcess | null = null;
  #apiKey = '';
  #dataFolders = 1;

  static async start({ products, rules, embeddingDelayMs, environment = {} }: SyncWorldOptions): Promise<SyncWorld> {
    const odoo = await startOdoo({ cronThreads: 0 });
    const model = await startModelServer({ mode: 'rules', embeddingDelayMs });
    const port = String(await freePort());
    const world = new SyncWorld(odoo, model, {
      PORT: port,
      OPENAI_BASE_URL: model.url,
      OPENAI_API_KEY: 'sync',
      EMBEDDING_MODEL: 'text-embedding-3-small',
      ...environment,
    });
    try {
      world.#apiKey = (await odoo.shell(bigShop(account_id, products, rules))).split('\n').at(-1) ?? '';
      await world.startBridge();
      await world.#connect();
      return world;
    } catch (error) {
      await world.stop();
      throw error;
    }
  }

  private constructor(odoo: OdooServer, model: ModelServer, environment: Record<string, string>) {
    this.odoo = odoo;
    this.model = model;
    this.#environment = environment;
    // An empty folder of tenants: this one is saved through the bridge.
    mkdirSync(path.join(this.#folder, 'tenants', '_base'), { recursive: true });
    writeFileSync(path.join(this.#folder, 'tenants', '_base', 'defaults.yaml'), 'schema_version: 1\nlanguage: pt_BR\n');
  }

  async startBridge(changes: Record<string, string> = {}): Promise<void> {
    const own = { HOST: '127.0.0.1', TENANTS_DIR: path.join(this.#folder, 'tenants'), LOG_LEVEL: 'info' };
    this.#bridge = await startBridge({
      dataDir: path.join(this.#folder, `data-${this.#dataFolders}`),
      logFile: path.join(this.#folder, 'bridge.log'),
      // Without the clock: a sync runs when it is asked for.
      environment: { ...own, ROLES: 'http,worker', ...this.#environment, ...changes },
    });
  }

  /** Another bridge that knows nothing yet. */
  async startAfresh(): Promise<void> {
    await this.#bridge?.stop();
    this.#dataFolders += 1;
    await this.startBridge();
    await this.#connect();
  }

  async sync(options: { dry_run?: boolean } = {}): Promise<SyncFigures> {
    return Report.parse(await this.call('knowledge.sync', options));
  }

  /** For commands that speak to a running bridge. */
  get address(): { accountId: string; url: string; token: string } {
    const { url, adminToken: token } = this.#running();
    return { accountId: account_id, url, token };
  }

  call(method: string, params: Record<string, unknown> = {}): Promise<unknown> {
    return callBridge(this.#running(), method, { account_id, ...params });
  }

  /** Runs SQL past Odoo's own code, as nothing but a write date would tell. */
  query(sql: string): Promise<unknown> {
    return this.odoo.postgres.query(this.odoo.database, sql);
  }

  /** Texts that arrived at the embedding endpoint, in order. */
  get embedded(): string[] {
    return this.#batches().flat();
  }

  /** What was in flight at the most. */
  get largestBatch(): number {
    return Math.max(0, ...this.#batches().map(({ length }) => length));
  }

  forgetEmbedded(): void {
    this.model.api.calls = [];
  }

  /** The bridge's process dies at this instant. */
  async kill(): Promise<void> {
    const { child } = this.#running();
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
    this.#bridge = null;
  }

  /** Most memory the bridge's process ever held, in MB. */
  get peakMb(): number {
    const status = readFileSync(`/proc/${this.#running().child.pid ?? 0}/status`, 'utf8');
    return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1_024);
  }

  async stop(): Promise<void> {
    await this.#bridge?.stop();
    await Promise.all([this.odoo.stop(), this.model.stop()]);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** A request that is still arriving counts when it is there. */
  #batches(): string[][] {
    const requests = this.model.api.calls.filter(({ endpoint }) => endpoint === 'embeddings');
    return requests.flatMap(({ request }) => {
      const read = Batch.safeParse(request);
      return read.success ? [read.data.input] : [];
    });
  }

  #running(): BridgeProcess {
    if (!this.#bridge) throw new Error('the bridge does not run');
    return this.#bridge;
  }

  async #connect(): Promise<void> {
    const { url, database: db } = this.odoo;
    const ref = `${account_id}-odoo`;
    const odoo = { url, db, api: 'json2', credential_ref: ref };
    await this.call('tenant.upsert', { name: 'Loja grande', domain: 'retail', integrations: { odoo } });
    await this.call('credentials.set', { ref, kind: 'odoo', fields: { login, api_key: this.#apiKey } });
  }
}
