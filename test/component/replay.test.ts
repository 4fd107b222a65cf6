// scripts/replay as an operator runs it, against the RPC of a bridge that holds dead letters.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { DeadLetter } from '../../bridge/core/ports/dead-letters.ts';
import { customerMessage } from '../contract/store-samples.ts';
import { adminToken, rpcClient, startRpcBridge } from './rpc-bridge.ts';
import type { RpcBridge } from './rpc-bridge.ts';

const root = path.resolve(import.meta.dirname, '../..');
const secret = 'Meu CPF é segredo, cadê o pedido?';

describe('scripts/replay', function () {
  this.timeout(60_000);
  let bridge: RpcBridge;
  before(async () => {
    bridge = await startRpcBridge({ tenants: {} });
  });
  after(() => bridge.stop());
  beforeEach(async () => {
    const { deadLetters } = bridge.stores;
    await deadLetters.remove((await deadLetters.list(null, 100)).map(({ id }) => id));
    for (const [accountId, conversationId] of [
      ['loja_a', 1],
      ['loja_a', 2],
      ['loja_b', 7],
    ] as const) {
      await deadLetters.put(letter(accountId, conversationId), { most: 100, notBeforeMs: 0 });
    }
  });

  async function run(...flags: string[]): Promise<{ code: number | null; out: string; error: string }> {
    const child = spawn(path.join(root, 'scripts/replay'), [...flags, '--url', bridge.url, '--token', adminToken]);
    const exit = new Promise<number | null>((resolve) => child.on('close', resolve));
    const [out, error, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
    return { code, out, error };
  }

  it('lists what could not be handled, of all tenants or of one, and never a word of a customer', async () => {
    const all = await run('--list');
    assert.equal(all.code, 0, all.error);
    assert.equal(all.out.trim().split('\n').length, 3);
    assert.match(all.out, /loja_a\/1\/x\tturn_undeliverable\tupstream_unavailable\t4 tries/);
    assert.match(all.error, /^3 shown, 3 in all$/m);
    const one = await run('--list', '--account', 'loja_b');
    assert.deepEqual(one.out.match(/loja_\w/g), ['loja_b']);
    assert.ok(!all.out.includes('segredo'));
  });

  it('shows one letter, and what the customer wrote only when asked for it', async () => {
    const plain = await run('--show', 'loja_a/1/x');
    assert.match(plain.out, /^customer 11$/m);
    assert.ok(!plain.out.includes('segredo'));
    const open = await run('--show', 'loja_a/1/x', '--with-text');
    assert.ok(open.out.includes(`customer 11: ${secret}`));
    const none = await run('--show', 'loja_a/9/x');
    assert.equal(none.code, 1);
    assert.match(none.error, /^replay: the bridge refused deadletters.get: There is no dead letter loja_a\/9\/x/);
  });

  it('runs one or all of a tenant again, the oldest first, says what became of each, and fails when one had to stay', async () => {
    const asked: string[] = [];
    bridge.outside.replayDeadLetter = async (id) => {
      asked.push(id);
      if (id === 'loja_a/2/x') return { id, outcome: 'kept', reason: 'busy' };
      if (id === 'loja_b/7/x') return { id, outcome: 'dropped', reason: 'person_answered' };
      return { id, outcome: 'replayed', reason: null };
    };
    const one = await run('loja_b/7/x');
    assert.deepEqual([one.code, one.out], [0, 'loja_b/7/x dropped: person_answered\n']);
    const all = await run('--all', '--account', 'loja_a');
    assert.deepEqual(all.out.trim().split('\n'), ['loja_a/1/x replayed', 'loja_a/2/x kept: busy']);
    assert.equal(all.code, 1);
    assert.deepEqual(asked, ['loja_b/7/x', 'loja_a/1/x', 'loja_a/2/x']);
    const audit = await bridge.stores.audit.list('loja_a', null, 10);
    assert.ok(audit.some(({ action, detail }) => action === 'deadletters.replay' && detail['outcome'] === 'kept'));
  });

  it('throws letters away', async () => {
    assert.equal((await run('--remove', 'loja_a/1/x', 'loja_a/2/x')).out, '2 removed\n');
    assert.equal(await bridge.stores.deadLetters.count(), 1);
  });

  it('wrong usage is told apart from trouble', async () => {
    assert.equal((await run()).code, 2);
    assert.equal((await run('--remove')).code, 2);
    assert.equal((await run('--lst')).code, 2);
  });

  it('is for the admin token alone, is documented, and the console counts', async () => {
    const { token } = await bridge.tokens.create('loja_a', 'odoo', ['odoo', 'read', 'mcp']);
    for (const method of ['list', 'get', 'replay', 'remove']) {
      const params = method === 'list' ? {} : method === 'get' ? { id: 'loja_a/1/x' } : { ids: ['loja_a/1/x'] };
      const { error } = await rpcClient(bridge.url, token).call(`deadletters.${method}`, params);
      assert.equal(error?.code, -32003, method);
    }
    const { result } = await rpcClient(bridge.url, adminToken).call('rpc.discover');
    const methods = result['methods'] as { name: string }[];
    assert.equal(methods.filter(({ name }) => name.startsWith('deadletters.')).length, 4);
    const headers = { authorization: `Bearer ${adminToken}` };
    const overview: unknown = await (await fetch(`${bridge.url}/console/api/overview`, { headers })).json();
    assert.equal((overview as { dead_letters: number }).dead_letters, 3);
  });
});

function letter(accountId: string, conversationId: number): DeadLetter {
  return {
    version: 1,
    id: `${accountId}/${conversationId}/x`,
    kind: 'turn_undeliverable',
    conversation: { accountId, conversationId },
    code: 'upstream_unavailable',
    message: 'Chatwoot does not answer.',
    attempts: 4,
    firstAtMs: 1_000,
    lastAtMs: 10_000 + conversationId,
    mail: [{ key: `message_created:${conversationId}`, entry: customerMessage(10 + conversationId, secret) }],
  };
}
