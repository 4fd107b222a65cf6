import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { DeliveryReading, RefusedReply } from '../../../bridge/core/message.ts';
import type { Deliveries, RawDelivery } from '../../../bridge/core/ports/deliveries.ts';
import { Intake } from '../../../bridge/core/intake/receive-delivery.ts';
import { debounceOf } from '../../../bridge/core/intake/store-mail.ts';
import { TenantConfig } from '../../../bridge/core/tenant.ts';
import type { Tenant } from '../../../bridge/core/tenant.ts';
import { readyTenant } from '../../../bridge/core/tenants/ready-tenant.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { silentMetrics } from '../../fixtures/silent-metrics.ts';
import { accountId, eachWorld, inboxes } from '../hub/world/conversation-world.ts';

const question = 'Qual o prazo para trocar um produto?';

describe('intake', () => {
  const world = eachWorld({ alsoAccountWebhook: true });

  it('stores a message once, whatever surface it comes by, and asks for a turn when its quiet time is over', async () => {
    await world().customer(question);
    const { mail, notBeforeMs } = await world().stores.mailbox.read(world().ref());
    assert.deepEqual(
      mail.map(({ key }) => key),
      ['message_created:900001'],
    );
    assert.equal(notBeforeMs, world().clock.now() + 2_500);
    assert.deepEqual(world().queue.wakes, [{ conversation: world().ref(), delayMs: 2_500 }]);
    assert.deepEqual(outcomes('message_created:900001').toSorted(), ['duplicate', 'stored']);
  });

  it('waits longer for a fragment, but never past the cap of its burst', async () => {
    await world().customer('é que');
    world().clock.move(20_000);
    await world().customer('eu queria');
    assert.deepEqual(
      world().queue.wakes.map(({ delayMs }) => delayMs),
      [7_000, 5_000],
    );
  });

  it('leaves an inbox that is not listed alone, also when a person writes there', async () => {
    const { conversation } = await world().customer(question, { inbox: inboxes.unlisted });
    world().chatwoot.personReplies({ account: 3, conversation, text: 'Oi, é a Bia.' });
    await world().chatwoot.idle();
    assert.deepEqual((await world().stores.mailbox.read(world().ref(conversation))).mail, []);
    assert.deepEqual(world().queue.wakes, []);
  });

  it('takes our own message for a proof in the ledger and for no mail', async () => {
    await world().customer(question);
    await world().settle();
    const [sent] = world()
      .chatwoot.messagesOf(world().conversation())
      .filter((message) => message.message_type === 1);
    assert.deepEqual(new Set(outcomes(`message_created:${sent?.id ?? 0}`)), new Set(['confirmed']));
    assert.deepEqual((await world().stores.mailbox.read(world().ref())).mail, []);
  });

  it('keeps a message although no job can be made for it: the sweeper will', async () => {
    world().queue.failure = new BridgeError('upstream_unavailable', 'the queue is away');
    await world().customer(question);
    assert.equal((await world().stores.mailbox.read(world().ref())).mail.length, 1);
    assert.ok(outcomes('message_created:900001').includes('stored'));
    assert.deepEqual(await world().stores.mailbox.due(world().clock.now() + 2_500, 10), [world().ref()]);
  });

  it('that cannot store refuses the delivery with a 500, and Chatwoot’s next try is stored', async () => {
    const { mailbox } = world().stores;
    const store = mailbox.store.bind(mailbox);
    let failures = 0;
    mailbox.store = (mail) => {
      failures += 1;
      return failures === 1 ? Promise.reject(new BridgeError('upstream_unavailable', 'disk full')) : store(mail);
    };
    await world().customer(question);
    const [delivery] = world().chatwoot.deliveriesTo('agent_bot', { event: 'message_created' });
    const statuses = (delivery?.attempts ?? []).map(({ status }) => status);
    const hook = world()
      .chatwoot.deliveriesTo('account_webhook', { event: 'message_created' })[0]
      ?.attempts.map(({ status }) => status);
    assert.ok([...statuses, ...(hook ?? [])].includes(500));
    assert.equal((await world().stores.mailbox.read(world().ref())).mail.length, 1);
    assert.equal(world().status(), 'pending', 'the bot was not thrown out');
  });

  it('says in one line what became of a delivery, without a word of the customer', async () => {
    await world().customer('meu CPF é 111.222.333-44, sou a Zulmira');
    const lines = JSON.stringify(world().log.lines);
    for (const word of ['111.222', 'Zulmira', 'Marta Lima', '+55']) assert.ok(!lines.includes(word), word);
  });

  function outcomes(key: string): unknown[] {
    const received = world().log.lines.filter(
      ({ message, fields }) => message === 'delivery.received' && fields['key'] === key,
    );
    return received.map(({ fields }) => fields['outcome']);
  }
});

