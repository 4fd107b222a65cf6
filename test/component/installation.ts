// A whole installation for component tests: the demo tenants with a short quiet time, a simulated Chatwoot, and bridges as
// real processes that can be killed and started again on the same port and data.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';

import { tmpdir } from 'node:os';
import path from 'node:path';
import { callBridge, startBridge } from '../../scripts/lib/demo/bridge-process.ts';
import type { BridgeProcess } from '../../scripts/lib/demo/bridge-process.ts';
import { mirrorTenants } from '../../scripts/lib/demo/demo-tenants.ts';
import type { DemoTenant } from '../../scripts/lib/demo/demo-tenants.ts';
import { connectTenant, toAccount } from '../../scripts/lib/demo/start-demo.ts';
import { eventually } from './eventually.ts';
import { freePort } from '../sandbox/servers/free-port.ts';
import { startChatwootSandbox } from '../sandbox/chatwoot/start-chatwoot-sandbox.ts';

export type Sandbox = Awaited<ReturnType<typeof startChatwootSandbox>>;

const root = path.resolve(import.meta.dirname, '../..');
const debounce = { complete_ms: 150, fragment_ms: 400, max_ms: 2_000 };

/** A test that writes much in a minute measures the bridge and not the tenant's limit. */
const wideLimits = { turns_per_minute: 100_000, concurrent_turns: 64 };

export interface InstallationOptions {
  limits?: { turns_per_minute: number; concurrent_turns: number };
  environment?: Record<string, string>;
  /** What only one of several bridges gets. */
  environmentOf?: (instance: number) => Record<string, string>;
  /** Also an account webhook beside the bot, so that every message is delivered by two surfaces. */
  accountWebhook?: boolean;
  /** Bridges that share one Chatwoot; the bot's deliveries go to the first. */
  instances?: number;
  /** What stands before the first bridge, or before all of them; deliveries go to its address. */
  front?: (bridgeUrl: () => string, all: () => string[]) => Promise<Front>;
  /** What stands before Chatwoot; the bridge's calls go to its address. */
  chatwootFront?: (chatwootUrl: string) => Promise<Front>;
}

interface Front {
  url: string;
  stop(): Promise<void>;
}

