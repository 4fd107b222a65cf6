// Odoo of the sandbox. Its database stays between down and up; when the addons were edited meanwhile they are updated
// in it, and new ones installed. Facts: `odoo_url`, `odoo_database`.
import path from 'node:path';
import { hashAddons, listAddons } from '../../../test/sandbox/servers/addons.ts';
import { ensureOdoo } from '../../../test/sandbox/servers/ensure-odoo.ts';
import { changeModules } from '../../../test/sandbox/servers/odoo-command.ts';
import type { OdooSetup } from '../../../test/sandbox/servers/odoo-command.ts';
import { startOdoo } from '../../../test/sandbox/servers/odoo-server.ts';
import { sandboxPostgres } from './postgres-step.ts';
import type { Sandbox } from './sandbox.ts';
import type { SandboxStep } from './steps.ts';

const NAME = 'odoo';
const DATABASE = 'odoo';

export const odooStep: SandboxStep = {
  name: NAME,
  up: async (sandbox) => {
    const edited = sandbox.fact('addons_hash') !== hashAddons();
    if (sandbox.running(NAME) && !edited) return;
    await sandbox.end([NAME]);
    await start(sandbox);
  },
};

async function start(sandbox: Sandbox): Promise<void> {
  const { version } = await ensureOdoo();
  refuseOtherVersion(sandbox, version);
  const isEdited = sandbox.fact('addons_hash') !== hashAddons();
  const odoo = await startOdoo({
    postgres: await sandboxPostgres(sandbox),
    database: DATABASE,
    port: await sandbox.port(NAME),
    folder: path.join(sandbox.folder, NAME),
    lifetime: 'detached',
    ...(isEdited && { beforeStart: updateAddons }),
  });
  sandbox.record(odoo, { name: NAME, address: odoo.url, login: `${odoo.login} / ${odoo.password}` });
  const facts = {
    odoo_url: odoo.url,
    odoo_database: DATABASE,
    odoo_version: version,
    addons_hash: hashAddons(),
  };
  for (const [name, value] of Object.entries(facts)) sandbox.setFact(name, value);
}

async function updateAddons(setup: OdooSetup, database: string): Promise<void> {
  const addons = listAddons().join(',');
  if (addons !== '') await changeModules(setup, database, ['-i', addons, '-u', addons]);
}

function refuseOtherVersion(sandbox: Sandbox, version: string): void {
  const before = sandbox.fact('odoo_version');
  if (before === undefined || before === version) return;
  throw new Error(`the sandbox's database is of Odoo ${before}, the cache has ${version}: scripts/sandbox reset`);
}
