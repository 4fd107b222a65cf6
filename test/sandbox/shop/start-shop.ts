// The shop with everything real around it but Chatwoot, for tests: its own Odoo, PostgreSQL, Redis and bridge, connected
// as an administrator connects them, on free ports and in temporary folders.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startBridge } from '../../../scripts/lib/demo/bridge-process.ts';
import type { BridgeProcess } from '../../../scripts/lib/demo/bridge-process.ts';
import { modes } from '../../component/modes.ts';
import type { Mode } from '../../component/modes.ts';
import { startChatwootSandbox } from '../chatwoot/start-chatwoot-sandbox.ts';
import type { ChatwootSandbox } from '../chatwoot/start-chatwoot-sandbox.ts';
import { freePort } from '../servers/free-port.ts';
import { startOdoo } from '../servers/odoo-server.ts';
import type { OdooServer } from '../servers/odoo-server.ts';
import { chatwootSeed } from './chatwoot-seed.ts';
import { connectShop } from './connect-shop.ts';
import type { OdooSession } from './odoo-session.ts';
import { layTenantDefaults, shop } from './shop.ts';

export interface RunningShop {
  odoo: OdooServer;
  /** Odoo as its administrator. */
  session: OdooSession;
  bridge: BridgeProcess;
  chatwoot: ChatwootSandbox;
  mode: Mode;
  /** What the bridge wrote to its log so far. */
  log: () => string;
  /** A customer who never wrote before asks on WhatsApp; resolves to the reply. */
  ask: (text: string) => Promise<string>;
  stop: () => Promise<void>;
}

const replyTimeoutMs = 30_000;

export async function startShop(): Promise<RunningShop> {
  const folder = mkdtempSync(path.join(tmpdir(), 'ui-shop-'));
  const undo: (() => Promise<void>)[] = [async () => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    for (const end of undo.splice(0).reverse()) await end();
  };
  try {
    return { ...(await start(folder, undo)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(folder: string, undo: (() => Promise<void>)[]): Promise<Omit<RunningShop, 'stop'>> {
  const mode = await modes.redis();
  undo.push(() => mode.stop());
  const chatwoot = await startChatwootSandbox();
  undo.push(() => chatwoot.stop());
  const logFile = path.join(folder, 'bridge.log');
  const bridge = await startShopBridge(folder, logFile, mode.environment);
  undo.push(() => bridge.stop());
  chatwoot.api.reset(chatwootSeed(bridge));
  const odoo = await startOdoo();
  undo.push(() => odoo.stop());
  const session = await connectShop({ odoo, bridge, chatwootUrl: chatwoot.url });
  return { odoo, session, bridge, chatwoot, mode, log: () => readFileSync(logFile, 'utf8'), ask: asker(chatwoot) };
}

async function startShopBridge(
  folder: string,
  logFile: string,
  environment: Record<string, string>,
): Promise<BridgeProcess> {
  const tenantsDir = path.join(folder, 'tenants');
  mkdirSync(tenantsDir);
  layTenantDefaults(tenantsDir);
  const place = { PORT: String(await freePort()), HOST: '127.0.0.1', TENANTS_DIR: tenantsDir };
  return startBridge({ dataDir: path.join(folder, 'data'), environment: { ...place, ...environment }, logFile });
}

function asker({ api }: ChatwootSandbox): RunningShop['ask'] {
  let customers = 0;
  return async (text) => {
    customers += 1;
    const contact = { name: `Cliente ${customers}`, phone_number: `+55119990000${String(customers).padStart(2, '0')}` };
    const inbox = shop.inboxes.find(({ channel }) => channel === 'whatsapp')?.id ?? 0;
    const asked = api.customerWrites({ account: shop.chatwootAccountId, inbox, contact, text });
    const reply = await api.waitForReply(asked, undefined, replyTimeoutMs);
    return reply.content ?? '';
  };
}
