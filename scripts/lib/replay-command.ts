// `scripts/replay`: dead letters of a running bridge. Everything goes through its RPC, because its data belongs to it alone.
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { BridgeClient } from './bridge-client.ts';
import { CommandError, runCommand } from './run-command.ts';

const help = `usage: scripts/replay <command>
  --list [--account ID]        what could not be handled, the latest first
  --show ID [--with-text]      one letter; with what the customer wrote only when asked for
  ID …                         run these again
  --all [--account ID]         run all of them again
  --remove ID …                throw these away for good
options
  --url URL        the running bridge (default: http://127.0.0.1:PORT)
  --token TOKEN    its admin token (default: BRIDGE_ADMIN_TOKEN, else DATA_DIR/admin-token)
What was answered meanwhile (by the assistant or by a person), or whose conversation is resolved, is dropped and said so.`;

const options = {
  help: { type: 'boolean', short: 'h' },
  list: { type: 'boolean' },
  show: { type: 'string' },
  'with-text': { type: 'boolean' },
  all: { type: 'boolean' },
  remove: { type: 'boolean' },
  account: { type: 'string' },
  url: { type: 'string' },
  token: { type: 'string' },
} as const;

const Letter = z.object({
  id: z.string(),
  kind: z.string(),
  code: z.string(),
  message: z.string(),
  attempts: z.number(),
  first_at: z.string(),
  last_at: z.string(),
  keys: z.array(z.string()),
});
const Listed = z.object({ total: z.number(), letters: z.array(Letter) });
const Shown = Letter.extend({
  mail: z.array(z.object({ from: z.string(), message_id: z.number(), text: z.string().nullable() })),
});
const Replayed = z.object({
  results: z.array(z.object({ id: z.string(), outcome: z.string(), reason: z.string().nullable() })),
});
const Removed = z.object({ removed: z.number() });

/** What the bridge lists, and runs, at most in one call. */
const listedAtOnce = 1_000;
const runAtOnce = 100;

type Flags = ReturnType<typeof read>['values'];

function read() {
  return parseArgs({ options, allowPositionals: true });
}

async function main(): Promise<void> {
  const { values: flags, positionals: ids } = read();
  const isAsked = flags.list === true || flags.all === true || flags.show !== undefined || ids.length > 0;
  if (flags.help === true || !isAsked) {
    console.log(help);
    if (flags.help !== true) process.exitCode = 2;
    return;
  }
  const bridge = new BridgeClient(flags);
  if (flags.list === true) return list(bridge, flags);
  if (flags.show !== undefined) return show(bridge, flags.show, flags['with-text'] === true);
  if (flags.remove === true) return remove(bridge, ids);
  return flags.all === true ? replayAll(bridge, flags) : replay(bridge, ids);
}

async function list(bridge: BridgeClient, flags: Flags): Promise<void> {
  const { total, letters } = await lettersOf(bridge, flags);
  for (const { id, kind, code, message, attempts, last_at } of letters) {
    console.log([last_at, id, kind, code, `${attempts} tries`, message].join('\t'));
  }
  console.error(`${letters.length} shown, ${total} in all`);
}

async function show(bridge: BridgeClient, id: string, withText: boolean): Promise<void> {
  const { mail, ...letter } = await bridge.call('deadletters.get', { id, with_text: withText }, Shown);
  for (const [name, value] of Object.entries(letter)) {
    console.log(`${name}: ${Array.isArray(value) ? value.join(' ') : value}`);
  }
  for (const { from, message_id, text } of mail) {
    console.log(`${from} ${message_id}${text === null ? '' : `: ${text}`}`);
  }
}

async function remove(bridge: BridgeClient, ids: string[]): Promise<void> {
  if (ids.length === 0) throw new CommandError('--remove takes the ids of the letters', 2);
  const { removed } = await bridge.call('deadletters.remove', { ids }, Removed);
  console.log(`${removed} removed`);
}

async function replayAll(bridge: BridgeClient, flags: Flags): Promise<void> {
  const { letters } = await lettersOf(bridge, flags);
  if (letters.length === 0) {
    console.log('there are no dead letters');
    return;
  }
  // The oldest customer has waited longest.
  await replay(bridge, letters.map(({ id }) => id).reverse());
}

async function replay(bridge: BridgeClient, ids: string[]): Promise<void> {
  let kept = 0;
  for (let at = 0; at < ids.length; at += runAtOnce) {
    const params = { ids: ids.slice(at, at + runAtOnce) };
    const { results } = await bridge.call('deadletters.replay', params, Replayed);
    for (const { id, outcome, reason } of results) {
      console.log(reason === null ? `${id} ${outcome}` : `${id} ${outcome}: ${reason}`);
    }
    kept += results.filter(({ outcome }) => outcome === 'kept').length;
  }
  if (kept > 0) throw new CommandError(`${kept} could not be run again now and are still there`);
}

async function lettersOf(bridge: BridgeClient, { account }: Flags): Promise<z.infer<typeof Listed>> {
  const params = { limit: listedAtOnce, ...(account === undefined ? {} : { account_id: account }) };
  return bridge.call('deadletters.list', params, Listed);
}

await runCommand('replay', main);
