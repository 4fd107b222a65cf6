// The simulated Chatwoot of the sandbox with its page, for one shop. It forgets its conversations when it ends, so each
// start counts on from other numbers: the bridge remembers the old ones. Facts: `chatwoot_url`, `chatwoot_bot_url`,
// `chatwoot_starts`.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { shop } from '../../../test/sandbox/shop/shop.ts';
import { chatwootSeed } from '../../../test/sandbox/shop/chatwoot-seed.ts';
import { startNodeServer } from './node-server.ts';
import type { Sandbox } from './sandbox.ts';
import type { SandboxStep } from './steps.ts';

const NAME = 'chatwoot';

export const chatwootStep: SandboxStep = {
  name: NAME,
  up: async (sandbox) => {
    if (sandbox.running(NAME) && sandbox.fact('chatwoot_bot_url') === sandbox.fact('bridge_url')) return;
    await sandbox.end([NAME]);
    await start(sandbox);
  },
};

async function start(sandbox: Sandbox): Promise<void> {
  const port = await sandbox.port(NAME);
  const url = `http://127.0.0.1:${port}`;
  const bridgeUrl = sandbox.fact('bridge_url') ?? '';
  const starts = Number(sandbox.fact('chatwoot_starts') ?? 0);
  const seed = {
    ...chatwootSeed({ url: bridgeUrl, adminToken: sandbox.fact('admin_token') ?? '' }),
    earlier_starts: starts,
  };
  const seedFile = path.join(sandbox.dataFolder(NAME), 'seed.json');
  writeFileSync(seedFile, JSON.stringify(seed), { mode: 0o600 });
  const main = 'test/sandbox/chatwoot/main.ts';
  await startNodeServer(sandbox, {
    name: NAME,
    args: ['--import', 'ts-blank-space/register', main, '--port', String(port), '--config', seedFile],
    env: {},
    address: `${url}/`,
    readyUrl: `${url}/`,
    login: `write as a customer of ${shop.name}`,
  });
  sandbox.setFact('chatwoot_url', url);
  sandbox.setFact('chatwoot_bot_url', bridgeUrl);
  sandbox.setFact('chatwoot_starts', String(starts + 1));
}
