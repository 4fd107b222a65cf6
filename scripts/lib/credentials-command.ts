// `scripts/credentials`: reads the command line and sends JSON-RPC. A value never stands on a command line, where other
// users and the shell's history would see it: it is typed without echo or comes on standard input.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { BridgeClient } from './bridge-client.ts';
import { readFields } from './credentials/read-fields.ts';
import { resealAll } from './credentials/reseal-all.ts';
import { CommandError, runCommand } from './run-command.ts';

const help = `usage: scripts/credentials <command>
  set <account_id> <ref> [--kind KIND]    save a credential; fields are asked for, or read from standard input
                                          as JSON {"bot_token": "…"} or as lines name=value
  list <account_id>                       names and fields of what is saved, never values
  remove <account_id> <ref>               forget a credential
  reseal                                  seal everything with BRIDGE_MASTER_KEY again after it was changed
                                          (BRIDGE_MASTER_KEY_PREVIOUS holds the key before; embedded: stop the bridge first)
kinds and their fields
  chatwoot   bot_token, user_token, webhook_secrets (list), url_token; any of them
  odoo       login, api_key or password
  model      api_key, base_url, model, embedding_model; any of them
  mcp        headers (map)
options
  --url URL        the running bridge (default: http://127.0.0.1:PORT)
  --token TOKEN    its admin token (default: BRIDGE_ADMIN_TOKEN, else DATA_DIR/admin-token)`;

const options = {
  help: { type: 'boolean', short: 'h' },
  kind: { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
} as const;

type Flags = ReturnType<typeof read>['values'];

function read() {
  return parseArgs({ options, allowPositionals: true });
}

async function main(): Promise<void> {
  const { values: flags, positionals } = read();
  const [command, accountId, ref, ...rest] = positionals;
  if (flags.help === true || command === undefined) {
    console.log(help);
    if (flags.help !== true) process.exitCode = 2;
    return;
  }
  if (rest.length > 0) {
    throw new CommandError('values are not given as arguments: they are asked for or read from standard input', 2);
  }
  await run(command, { accountId, ref }, flags);
}

interface Place {
  accountId: string | undefined;
  ref: string | undefined;
}

async function run(command: string, place: Place, flags: Flags): Promise<void> {
  switch (command) {
    case 'set':
      return set(place, flags);
    case 'list':
      return list(place, flags);
    case 'remove':
      return remove(place, flags);
    case 'reseal':
      return resealAll();
    default:
      throw new CommandError(`there is no command ${command}; scripts/credentials --help lists them`, 2);
  }
}

async function set({ accountId, ref }: Place, flags: Flags): Promise<void> {
  if (accountId === undefined || ref === undefined) {
    throw new CommandError('usage: scripts/credentials set <account_id> <ref>', 2);
  }
  const bridge = new BridgeClient(flags);
  const fields = await readFields(flags.kind ?? null);
  const params = { account_id: accountId, ref, fields, ...(flags.kind === undefined ? {} : { kind: flags.kind }) };
  const saved = await bridge.call('credentials.set', params, z.object({ updated_at: z.string() }));
  console.error(`${ref} of ${accountId} is saved (${saved.updated_at}) and used from the next turn on`);
}

const Listed = z.object({
  credentials: z.array(
    z.object({ ref: z.string(), kind: z.string(), fields: z.array(z.string()), updated_at: z.string() }),
  ),
});

async function list({ accountId }: Place, flags: Flags): Promise<void> {
  if (accountId === undefined) throw new CommandError('usage: scripts/credentials list <account_id>', 2);
  const { credentials } = await new BridgeClient(flags).call('credentials.list', { account_id: accountId }, Listed);
  if (credentials.length === 0) console.error(`nothing is saved for ${accountId}`);
  for (const { ref, kind, fields, updated_at: updatedAt } of credentials) {
    console.log(`${ref}  ${kind}  ${fields.join(',')}  ${updatedAt}`);
  }
}

async function remove({ accountId, ref }: Place, flags: Flags): Promise<void> {
  if (accountId === undefined || ref === undefined) {
    throw new CommandError('usage: scripts/credentials remove <account_id> <ref>', 2);
  }
  const params = { account_id: accountId, ref };
  const { removed } = await new BridgeClient(flags).call(
    'credentials.remove',
    params,
    z.object({ removed: z.boolean() }),
  );
  if (!removed) throw new CommandError(`${accountId} has no credential ${ref}`);
  console.error(`${ref} of ${accountId} is removed`);
}

await runCommand('credentials', main);
