// A bridge with everything around it in processes of their own: simulated Chatwoot, model, and a Redis when asked for.
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startRedis } from '../../../test/sandbox/servers/redis-server.ts';
import type { RedisServer } from '../../../test/sandbox/servers/redis-server.ts';
import { callBridge, startBridge } from '../demo/bridge-process.ts';
import type { BridgeProcess } from '../demo/bridge-process.ts';
import { benchTenants, toAccount, writeTenants } from './bench-tenants.ts';
import type { BenchLimits, BenchTenant } from './bench-tenants.ts';
import { startChild } from './child.ts';
import type { Child } from './child.ts';

export type Mode = 'redis' | 'embedded';

export interface BenchInstallationOptions {
  mode: Mode;
  tenants: number;
  limits?: BenchLimits;
  /** Null: a bridge without a model. */
  model: { delayMs: number; withTool: boolean } | null;
  chatwootDelayMs?: number;
  environment?: Record<string, string>;
}

const standardLimits: BenchLimits = { turns_per_minute: 100_000, concurrent_turns: 8 };

export class BenchInstallation {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'ui-bench-'));
  readonly tenants: BenchTenant[];
  readonly chatwoot: Child;
  readonly model: Child;
  redis: RedisServer | null = null;
  #bridge: BridgeProcess | null = null;

  static async start(options: BenchInstallationOptions): Promise<BenchInstallation> {
    const installation = new BenchInstallation(options.tenants);
    try {
      await installation.#open(options);
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  private constructor(tenants: number) {
    this.tenants = benchTenants(tenants);
    this.chatwoot = startChild('chatwoot');
    this.model = startChild('model');
  }

  get bridge(): BridgeProcess {
    if (this.#bridge === null) throw new Error('the bridge does not run');
    return this.#bridge;
  }

  async stop(): Promise<void> {
    await this.#bridge?.stop();
    await Promise.all([this.chatwoot.stop(), this.model.stop(), this.redis?.stop()]);
    rmSync(this.folder, { recursive: true, force: true });
  }

  async #open(options: BenchInstallationOptions): Promise<void> {
    const chatwootUrl = await this.chatwoot.ask<string>('start');
    const modelUrl = await this.model.ask<string>('start');
    const tenantsDir = path.join(this.folder, 'tenants');
    writeTenants(tenantsDir, this.tenants, chatwootUrl, options.limits ?? standardLimits);
    if (options.mode === 'redis') this.redis = await startRedis();
    if (options.model) await this.model.ask('configure', options.model);
    this.#bridge = await startBridge({
      dataDir: path.join(this.folder, 'data'),
      logFile: path.join(this.folder, 'bridge.log'),
      environment: {
        PORT: '0',
        HOST: '127.0.0.1',
        TENANTS_DIR: tenantsDir,
        LOG_LEVEL: 'info',
        ...(this.redis ? redisSettings(this.redis.url) : {}),
        ...(options.model ? { OPENAI_BASE_URL: modelUrl, OPENAI_API_KEY: 'bench', LLM_MODEL: 'bench' } : {}),
        ...options.environment,
      },
    });
    const accounts = this.tenants.map((tenant) => toAccount(tenant, this.bridge.url));
    const config = { accounts, delivery_workers: 256 };
    await this.chatwoot.ask('reset', { config, delayMs: options.chatwootDelayMs ?? 0 });
    for (const tenant of this.tenants) await this.#connect(tenant);
  }

  #connect({ accountId, botToken, userToken, secret }: BenchTenant): Promise<unknown> {
    return callBridge(this.bridge, 'credentials.set', {
      account_id: accountId,
      ref: `${accountId}-chatwoot`,
      kind: 'chatwoot',
      fields: { bot_token: botToken, user_token: userToken, webhook_secrets: [secret] },
    });
  }
}

export function redisSettings(url: string): Record<string, string> {
  return {
    REDIS_URL: url,
    BRIDGE_ADMIN_TOKEN: randomBytes(24).toString('hex'),
    BRIDGE_MASTER_KEY: randomBytes(32).toString('base64'),
  };
}
