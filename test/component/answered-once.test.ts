// One customer message, one reply: over duplicate deliveries, forged ones, and kills at the worst moments, in both modes.
import assert from 'node:assert/strict';
import { postDelivery } from '../sandbox/chatwoot/helpers/forge-delivery.ts';
import { inEachMode } from './in-each-mode.ts';

const question = 'Qual o prazo para trocar um produto?';
const answer = /15 dias/;

inEachMode('a message is answered once', 120_000, (installation) => {
  afterEach(() => installation().api.clearFaults());

  async function onlyReply(asked: { account: number; conversation: number }): Promise<string> {
    await installation().api.waitForReply(asked, undefined, 60_000);
    await installation().quiet();
    const replies = installation().repliesIn(asked);
    assert.equal(replies.length, 1, `replies: ${JSON.stringify(replies)}`);
    return replies[0] ?? '';
  }

  it('the same message from account webhook and bot webhook, one of them three times, gives one reply', async () => {
    installation().api.misbehave({ action: 'duplicate', event: 'message_created', count: 1, times: 2 });
    const asked = await installation().ask(question, { contact: { name: 'Duda', phone_number: '+5511999000001' } });
    assert.match(await onlyReply(asked), answer);
    const deliveries = ['agent_bot', 'account_webhook'] as const;
    const sent = deliveries.flatMap((surface) =>
      installation().api.deliveriesTo(surface, { event: 'message_created', messageId: asked.message.id }),
    );
    assert.ok(sent.length >= 3, `${sent.length} deliveries`);
  });

  it('forged, stale, wrong-tenant and unknown-tenant deliveries get one and the same 401 and leave nothing behind', async () => {
    const asked = await installation().ask(question, { contact: { name: 'Eva', phone_number: '+5511999000002' } });
    await onlyReply(asked);
    const [delivery] = installation().api.deliveriesTo('agent_bot', {
      event: 'message_created',
      messageId: asked.message.id,
    });
    assert.ok(delivery);
    const body = JSON.stringify({ ...(JSON.parse(delivery.body) as object), id: asked.message.id + 50_000 });
    const url = (tenant: string) => `${installation().bridge.url}/webhooks/chatwoot/${tenant}`;
    const now = Math.floor(Date.now() / 1000);
    const answers = await Promise.all([
      postDelivery({ url: url('sandra_cosmeticos'), body, secret: 'a-wrong-secret', timestamp: now }),
      postDelivery({
        url: url('sandra_cosmeticos'),
        body,
        secret: 'sandra_cosmeticos-webhook-secret',
        timestamp: now - 3600,
      }),
      postDelivery({
        url: url('casa_aurora_moveis'),
        body,
        secret: 'sandra_cosmeticos-webhook-secret',
        timestamp: now,
      }),
      postDelivery({ url: url('nobody_here'), body, secret: 'sandra_cosmeticos-webhook-secret', timestamp: now }),
      postDelivery({ url: url('sandra_cosmeticos'), body }),
      postDelivery({ url: `${url('sandra_cosmeticos')}/t/${'x'.repeat(40)}`, body }),
    ]);
    assert.deepEqual(
      answers.map(({ status }) => status),
      answers.map(() => 401),
    );
    assert.equal(new Set(answers.map((given) => given.body)).size, 1);
    await installation().quiet();
    assert.equal(installation().repliesIn(asked).length, 1);
    assert.ok(!installation().log.includes(`message_created:${asked.message.id + 50_000}`));
  });

  it('killed between acknowledgement and reply, then started again: answered once', async () => {
    const asked = await installation().ask(question, { contact: { name: 'Flor', phone_number: '+5511999000003' } });
    await installation().api.waitFor('the acknowledgement', () =>
      installation()
        .api.deliveriesTo('agent_bot', { messageId: asked.message.id })
        .some(({ state }) => state === 'delivered'),
    );
    await installation().kill();
    assert.equal(installation().repliesIn(asked).length, 0);
    await installation().restart();
    assert.match(await onlyReply(asked), answer);
  });

  it('killed inside the POST before Chatwoot stored it, then started again: answered once', async () => {
    const hold = installation().api.holdNext({ path: 'messages.create', when: 'before-store' });
    const asked = await installation().ask(question, { contact: { name: 'Gil', phone_number: '+5511999000004' } });
    await hold.reached;
    await installation().kill();
    hold.release();
    assert.equal(installation().repliesIn(asked).length, 0);
    await installation().restart();
    assert.match(await onlyReply(asked), answer);
  });

  it('killed inside the POST after Chatwoot stored it but before it answered, then started again: answered once', async () => {
    const hold = installation().api.holdNext({ path: 'messages.create', when: 'after-store' });
    const asked = await installation().ask(question, { contact: { name: 'Hugo', phone_number: '+5511999000005' } });
    await hold.reached;
    await installation().kill();
    hold.release();
    assert.equal(installation().repliesIn(asked).length, 1);
    await installation().restart();
    assert.match(await onlyReply(asked), answer);
  });

  it('every request to Chatwoot was one it documents for that token', () => {
    assert.deepEqual(installation().api.violations, []);
    assert.ok(!installation().api.requests.some(({ status }) => status === 401));
  });
});