export class Installation {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'ui-component-'));
  readonly sandbox: Sandbox;
  readonly tenants: DemoTenant[];
  readonly bridges: BridgeProcess[] = [];
  readonly #ports: number[] = [];
  readonly #options: InstallationOptions;
  #front: Front | null = null;
  readonly #chatwootFront: Front | null;

  static async start(options: InstallationOptions = {}): Promise<Installation> {
    const sandbox = await startChatwootSandbox({ accounts: [], ...timing(options) });
    const chatwootFront = (await options.chatwootFront?.(sandbox.url)) ?? null;
    const installation = new Installation(sandbox, options, chatwootFront);
    await installation.#open();
    return installation;
  }

  private constructor(sandbox: Sandbox, options: InstallationOptions, chatwootFront: Front | null) {
    this.#chatwootFront = chatwootFront;
    this.sandbox = sandbox;
    this.#options = options;
    mkdirSync(path.join(this.folder, 'tenants'));
    this.tenants = mirrorTenants(
      path.join(root, 'tenants'),
      path.join(this.folder, 'tenants'),
      chatwootFront?.url ?? sandbox.url,
      (config) => {
        for (const channel of ['whatsapp', 'web', 'default']) config.setIn(['channels', channel, 'debounce'], debounce);
        for (const [name, value] of Object.entries(options.limits ?? wideLimits)) config.setIn(['limits', name], value);
      },
    );
  }

  get bridge(): BridgeProcess {
    const [first] = this.bridges;
    if (!first) throw new Error('no bridge runs');
    return first;
  }

  get api(): Sandbox['api'] {
    return this.sandbox.api;
  }

  /** Everything the bridges wrote to their logs so far. */
  get log(): string {
    return this.#ports.map((_, index) => readFileSync(this.#logFile(index), 'utf8')).join('');
  }

  tenant(accountId = 'sandra_cosmeticos'): DemoTenant {
    const tenant = this.tenants.find((candidate) => candidate.accountId === accountId);
    if (!tenant) throw new Error(`no tenant ${accountId}`);
    return tenant;
  }

  async ask(text: string, options: { tenant?: string; contact?: { name: string; phone_number: string } } = {}) {
    const tenant = this.tenant(options.tenant);
    const inbox = tenant.inboxes.find(({ channel }) => channel === 'whatsapp');
    if (!inbox) throw new Error('no inbox');
    const contact = options.contact ?? { name: 'Marta Lima', phone_number: '+5511999000000' };
    return this.api.customerWrites({ account: tenant.chatwootAccountId, inbox: inbox.id, contact, text });
  }

  async call(method: string, params: Record<string, unknown>, instance = 0): Promise<unknown> {
    const bridge = this.bridges[instance];
    if (!bridge) throw new Error(`no bridge ${instance}`);
    return callBridge(bridge, method, params);
  }

  async kill(instance = 0): Promise<void> {
    const child = this.bridges[instance]?.child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    await new Promise<void>((resolve) => {
      child.once('exit', () => resolve());
      child.kill('SIGKILL');
    });
  }

  /** Starts a killed bridge again: same port, same data. */
  async restart(instance = 0): Promise<void> {
    this.bridges[instance] = await this.#startBridge(instance);
  }

  async stop(): Promise<void> {
    await Promise.all(this.bridges.map((bridge) => bridge.stop()));
    await this.sandbox.stop();
    await this.#front?.stop();
    await this.#chatwootFront?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Waits until nothing is under way: no delivery, no call, and no conversation with mail in any bridge. */
  async quiet(timeoutMs = 60_000): Promise<void> {
    const isQuiet = async () => this.api.isIdle() && (await this.#waitingConversations()) === 0 && this.api.isIdle();
    await eventually('quiet', isQuiet, timeoutMs);
  }

  async #waitingConversations(): Promise<number> {
    const counts = this.bridges.map(async (bridge) => {
      const response = await fetch(`${bridge.url}/console/api/overview`, {
        headers: { Authorization: `Bearer ${bridge.adminToken}` },
      });
      const overview = (await response.json()) as { mailbox: number | null };
      return overview.mailbox ?? 1;
    });
    return (await Promise.all(counts)).reduce((sum, count) => sum + count, 0);
  }

  /** Public messages of the conversation that are ours, in order. */
  repliesIn(reference: { account: number; conversation: number }): string[] {
    return this.api
      .messagesOf(reference)
      .filter((message) => message.message_type === 1 && !message.private)
      .map((message) => message.content ?? '');
  }

  async #open(): Promise<void> {
    try {
      for (let index = 0; index < (this.#options.instances ?? 1); index++) {
        this.#ports.push(await freePort());
        this.bridges.push(await this.#startBridge(index));
      }
      const { bridge } = this;
      this.#front =
        (await this.#options.front?.(
          () => this.bridge.url,
          () => this.bridges.map(({ url }) => url),
        )) ?? null;
      const deliverTo = this.#front?.url ?? bridge.url;
      this.api.reset({
        ...timing(this.#options),
        accounts: this.tenants.map((tenant) => ({
          ...toAccount(tenant, deliverTo),
          webhooks: this.#options.accountWebhook
            ? [
                {
                  url: `${deliverTo}/webhooks/chatwoot/${tenant.accountId}`,
                  secret: `${tenant.accountId}-webhook-secret`,
                },
              ]
            : [],
        })),
      });
      for (const tenant of this.tenants) await connectTenant(bridge, tenant);
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  #startBridge(index: number): Promise<BridgeProcess> {
    const environment = {
      PORT: String(this.#ports[index]),
      HOST: '127.0.0.1',
      TENANTS_DIR: path.join(this.folder, 'tenants'),
      LOG_LEVEL: 'debug',
      ...this.#options.environment,
      ...this.#options.environmentOf?.(index),
    };
    return startBridge({
      dataDir: path.join(this.folder, `data-${index}`),
      environment,
      logFile: this.#logFile(index),
    });
  }

  #logFile(index: number): string {
    return path.join(this.folder, `bridge-${index}.log`);
  }
}

/** A front that waits for a bridge needs a Chatwoot that waits for the front, also on a machine under load. */
function timing(options: InstallationOptions) {
  return { bot_retry_ms: 200, ...(options.front ? { delivery_timeout_ms: 30_000 } : {}) };
}
