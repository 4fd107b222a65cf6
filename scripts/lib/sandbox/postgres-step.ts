// PostgreSQL of the sandbox, on a socket in its own folder. A new one begins as a copy of the template's cluster, so
// Odoo's database is a copy inside it and takes no minute to install. Fact: `addons_hash`, of what is installed.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { hashAddons } from '../../../test/sandbox/servers/addons.ts';
import { ensureTemplateDatabase } from '../../../test/sandbox/servers/odoo-template.ts';
import { POSTGRES_ROLE, startPostgres } from '../../../test/sandbox/servers/postgres-server.ts';
import type { PostgresServer } from '../../../test/sandbox/servers/postgres-server.ts';
import type { Sandbox } from './sandbox.ts';
import type { SandboxStep } from './steps.ts';

const NAME = 'postgres';

/** The sandbox's PostgreSQL, started when it is not running. */
export async function sandboxPostgres(sandbox: Sandbox): Promise<PostgresServer> {
  const running = sandbox.running(NAME)?.process;
  const folder = path.join(sandbox.folder, NAME);
  const isNew = !existsSync(path.join(folder, 'data'));
  return startPostgres({
    folder,
    lifetime: 'detached',
    ...(running && { running }),
    ...(isNew && { copyFrom: await copyOfTemplate(sandbox) }),
  });
}

async function copyOfTemplate(sandbox: Sandbox): Promise<string> {
  sandbox.setFact('addons_hash', hashAddons());
  return (await ensureTemplateDatabase()).cluster;
}

export const postgresStep: SandboxStep = {
  name: NAME,
  up: async (sandbox) => {
    if (sandbox.running(NAME)) return;
    const postgres = await sandboxPostgres(sandbox);
    const address = `${postgres.programs}/psql -h ${postgres.socketFolder} -U ${POSTGRES_ROLE} odoo`;
    // SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client.
    sandbox.record(postgres, { name: NAME, address }, { stopSignal: 'SIGINT', stopGraceMs: 20_000 });
  },
};
