// Trouble on demand around a REST call, the test API in process and over HTTP, and the simulator as a process of its own.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type ChatwootSandbox, startChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import { type Call, restClient } from './rest-client.ts';

const ACCOUNTS = [
  {
    id: 3,
    name: 'Sandra',
    bots: [{ name: 'Robô', token: 'bot' }],
    inboxes: [{ id: 5, name: 'Zap', channel_type: 'Channel::Whatsapp' as const }],
  },
];

describe('Chatwoot sandbox: faults', () => {
  let sandbox: ChatwootSandbox;
  let bot: Call;
  let ref: { account: number; conversation: number };

  beforeEach(async () => {
    sandbox = await startChatwootSandbox({ receipts: 'none', accounts: ACCOUNTS });
    bot = restClient(sandbox.url, 3, 'bot');
    ref = sandbox.api.customerWrites({ account: 3, inbox: 5, contact: 'Marta', text: 'oi' });
  });
  afterEach(() => sandbox.stop());

  const send = (content = 'Olá'): ReturnType<Call> => bot('POST', '/conversations/1/messages', { content });
  const replies = (): (string | null)[] =>
    sandbox.api
      .messagesOf(ref)
      .filter((message) => message.message_type === 1)
      .map((message) => message.content);

  it('fails before storing, then goes on', async () => {
    sandbox.api.fault({ path: 'messages.create', action: 'error', status: 502, count: 2 });
    assert.deepEqual([(await send()).status, (await send()).status, (await send('3')).status], [502, 502, 200]);
    assert.deepEqual(replies(), ['3']);
  });

  it('stores and cuts the connection', async () => {
    sandbox.api.fault({ path: 'messages.create', when: 'after-store', action: 'cut' });
    await assert.rejects(send());
    assert.deepEqual(replies(), ['Olá']);
  });

  it('cuts before storing', async () => {
    sandbox.api.fault({ path: '/messages', action: 'cut' });
    await assert.rejects(send());
    assert.deepEqual(replies(), []);
  });

  it('limits with Retry-After when asked, skips calls first, and leaves other endpoints alone', async () => {
    sandbox.api.fault({ path: 'messages.create', action: 'rate-limit', retry_after_s: 3, skip: 1 });
    assert.equal((await bot('GET', '/conversations/1')).status, 200);
    assert.equal((await send()).status, 200);
    const limited = await send();
    assert.deepEqual([limited.status, limited.text, limited.headers.get('retry-after')], [429, 'Retry later\n', '3']);
  });

  it('holds a call before it is stored until the test lets it go', async () => {
    const hold = sandbox.api.holdNext({ path: 'messages.create', when: 'before-store' });
    const answer = send();
    assert.deepEqual((await hold.reached).body, { content: 'Olá' });
    assert.deepEqual(replies(), []);
    hold.release();
    assert.equal((await answer).status, 200);
    assert.deepEqual(replies(), ['Olá']);
  });

  it('holds a call after it is stored and before it is answered', async () => {
    const hold = sandbox.api.holdNext({ path: 'messages.create', when: 'after-store' });
    const answer = send();
    await hold.reached;
    assert.deepEqual(replies(), ['Olá']);
    hold.release();
    assert.equal((await answer).status, 200);
  });

  it('stores nothing when the caller died while held before storing, unless told to', async () => {
    for (const store of [undefined, true]) {
      const hold = sandbox.api.holdNext({ path: 'messages.create' });
      const abort = new AbortController();
      const answer = fetch(`${sandbox.url}/api/v1/accounts/3/conversations/1/messages`, {
        method: 'POST',
        headers: { 'Api-Access-Token': 'bot', 'content-type': 'application/json' },
        body: '{"content":"tarde"}',
        signal: abort.signal,
      });
      await hold.reached;
      abort.abort();
      await assert.rejects(answer);
      await sandbox.api.waitFor('the cut to be noticed', () => sandbox.api.world.requests.callersGone > 0);
      hold.release(store === undefined ? {} : { store });
      await sandbox.api.idle();
      assert.deepEqual(replies(), store === true ? ['tarde'] : []);
      sandbox.api.world.requests.callersGone = 0;
    }
  });

  it('serves a file only from the third download when it was said to be late', async () => {
    sandbox.api.customerWrites({
      ...ref,
      inbox: 5,
      contact: 'Marta',
      text: null,
      attachments: [{ type: 'audio', missingFor: 2 }],
    });
    const url = sandbox.api.conversation(ref).messages[0]?.attachments?.[0];
    assert.ok(url && 'data_url' in url);
    const statuses = [await fetch(url.data_url), await fetch(url.data_url), await fetch(url.data_url)].map(
      (answer) => answer.status,
    );
    assert.deepEqual(statuses, [404, 404, 200]);
  });

  it('is driven by name over HTTP, with the same checks', async () => {
    const act = async (name: string, body: unknown = {}): Promise<{ status: number; json: unknown }> => {
      const answer = await fetch(`${sandbox.url}/sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) });
      return { status: answer.status, json: await answer.json() };
    };
    const hold = (await act('hold', { path: 'messages.create', when: 'after-store' })).json as { id: string };
    const answer = send('do hold');
    const reached = (await act('hold-reached', { id: hold.id })).json as { endpoint: string };
    assert.equal(reached.endpoint, 'messages.create');
    await act('hold-release', { id: hold.id });
    await answer;
    const reply = (await act('wait-for-reply', { account: 3, conversation: ref.conversation, contains: 'hold' }))
      .json as { content: string };
    assert.equal(reply.content, 'do hold');
    assert.deepEqual((await act('violations')).json, []);
    assert.equal((await act('customer-writes', { account: 3 })).status, 400);
    assert.equal((await act('fly')).status, 404);
    const seed = (
      await act('reset', {
        config: { accounts: [{ id: 9, name: 'Nova', tenant: 'nova', bots: [{ name: 'R', secret: 's' }] }] },
      })
    ).json as { accounts: { id: number; bots: { secret: string }[] }[] };
    assert.deepEqual([seed.accounts[0]?.id, seed.accounts[0]?.bots[0]?.secret], [9, 's']);
  });

  it('runs as a process, takes its seed on standard input and names its address', async () => {
    const child = spawn(
      process.execPath,
      ['--import', 'ts-blank-space/register', 'test/sandbox/chatwoot/main.ts', '--config', '-', '--print-seed'],
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    try {
      child.stdin.end(JSON.stringify({ version: '4.16.2', accounts: ACCOUNTS }));
      const lines: string[] = [];
      for await (const line of createInterface({ input: child.stdout })) if (lines.push(line) === 2) break;
      const url = /^chatwoot sandbox: (http:\S+)$/.exec(lines[0] ?? '')?.[1];
      assert.ok(url);
      assert.equal((JSON.parse(lines[1] ?? '') as { version: string }).version, '4.16.2');
      assert.equal((await fetch(`${url}/api`)).status, 200);
    } finally {
      child.kill('SIGTERM');
      await new Promise((resolve) => child.once('exit', resolve));
    }
  });
});
