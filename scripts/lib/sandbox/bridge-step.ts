// The bridge of the sandbox, on the sandbox's Redis, as `npm start` runs it. It knows no tenant by itself: the shop comes
// from Odoo. Started anew when its sources were edited. Facts: `bridge_url`, `bridge_build`, `admin_token`, `master_key`.
import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { mustRun, plainEnvironment } from '../../../test/sandbox/servers/run-command.ts';
import { layTenantDefaults } from '../../../test/sandbox/shop/shop.ts';
import { startNodeServer } from './node-server.ts';
import { REPOSITORY } from './repository.ts';
import type { Sandbox } from './sandbox.ts';
import type { SandboxStep } from './steps.ts';

const NAME = 'bridge';

export const bridgeStep: SandboxStep = {
  name: NAME,
  up: async (sandbox) => {
    const build = await buildBridge();
    if (sandbox.running(NAME) && sandbox.fact('bridge_build') === build) return;
    await sandbox.end([NAME]);
    await start(sandbox, build);
    sandbox.setFact('bridge_build', build);
  },
};

/** The folder of the compiled bridge; its name changes with the sources. */
async function buildBridge(): Promise<string> {
  const environment = plainEnvironment({ PATH: process.env['PATH'] ?? '' });
  return (await mustRun(path.join(REPOSITORY, 'scripts/build'), [], { cwd: REPOSITORY, env: environment })).trim();
}

async function start(sandbox: Sandbox, build: string): Promise<void> {
  const folder = sandbox.dataFolder(NAME);
  const url = `http://127.0.0.1:${await sandbox.port(NAME)}`;
  const adminToken = secret(sandbox, 'admin_token', 'hex');
  await startNodeServer(sandbox, {
    name: NAME,
    args: ['--enable-source-maps', '--max-semi-space-size=64', path.join(build, 'bridge/main.js')],
    env: {
      HOST: '127.0.0.1',
      PORT: new URL(url).port,
      DATA_DIR: path.join(folder, 'data'),
      TENANTS_DIR: tenantsFolder(folder),
      REDIS_URL: sandbox.fact('redis_url') ?? '',
      BRIDGE_ADMIN_TOKEN: adminToken,
      BRIDGE_MASTER_KEY: secret(sandbox, 'master_key', 'base64'),
    },
    address: `${url}/console`,
    readyUrl: `${url}/health`,
    login: `admin token ${adminToken}`,
  });
  sandbox.setFact('bridge_url', url);
}

function tenantsFolder(folder: string): string {
  const tenants = path.join(folder, 'tenants');
  rmSync(tenants, { recursive: true, force: true });
  mkdirSync(tenants);
  layTenantDefaults(tenants);
  return tenants;
}

/** Made once: Redis holds what was sealed with it. */
function secret(sandbox: Sandbox, fact: string, encoding: 'hex' | 'base64'): string {
  const made = sandbox.fact(fact) ?? randomBytes(32).toString(encoding);
  sandbox.setFact(fact, made);
  return made;
}
