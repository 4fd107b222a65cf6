// The demo installation: a simulated Chatwoot with one account a tenant and every channel, and the bridge in embedded mode
// beside it, connected as an administrator would connect them.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startChatwootSandbox } from '../../../test/sandbox/chatwoot/start-chatwoot-sandbox.ts';
import { callBridge, startBridge } from './bridge-process.ts';
import type { BridgeProcess } from './bridge-process.ts';
import { mirrorTenants } from './demo-tenants.ts';
import type { DemoChannel, DemoTenant } from './demo-tenants.ts';

const root = path.resolve(import.meta.dirname, '../../..');

const channelTypes = {
  whatsapp: 'Channel::Whatsapp',
  instagram: 'Channel::Instagram',
  facebook: 'Channel::FacebookPage',
  email: 'Channel::Email',
  web: 'Channel::WebWidget',
  telegram: 'Channel::Telegram',
  sms: 'Channel::Sms',
  marketplace: 'Channel::Api',
} as const satisfies Record<DemoChannel, string>;

const channelNames: Record<DemoChannel, string> = {
  whatsapp: 'WhatsApp',
  instagram: 'Instagram',
  facebook: 'Facebook',
  email: 'E-mail',
  web: 'Chat do site',
  telegram: 'Telegram',
  sms: 'SMS (observação)',
  marketplace: 'Marketplace',
};

export interface Demo {
  sandbox: Awaited<ReturnType<typeof startChatwootSandbox>>;
  bridge: BridgeProcess;
  tenants: DemoTenant[];
  logFile: string;
  stop(): Promise<void>;
}

export async function startDemo(options: { port?: number; environment?: Record<string, string> } = {}): Promise<Demo> {
  const folder = mkdtempSync(path.join(tmpdir(), 'universal-integrator-demo-'));
  const cleanUp = () => rmSync(folder, { recursive: true, force: true });
  const tenantsDir = path.join(folder, 'tenants');
  const logFile = path.join(folder, 'bridge.log');
  mkdirSync(tenantsDir);
  const sandbox = await startChatwootSandbox({ ...(options.port ? { port: options.port } : {}), accounts: [] });
  try {
    const tenants = mirrorTenants(path.join(root, 'tenants'), tenantsDir, sandbox.url);
    const environment = { PORT: '0', HOST: '127.0.0.1', TENANTS_DIR: tenantsDir, ...options.environment };
    const bridge = await startBridge({ dataDir: path.join(folder, 'data'), environment, logFile });
    sandbox.api.reset({
      accounts: tenants.map((tenant) => toAccount(tenant, bridge.url)),
      trace: {
        url: `${bridge.url}/console/api/turns?account_id={account}&conversation_id={conversation}`,
        bearer: bridge.adminToken,
      },
    });
    for (const tenant of tenants) await connectTenant(bridge, tenant);
    const stop = async () => {
      await bridge.stop();
      await sandbox.stop();
      cleanUp();
    };
    return { sandbox, bridge, tenants, logFile, stop };
  } catch (error) {
    await sandbox.stop();
    cleanUp();
    throw error;
  }
}

export function toAccount(tenant: DemoTenant, bridgeUrl: string) {
  const agent = { id: tenant.chatwootAccountId * 10 + 1, name: 'Bia', role: 'agent' as const };
  return {
    id: tenant.chatwootAccountId,
    name: tenant.name,
    tenant: tenant.accountId,
    users: [
      { ...agent },
      { id: agent.id + 1, name: 'Ana', role: 'administrator' as const, token: `${tenant.accountId}-user-token` },
    ],
    bots: [
      {
        name: 'Assistente',
        token: `${tenant.accountId}-bot-token`,
        secret: `${tenant.accountId}-webhook-secret`,
        outgoing_url: `${bridgeUrl}/webhooks/chatwoot/${tenant.accountId}`,
        inboxes: 'all' as const,
      },
    ],
    inboxes: tenant.inboxes.map(({ id, channel }) => ({
      id,
      name: channelNames[channel],
      channel_type: channelTypes[channel],
    })),
    teams: tenant.team ? [{ name: tenant.team, members: [agent.id] }] : [],
  };
}

export async function connectTenant(bridge: BridgeProcess, tenant: DemoTenant): Promise<void> {
  await callBridge(bridge, 'credentials.set', {
    account_id: tenant.accountId,
    ref: `${tenant.accountId}-chatwoot`,
    kind: 'chatwoot',
    fields: {
      bot_token: `${tenant.accountId}-bot-token`,
      user_token: `${tenant.accountId}-user-token`,
      webhook_secrets: [`${tenant.accountId}-webhook-secret`],
    },
  });
}
