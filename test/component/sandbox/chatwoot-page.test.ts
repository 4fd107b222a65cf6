// What the demo page is served: no token reaches it, it hears of changes at once, and traces come through the sandbox's server.
import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type ChatwootSandbox, startChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';

interface Snapshot {
  conversations: { id: number; status: string }[];
  messages: { content: string }[];
}

describe('Chatwoot sandbox: page', () => {
  let bridge: Server;
  let asked: { url: string; authorization: string | undefined }[];
  let sandbox: ChatwootSandbox;

  beforeEach(async () => {
    asked = [];
    bridge = createServer((request, response) => {
      asked.push({ url: request.url ?? '', authorization: request.headers.authorization });
      response.writeHead(200, { 'content-type': 'application/json' }).end('[{"turn_id":"t1","rung":"grounded"}]');
    });
    await new Promise<void>((resolve) => bridge.listen(0, '127.0.0.1', resolve));
    sandbox = await startChatwootSandbox({
      receipts: 'none',
      accounts: [
        {
          id: 3,
          name: 'Sandra',
          tenant: 'sandra_cosmeticos',
          bots: [{ name: 'Robô', token: 'secret-bot-token', secret: 'secret-bot-secret' }],
          users: [{ id: 11, name: 'Ana', role: 'administrator', token: 'secret-user-token' }],
          inboxes: [{ id: 5, name: 'Zap', channel_type: 'Channel::Whatsapp' }],
        },
      ],
      trace: {
        url: `http://127.0.0.1:${(bridge.address() as AddressInfo).port}/turns?a={account}&c={id}`,
        bearer: 'secret-bearer',
      },
    });
  });
  afterEach(async () => {
    await sandbox.stop();
    bridge.closeAllConnections();
    await new Promise((resolve) => bridge.close(resolve));
  });

  const get = (path: string): Promise<Response> => fetch(sandbox.url + path);

  it('is one file that may load nothing from outside', async () => {
    const answer = await get('/');
    const html = await answer.text();
    assert.match(answer.headers.get('content-security-policy') ?? '', /default-src 'none'/);
    assert.doesNotMatch(html, /<(script|link|img)[^>]+(src|href)="https?:/);
  });

  it('learns tenants, channels and people, and no token or secret', async () => {
    const text = await (await get('/sandbox/page/setup')).text();
    assert.match(text, /sandra_cosmeticos/);
    assert.doesNotMatch(text, /secret/);
  });

  it('fetches the trace with the bearer, which stays on the server', async () => {
    const { conversation } = sandbox.api.customerWrites({
      account: 3,
      inbox: 5,
      contact: { name: 'M', identifier: 'demo-1' },
      text: 'oi',
    });
    const text = await (await get(`/sandbox/page/trace?account=3&inbox=5&conversation=${conversation}`)).text();
    assert.deepEqual(JSON.parse(text), { configured: true, turns: [{ turn_id: 't1', rung: 'grounded' }], error: null });
    assert.deepEqual(asked, [{ url: '/turns?a=sandra_cosmeticos&c=1', authorization: 'Bearer secret-bearer' }]);
  });

  it('says why there is no trace when the bridge is away', async () => {
    bridge.closeAllConnections();
    await new Promise((resolve) => bridge.close(resolve));
    const answer = (await (await get('/sandbox/page/trace?account=3&inbox=5&conversation=1')).json()) as {
      error: string;
    };
    assert.ok(answer.error);
    bridge.listen(0);
  });

  it('sends a snapshot at once and another after each change of this customer', async () => {
    const abort = new AbortController();
    const answer = await fetch(`${sandbox.url}/sandbox/page/stream?account=3&inbox=5&contact=demo-1`, {
      signal: abort.signal,
    });
    const snapshots = readSnapshots(answer);
    assert.deepEqual((await snapshots.next()).value, { contact: null, conversations: [], messages: [] });
    const ref = sandbox.api.customerWrites({
      account: 3,
      inbox: 5,
      contact: { name: 'Marta', identifier: 'demo-1' },
      text: 'oi',
    });
    const written = (await snapshots.next()).value as Snapshot;
    assert.deepEqual(
      [written.messages.map(({ content }) => content), written.conversations[0]?.status],
      [['oi'], 'pending'],
    );
    sandbox.api.resolve(ref);
    const resolved = (await snapshots.next()).value as Snapshot;
    assert.equal(resolved.conversations[0]?.status, 'resolved');
    abort.abort();
  });
});

async function* readSnapshots(answer: Response): AsyncGenerator<Snapshot, undefined> {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
      const data = /^event: snapshot\ndata: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data !== undefined) yield JSON.parse(data) as Snapshot;
    }
  }
  return undefined;
}
