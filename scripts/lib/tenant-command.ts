// `scripts/tenant`: what each subcommand does is in tenant/*.ts; here only the command line is read.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { BridgeClient } from './bridge-client.ts';
import { tenantsDir } from './places.ts';
import { CommandError, runCommand } from './run-command.ts';
import { checkTenants } from './tenant/check-tenants.ts';
import { connectChatwoot, disconnectChatwoot, listInboxes } from './tenant/connect-chatwoot.ts';
import { exportTenants } from './tenant/export-tenants.ts';
import { listTenants } from './tenant/list-tenants.ts';
import { syncTenantNow } from './tenant/sync-tenant.ts';
import { newTenant } from './tenant/new-tenant.ts';

const help = `usage: scripts/tenant <command>
  new <domain> <account_id> --name NAME   write a commented configuration file for a new tenant
  check [account_id | file …]             check files without a bridge; one line per problem, exit code 1 on errors
  list                                    tenants of the files; with --url or --token also those of a running bridge
  pair [account_id] [--minutes N]         ask a running bridge for a pairing code to type into Odoo;
                                          with an account_id: for a tenant that exists already
  inboxes <account_id>                    the inboxes of its Chatwoot, each with the mode the tenant uses it in
  connect <account_id> [--surface agent_bot|account_webhook] [--inboxes 5,7]
                                          make its Chatwoot deliver to the running bridge (PUBLIC_URL)
  disconnect <account_id>                 undo that
  sync <account_id> [--dry-run]           compare its knowledge with Odoo (or its files) now; exit code 1 on a difference
  export [--dir DIR] [--force]            write the tenants saved by RPC as files (default: the tenants folder)
options
  --url URL        the running bridge (default: http://127.0.0.1:PORT)
  --token TOKEN    its admin token (default: BRIDGE_ADMIN_TOKEN, else DATA_DIR/admin-token)
Files are read from TENANTS_DIR (default: tenants).`;

const options = {
  help: { type: 'boolean', short: 'h' },
  name: { type: 'string' },
  minutes: { type: 'string' },
  surface: { type: 'string' },
  inboxes: { type: 'string' },
  dir: { type: 'string' },
  force: { type: 'boolean' },
  'dry-run': { type: 'boolean' },
  url: { type: 'string' },
  token: { type: 'string' },
} as const;

type Flags = ReturnType<typeof read>['values'];

function read() {
  return parseArgs({ options, allowPositionals: true });
}

async function main(): Promise<void> {
  const { values: flags, positionals } = read();
  const [command, ...rest] = positionals;
  if (flags.help === true || command === undefined) {
    console.log(help);
    if (flags.help !== true) process.exitCode = 2;
    return;
  }
  await run(command, rest, flags);
}

async function run(command: string, rest: string[], flags: Flags): Promise<void> {
  switch (command) {
    case 'new':
      return newTenant({ root: tenantsDir(), domain: rest[0], accountId: rest[1], name: flags.name });
    case 'check':
      return checkTenants({ root: tenantsDir(), wanted: rest });
    case 'list':
      return listTenants({ root: tenantsDir(), bridge: asksBridge(flags) ? new BridgeClient(flags) : null });
    case 'pair':
      return pair(rest[0], flags);
    case 'inboxes':
      return listInboxes(new BridgeClient(flags), rest[0]);
    case 'connect':
      return connectChatwoot(new BridgeClient(flags), rest[0], { surface: flags.surface, inboxes: flags.inboxes });
    case 'disconnect':
      return disconnectChatwoot(new BridgeClient(flags), rest[0]);
    case 'sync':
      return syncTenantNow({ accountId: rest[0], dryRun: flags['dry-run'] === true, bridge: new BridgeClient(flags) });
    case 'export':
      return exportTenants({
        root: flags.dir ?? tenantsDir(),
        force: flags.force === true,
        bridge: new BridgeClient(flags),
      });
    default:
      throw new CommandError(`there is no command ${command}; scripts/tenant --help lists them`, 2);
  }
}

function asksBridge(flags: Flags): boolean {
  return flags.url !== undefined || flags.token !== undefined;
}

async function pair(accountId: string | undefined, flags: Flags): Promise<void> {
  const minutes = Number(flags.minutes ?? '15');
  if (!Number.isInteger(minutes) || minutes < 1) throw new CommandError('--minutes takes a whole number from 1 on', 2);
  const params = { ttl_seconds: minutes * 60, ...(accountId === undefined ? {} : { account_id: accountId }) };
  const shape = z.object({ code: z.string() });
  const { code } = await new BridgeClient(flags).call('system.create_pairing_code', params, shape);
  console.log(code);
  const whom = accountId === undefined ? 'for a new tenant' : `for ${accountId}`;
  console.error(`Type it into Odoo (${whom}); it works once, within ${minutes} minutes.`);
}

await runCommand('tenant', main);