describe('a delivery', () => {
  const raw: RawDelivery = { headers: {}, body: Buffer.from('{}'), urlToken: null };
  const world = eachWorld();

  function intakeOf(open: Deliveries['open'], tenant: Tenant | null = world().tenant) {
    const { mailbox, ledger } = world().stores;
    const log = quietLog();
    const intake = new Intake({
      mailbox,
      ledger,
      queue: world().queue,
      tenants: { find: async () => tenant, list: async () => [], disabled: () => [] },
      deliveries: { open },
      clock: world().clock,
      logger: log,
      metrics: silentMetrics,
    });
    return { intake, log };
  }

  it('for a tenant that nobody knows ends like a wrong signature, and leaves no trace', async () => {
    const asked: (Tenant | null)[] = [];
    const { intake, log } = intakeOf(async (tenant) => {
      asked.push(tenant);
      throw new BridgeError('bad_signature', 'The delivery is not authentic');
    }, null);
    await assert.rejects(intake.receive('nobody', raw), { code: 'bad_signature' });
    assert.deepEqual(asked, [null]);
    assert.deepEqual(log.lines, []);
    assert.equal(await world().stores.mailbox.size(), 0);
  });

  it('that the adapter cannot read is warned about, because something of a customer may be in it', async () => {
    const reading: DeliveryReading = {
      conversationId: null,
      key: 'other:1',
      event: { kind: 'ignored', reason: 'unreadable_message' },
    };
    const { intake, log } = intakeOf(async () => reading);
    assert.equal(await intake.receive(accountId, raw), 'ignored');
    assert.deepEqual(
      log.lines.map(({ level, message }) => [level, message]),
      [['warn', 'delivery.unreadable']],
    );
  });

  it('about a message the channel refused later is kept for its conversation, and said with its code alone', async () => {
    const event: RefusedReply = {
      kind: 'refused_reply',
      version: 1,
      messageId: 9,
      inboxId: inboxes.whatsapp,
      turnId: 'turn-1',
      part: 1,
      text: 'Ligue para +5531988001122',
      hasFiles: false,
      refusal: { kind: 'window_closed', code: '131047' },
      atMs: 1,
      conversation: { status: 'pending', assignee: null, teamId: null, canReply: false },
    };
    const { intake, log } = intakeOf(async () => ({ conversationId: 1, key: 'refused:9', event }));
    assert.equal(await intake.receive(accountId, raw), 'stored');
    assert.equal(await intake.receive(accountId, raw), 'duplicate');
    const [warning] = log.lines;
    assert.deepEqual([warning?.message, warning?.fields['code']], ['reply.refused_by_channel', '131047']);
    assert.ok(!JSON.stringify(log.lines).includes('+5531'));
    assert.deepEqual(
      (await world().stores.mailbox.read(world().ref())).mail.map(({ entry }) => entry),
      [event],
    );
  });

  it('whose proof cannot be kept is refused, so that it comes again', async () => {
    const { ledger } = world().stores;
    ledger.confirmPart = () => Promise.reject(new BridgeError('upstream_unavailable', 'away'));
    const event = { kind: 'own_send' as const, turnId: 'turn-1', part: 1, messageId: 9 };
    const { intake } = intakeOf(async () => ({ conversationId: 1, key: 'k', event }));
    await assert.rejects(intake.receive(accountId, raw), { code: 'upstream_unavailable' });
  });
});

describe('the quiet time of a channel', () => {
  const tenantWith = (channels: object): Tenant => {
    const config = TenantConfig.parse({ account_id: 'loja', name: 'Loja', channels });
    return readyTenant(config, { accountId: 'loja', domain: 'retail', revision: 0, managedBy: 'file' });
  };

  it('is the channel’s own, else the tenant’s default, else the standard', () => {
    const whatsapp = { debounce: { complete_ms: 1, fragment_ms: 2, max_ms: 3 } };
    const standard = { complete_ms: 2_500, fragment_ms: 7_000, max_ms: 25_000 };
    assert.deepEqual(debounceOf(tenantWith({ whatsapp }), 'whatsapp'), whatsapp.debounce);
    assert.deepEqual(debounceOf(tenantWith({ default: whatsapp }), 'email'), whatsapp.debounce);
    assert.deepEqual(debounceOf(tenantWith({ whatsapp }), 'email'), standard);
    assert.deepEqual(debounceOf(tenantWith({ web: { debounce: { complete_ms: 0 } } }), 'web'), {
      ...standard,
      complete_ms: 0,
    });
  });
});
