// The simulator's deliveries: what is signed and how, who retries, what a failure does, and trouble on demand.
import assert from 'node:assert/strict';
import type { SandboxConfigInput } from '../../sandbox/chatwoot/config.ts';
import { postDelivery } from '../../sandbox/chatwoot/helpers/forge-delivery.ts';
import { railsJson, signDelivery } from '../../sandbox/chatwoot/deliveries/sign-delivery.ts';
import { type ChatwootSandbox, startChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { restClient } from './rest-client.ts';

const ZAP = 5;
const GATEWAY = 6;

describe('Chatwoot sandbox: signatures', () => {
  it('signs "timestamp.body" as in the documented vector', () => {
    const expected = 'sha256=356d92126711f2a6a5cce0ec8b60ca5169f732b6cf827bbca3647a2cec64d766';
    assert.equal(signDelivery('demo_secret_0123456789abc', '{"event":"message_created","id":1}', 1795000000), expected);
  });

  it('escapes what Rails escapes, so that only the raw bytes verify', () => {
    assert.equal(railsJson({ text: '<a> & \u2028' }), '{"text":"\\u003ca\\u003e \\u0026 \\u2028"}');
  });
});

describe('Chatwoot sandbox: deliveries', () => {
  let bot: Receiver;
  let account: Receiver;
  let gateway: Receiver;
  let sandbox: ChatwootSandbox;

  beforeEach(async () => {
    [bot, account, gateway] = await Promise.all([startReceiver(), startReceiver(), startReceiver()]);
  });
  afterEach(async () => {
    await sandbox.stop();
    await Promise.all([bot.stop(), account.stop(), gateway.stop()]);
  });

  async function start(config: Omit<SandboxConfigInput, 'accounts'> = {}, keepPending = false): Promise<void> {
    sandbox = await startChatwootSandbox({
      receipts: 'none',
      bot_retry_ms: 1,
      ...config,
      accounts: [
        {
          id: 3,
          name: 'Sandra',
          tenant: 'sandra',
          keep_pending_on_bot_failure: keepPending,
          bots: [
            {
              id: 41,
              name: 'Robô',
              token: 'bot',
              secret: 'bot-secret',
              outgoing_url: `${bot.url}/webhooks/chatwoot/{tenant}`,
            },
          ],
          webhooks: [{ url: account.url, secret: 'account-secret' }],
          inboxes: [
            { id: ZAP, name: 'Zap', channel_type: 'Channel::Whatsapp' },
            {
              id: GATEWAY,
              name: 'Evolution',
              channel_type: 'Channel::Api',
              webhook_url: gateway.url,
              secret: 'inbox-secret',
            },
          ],
        },
      ],
    });
  }

  function write(inbox = ZAP, text = 'oi') {
    return sandbox.api.customerWrites({ account: 3, inbox, contact: 'Marta', text });
  }

  it('signs each surface with its own secret over the bytes it sends', async () => {
    await start();
    write(GATEWAY, 'entregam <hoje>?');
    await sandbox.api.idle();
    for (const [receiver, secret] of [
      [bot, 'bot-secret'],
      [account, 'account-secret'],
      [gateway, 'inbox-secret'],
    ] as const) {
      const got = receiver.received.find((delivery) => delivery.event === 'message_created');
      assert.ok(got);
      const timestamp = String(got.headers['x-chatwoot-timestamp']);
      assert.equal(got.headers['x-chatwoot-signature'], signDelivery(secret, got.body, timestamp));
      assert.match(String(got.headers['x-chatwoot-delivery']), /^[0-9a-f-]{36}$/);
    }
    assert.equal(bot.received[0]?.path, '/webhooks/chatwoot/sandra');
  });

  it('sends neither signature nor delivery id in 4.8.0, and only account webhooks sign in 4.12.0', async () => {
    await start({ version: '4.8.0' });
    write();
    await sandbox.api.idle();
    assert.deepEqual(
      Object.keys(bot.received[0]?.headers ?? {}).filter((name) => name.startsWith('x-chatwoot')),
      [],
    );
    assert.deepEqual([...new Set(bot.received.map((delivery) => delivery.event))], ['message_created']);
    await sandbox.stop();
    account.received.length = 0;
    bot.received.length = 0;
    await start({ version: '4.12.0' });
    write();
    await sandbox.api.idle();
    assert.ok(account.received[0]?.headers['x-chatwoot-signature']);
    assert.equal(bot.received[0]?.headers['x-chatwoot-signature'], undefined);
  });

  it('tries a bot delivery three times after 500 with one delivery id, and lets the conversation stay when one succeeds', async () => {
    await start();
    bot.answers.push(500, 429, 200);
    const ref = write();
    await sandbox.api.idle();
    assert.equal(new Set(bot.received.map((delivery) => delivery.headers['x-chatwoot-delivery'])).size, 1);
    assert.equal(bot.received.length, 3);
    assert.equal(sandbox.api.conversation(ref).status, 'pending');
  });

  it('opens the conversation after the third failure, with an activity line', async () => {
    await start();
    bot.answers.push(500, 500, 500);
    const ref = write();
    await sandbox.api.waitForConversation(ref, (conversation) => conversation.status === 'open');
    await sandbox.api.idle();
    assert.match(sandbox.api.messagesOf(ref).at(-1)?.content ?? '', /erro no robô/);
    assert.equal(sandbox.api.deliveriesTo('agent_bot', { event: 'message_created' })[0]?.attempts.length, 3);
  });

  it('opens at once after 503 and after a closed port, without a second attempt', async () => {
    await start();
    bot.answers.push(503);
    const ref = write();
    await sandbox.api.waitForConversation(ref, (conversation) => conversation.status === 'open');
    const [delivery] = sandbox.api.deliveriesTo('agent_bot', { event: 'message_created' });
    assert.deepEqual([delivery?.attempts.length, delivery?.state], [1, 'failed']);
    sandbox.api.setBotUrl(3, 'http://127.0.0.1:1/');
    const second = sandbox.api.customerWrites({ account: 3, inbox: ZAP, contact: 'Rui', text: 'oi' });
    await sandbox.api.waitForConversation(second, (conversation) => conversation.status === 'open');
  });

  it('opens at once when the receiver does not answer in time', async () => {
    await start({ delivery_timeout_ms: 20 });
    bot.answers.push(0);
    const ref = write();
    await sandbox.api.waitForConversation(ref, (conversation) => conversation.status === 'open');
    const [delivery] = sandbox.api.deliveriesTo('agent_bot', { event: 'message_created' });
    assert.deepEqual([delivery?.attempts.length, delivery?.attempts[0]?.error], [1, 'timed out']);
  });

  it('leaves the conversation pending when the account says so', async () => {
    await start({}, true);
    bot.answers.push(503);
    const ref = write();
    await sandbox.api.idle();
    assert.equal(sandbox.api.conversation(ref).status, 'pending');
  });

  it('loses an account delivery that fails, without any effect', async () => {
    await start();
    account.answers.push(500);
    const ref = write();
    await sandbox.api.idle();
    assert.equal(sandbox.api.deliveriesTo('account_webhook')[0]?.attempts.length, 1);
    assert.equal(sandbox.api.conversation(ref).status, 'pending');
  });

  it('marks a message failed when the API inbox does not take it, once', async () => {
    await start();
    gateway.answers.push(200, 503, 503, 503);
    const ref = write(GATEWAY);
    await sandbox.api.idle();
    const [message] = sandbox.api.messagesOf(ref);
    assert.equal(message?.status, 'failed');
    assert.equal(message.content_attributes['external_error'], '503 Service Unavailable');
  });

  it('passes our tags on since 4.9 and drops them before', async () => {
    const tags = { ui_turn: 't1', ui_part: 1 };
    for (const [version, kept] of [
      ['4.8.0', {}],
      ['4.15.1', tags],
    ] as const) {
      await start({ version });
      const ref = write();
      const call = restClient(sandbox.url, 3, 'bot');
      await call('POST', `/conversations/${ref.conversation}/messages`, { content: 'Olá', content_attributes: tags });
      await sandbox.api.idle();
      const echo = bot.received
        .map((delivery) => JSON.parse(delivery.body) as { message_type?: string; content_attributes?: object })
        .find((body) => body.message_type === 'outgoing');
      assert.deepEqual(echo?.content_attributes, kept, version);
      bot.received.length = 0;
      if (version === '4.8.0') await sandbox.stop();
    }
  });

  it('builds the bot payload at the commit and the account payload when it is sent', async () => {
    await start({ account_delivery_delay_ms: 30 });
    const first = write(ZAP, 'um');
    write(ZAP, 'dois');
    await sandbox.api.idle();
    const nested = (receiver: Receiver): unknown => {
      const body = receiver.received
        .map(
          (delivery) => JSON.parse(delivery.body) as { id: number; conversation?: { messages: { content: string }[] } },
        )
        .find((item) => item.id === first.message.id);
      return body?.conversation?.messages[0]?.content;
    };
    assert.equal(nested(bot), 'um');
    assert.equal(nested(account), 'dois');
  });

  it('keeps the old secret for a delivery that was queued before the rotation', async () => {
    await start();
    bot.answers.push(500);
    write();
    await sandbox.api.waitFor(
      'the first attempt',
      () => sandbox.api.deliveriesTo('agent_bot')[0]?.attempts.length === 1,
    );
    const admin = restClient(sandbox.url, 3, sandbox.api.seed().accounts[0]?.users[0]?.token ?? '');
    const answer = await admin('POST', '/agent_bots/41/reset_secret');
    assert.notEqual((answer.json as { secret: string }).secret, 'bot-secret');
    await sandbox.api.idle();
    const retry = bot.received[1];
    assert.ok(retry);
    assert.equal(
      retry.headers['x-chatwoot-signature'],
      signDelivery('bot-secret', retry.body, String(retry.headers['x-chatwoot-timestamp'])),
    );
  });

  it('repeats, re-publishes, reverses and drops on demand', async () => {
    await start({ delivery_workers: 1 });
    sandbox.api.misbehave({ action: 'duplicate', surface: 'agent_bot', times: 2 });
    write(ZAP, 'um');
    await sandbox.api.idle();
    assert.equal(bot.received.length, 3);
    assert.equal(new Set(bot.received.map((delivery) => delivery.headers['x-chatwoot-delivery'])).size, 1);
    bot.received.length = 0;
    sandbox.api.misbehave({ action: 'republish', surface: 'agent_bot' });
    write(ZAP, 'dois');
    await sandbox.api.idle();
    assert.equal(new Set(bot.received.map((delivery) => delivery.headers['x-chatwoot-delivery'])).size, 2);
    bot.received.length = 0;
    sandbox.api.misbehave({ action: 'reorder', surface: 'agent_bot', event: 'message_created', size: 2 });
    write(ZAP, 'três');
    write(ZAP, 'quatro');
    await sandbox.api.idle();
    assert.deepEqual(
      bot.received.map((delivery) => (JSON.parse(delivery.body) as { content: string }).content),
      ['quatro', 'três'],
    );
    bot.received.length = 0;
    sandbox.api.misbehave({ action: 'drop', surface: 'agent_bot' });
    write(ZAP, 'cinco');
    await sandbox.api.idle();
    assert.equal(bot.received.length, 0);
  });

  it('posts what a test forges, as it is', async () => {
    await start();
    await postDelivery({
      url: `${bot.url}/x`,
      body: '{"event":"forged"}',
      secret: 'wrong',
      timestamp: 1,
      deliveryId: 'd-1',
      headers: { 'X-Test': 'a' },
    });
    const got = bot.received[0];
    assert.deepEqual(
      [got?.body, got?.headers['x-chatwoot-timestamp'], got?.headers['x-chatwoot-delivery'], got?.headers['x-test']],
      ['{"event":"forged"}', '1', 'd-1', 'a'],
    );
  });
});
