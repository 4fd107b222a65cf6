// The simulator's state table: which status, owner and events follow from what, and what differs by version.
import assert from 'node:assert/strict';
import type { ChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import { startChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import type { SandboxConfigInput } from '../../sandbox/chatwoot/config.ts';
import { type Receiver, startReceiver } from './receiver.ts';
import { type Call, restClient } from './rest-client.ts';

const WHATSAPP = 5;
const WEB = 6;
const LOCKED = 7;
const NO_BOT = 8;

describe('Chatwoot sandbox: transitions', () => {
  let receiver: Receiver;
  let sandbox: ChatwootSandbox;
  let bot: Call;
  let agent: Call;
  let admin: Call;

  beforeEach(async () => {
    receiver = await startReceiver();
  });
  afterEach(async () => {
    await sandbox.stop();
    await receiver.stop();
  });

  async function start(
    version = '4.15.1',
    more: Partial<NonNullable<SandboxConfigInput['accounts']>[number]> = {},
  ): Promise<void> {
    sandbox = await startChatwootSandbox({
      version,
      receipts: 'none',
      bot_retry_ms: 1,
      delivery_workers: 1,
      accounts: [
        {
          id: 3,
          name: 'Sandra',
          tenant: 'sandra',
          users: [
            { id: 11, name: 'Ana', role: 'administrator', token: 'admin' },
            { id: 12, name: 'Bia', role: 'agent', token: 'agent' },
          ],
          bots: [
            {
              id: 41,
              name: 'Robô',
              token: 'bot',
              outgoing_url: `${receiver.url}/bot`,
              inboxes: [WHATSAPP, WEB, LOCKED],
            },
          ],
          webhooks: [{ url: `${receiver.url}/account` }],
          inboxes: [
            { id: WHATSAPP, name: 'Zap', channel_type: 'Channel::Whatsapp' },
            { id: WEB, name: 'Site', channel_type: 'Channel::WebWidget' },
            { id: LOCKED, name: 'Zap 2', channel_type: 'Channel::Whatsapp', lock_to_single_conversation: true },
            { id: NO_BOT, name: 'Zap 3', channel_type: 'Channel::Whatsapp', lock_to_single_conversation: true },
          ],
          teams: [{ id: 71, name: 'Vendas', members: [12] }],
          ...more,
        },
      ],
    });
    bot = restClient(sandbox.url, 3, 'bot');
    agent = restClient(sandbox.url, 3, 'agent');
    admin = restClient(sandbox.url, 3, 'admin');
  }

  function write(inbox = WHATSAPP, text = 'oi'): { account: number; conversation: number } {
    return sandbox.api.customerWrites({ account: 3, inbox, contact: 'Marta', text });
  }

  /** Events in the order they were queued, one surface only, then forgotten. */
  async function events(surface: 'agent_bot' | 'account_webhook' = 'agent_bot'): Promise<string[]> {
    await sandbox.api.idle();
    const names = sandbox.api.deliveriesTo(surface).map((delivery) => delivery.event);
    sandbox.api.world.deliveries.log.length = 0;
    return names.filter((name) => !name.startsWith('contact'));
  }

  it('makes a conversation in a bot inbox pending and unowned, and tells the bot of the message only', async () => {
    await start();
    const ref = write();
    const { status, meta } = sandbox.api.conversation(ref);
    assert.deepEqual([status, meta.assignee, meta.assignee_type], ['pending', null, null]);
    assert.deepEqual(await events(), ['message_created']);
  });

  it('tells an account webhook of the conversation too', async () => {
    await start();
    write();
    assert.deepEqual(await events('account_webhook'), ['conversation_created', 'message_created']);
  });

  it('gives a new conversation to the bot since 4.16.2', async () => {
    await start('4.16.2');
    const { meta } = sandbox.api.conversation(write());
    assert.deepEqual([meta.assignee_type, meta.assignee?.id], ['AgentBot', 41]);
  });

  it('opens a new conversation where no bot is linked', async () => {
    await start();
    assert.equal(sandbox.api.conversation(write(NO_BOT)).status, 'open');
  });

  it('opens a new conversation after a resolved one on chat channels, and goes on in it on the web', async () => {
    await start();
    const zap = write(WHATSAPP);
    sandbox.api.resolve(zap);
    assert.notEqual(write(WHATSAPP).conversation, zap.conversation);
    const web = write(WEB);
    sandbox.api.resolve(web);
    assert.equal(write(WEB).conversation, web.conversation);
    assert.equal(sandbox.api.conversation(web).status, 'pending');
  });

  it('brings a resolved conversation back to pending with its old assignee, status first, waiting last', async () => {
    await start();
    const ref = write(LOCKED);
    sandbox.api.assign({ ...ref, user: 'Bia' });
    sandbox.api.resolve(ref);
    await events();
    write(LOCKED);
    const { status, meta } = sandbox.api.conversation(ref);
    assert.deepEqual([status, meta.assignee_type], ['pending', 'User']);
    assert.deepEqual(await events(), [
      'conversation_status_changed',
      'conversation_updated',
      'message_created',
      'conversation_updated',
    ]);
  });

  it('shows the new status but not yet the new waiting time in the message that reopens', async () => {
    await start();
    const ref = write(LOCKED);
    sandbox.api.resolve(ref);
    await sandbox.api.idle();
    const again = sandbox.api.customerWrites({ account: 3, inbox: LOCKED, contact: 'Marta', text: 'de novo' });
    await sandbox.api.idle();
    const [delivery] = sandbox.api.deliveriesTo('agent_bot', { event: 'message_created', messageId: again.message.id });
    const body = JSON.parse(delivery?.body ?? '{}') as { conversation: { status: string; waiting_since: number } };
    assert.equal(body.conversation.status, 'pending');
    assert.equal(body.conversation.waiting_since, 0);
  });

  it('opens a snoozed conversation on the next customer message, in a bot inbox too', async () => {
    await start();
    const ref = write();
    sandbox.api.snooze(ref);
    await events();
    write();
    assert.equal(sandbox.api.conversation(ref).status, 'open');
    assert.deepEqual((await events()).slice(0, 4), [
      'conversation_opened',
      'conversation_status_changed',
      'conversation_updated',
      'message_created',
    ]);
  });

  it('leaves status and owner alone when a person writes', async () => {
    await start();
    const ref = write();
    await events();
    sandbox.api.personReplies({ ...ref, text: 'oi, sou a Bia', user: 'Bia' });
    const { status, meta, first_reply_created_at: firstReply } = sandbox.api.conversation(ref);
    assert.deepEqual([status, meta.assignee], ['pending', null]);
    assert.ok(firstReply);
    assert.deepEqual(await events(), ['message_created', 'conversation_updated']);
  });

  it('lets a private note change nothing but be heard', async () => {
    await start();
    const ref = write();
    await events();
    sandbox.api.personNotes({ ...ref, text: 'cliente pediu desconto' });
    assert.deepEqual(await events(), ['message_created']);
    const [item] = sandbox.api.conversation(ref).messages;
    assert.equal(item?.content, 'oi', 'the nested message is the last public one');
  });

  it('clears the waiting time when the bot replies, and sets no first reply', async () => {
    await start();
    const ref = write();
    await bot('POST', `/conversations/${ref.conversation}/messages`, { content: 'Olá!' });
    const { waiting_since: waiting, first_reply_created_at: firstReply, status } = sandbox.api.conversation(ref);
    assert.deepEqual([waiting, firstReply, status], [0, null, 'pending']);
    await events();
    write();
    assert.deepEqual(await events(), ['message_created', 'conversation_updated']);
  });

  it('hands over when a bot token opens a pending conversation: success is null, waiting is set first', async () => {
    await start();
    const ref = write();
    await bot('POST', `/conversations/${ref.conversation}/messages`, { content: 'Vou chamar alguém' });
    await events();
    const answer = await bot('POST', `/conversations/${ref.conversation}/toggle_status`, { status: 'open' });
    assert.deepEqual(answer.json, {
      payload: { success: null, conversation_id: ref.conversation, current_status: 'open', snoozed_until: null },
    });
    assert.deepEqual(await events(), [
      'conversation_updated',
      'conversation_opened',
      'conversation_status_changed',
      'conversation_updated',
    ]);
    assert.notEqual(sandbox.api.conversation(ref).waiting_since, 0);
  });

  it('keeps an assigned bot as owner after the hand-over up to 4.15.1 and releases it since 4.16.2', async () => {
    for (const [version, owner] of [
      ['4.15.1', 'AgentBot'],
      ['4.16.2', null],
    ] as const) {
      await start(version);
      const ref = write();
      sandbox.api.assign({ ...ref, bot: 41 });
      await bot('POST', `/conversations/${ref.conversation}/toggle_status`, { status: 'open' });
      assert.equal(sandbox.api.conversation(ref).meta.assignee_type, owner, version);
      if (version === '4.15.1') await sandbox.stop();
    }
  });

  it('makes a person of role agent the assignee of what he opens, an administrator not', async () => {
    await start();
    const first = write();
    await agent('POST', `/conversations/${first.conversation}/toggle_status`, { status: 'open' });
    assert.equal(sandbox.api.conversation(first).meta.assignee?.id, 12);
    const second = write(WEB);
    const answer = await admin('POST', `/conversations/${second.conversation}/toggle_status`, { status: 'open' });
    assert.deepEqual(answer.json, {
      payload: { success: true, conversation_id: second.conversation, current_status: 'open', snoozed_until: null },
    });
    assert.equal(sandbox.api.conversation(second).meta.assignee, null);
  });

  it('resolves an open conversation when toggle_status comes without a status, and opens any other', async () => {
    await start();
    const ref = write();
    await admin('POST', `/conversations/${ref.conversation}/toggle_status`, {});
    assert.equal(sandbox.api.conversation(ref).status, 'open');
    await admin('POST', `/conversations/${ref.conversation}/toggle_status`, {});
    assert.equal(sandbox.api.conversation(ref).status, 'resolved');
  });

  it('keeps pending when a person is assigned up to 4.16 and opens since 4.17', async () => {
    await start('4.16.2');
    const kept = write();
    sandbox.api.assign({ ...kept, user: 'Bia' });
    assert.deepEqual(
      [sandbox.api.conversation(kept).status, sandbox.api.conversation(kept).meta.assignee?.id],
      ['pending', 12],
    );
    await sandbox.stop();
    await start('4.17.0');
    const opened = write();
    sandbox.api.assign({ ...opened, user: 'Bia' });
    assert.equal(sandbox.api.conversation(opened).status, 'open');
  });

  it('says what changed in conversation_updated, in database form, and null in conversation_status_changed', async () => {
    await start();
    const ref = write();
    await events();
    sandbox.api.assign({ ...ref, user: 'Bia' });
    sandbox.api.resolve(ref);
    await sandbox.api.idle();
    const bodies = sandbox.api
      .deliveriesTo('agent_bot')
      .map((delivery) => JSON.parse(delivery.body) as { event: string; changed_attributes: unknown });
    const assigned = bodies.find((body) => body.event === 'conversation_updated');
    assert.ok(Array.isArray(assigned?.changed_attributes));
    assert.deepEqual(assigned.changed_attributes[0], { assignee_id: { previous_value: null, current_value: 12 } });
    const statusChanged = bodies.find((body) => body.event === 'conversation_status_changed');
    assert.equal(statusChanged?.changed_attributes, null);
  });

  it('swallows the status events when auto-assignment picks somebody in the same save', async () => {
    await start('4.15.1', { users: [{ id: 12, name: 'Bia', role: 'agent', token: 'agent', availability: 'online' }] });
    const ref = write();
    await events();
    await bot('POST', `/conversations/${ref.conversation}/toggle_status`, { status: 'open' });
    assert.deepEqual(await events(), ['conversation_updated']);
    const { status, meta } = sandbox.api.conversation(ref);
    assert.deepEqual([status, meta.assignee?.id], ['open', 12]);
  });

  it('assigns in a second update when the account uses the newer engine', async () => {
    await start('4.15.1', {
      assignment_engine: 'v2',
      users: [{ id: 12, name: 'Bia', role: 'agent', token: 'agent', availability: 'online' }],
    });
    const ref = write();
    await events();
    await bot('POST', `/conversations/${ref.conversation}/toggle_status`, { status: 'open' });
    assert.deepEqual(await events(), [
      'conversation_opened',
      'conversation_status_changed',
      'conversation_updated',
      'conversation_updated',
    ]);
    assert.equal(sandbox.api.conversation(ref).meta.assignee?.id, 12);
  });

  it('closes the reply window after 24 hours on WhatsApp and fails what is sent then, not on the web', async () => {
    await start();
    const zap = write();
    sandbox.api.backdate({ ...zap, ms: 25 * 3_600_000 });
    assert.equal(sandbox.api.conversation(zap).can_reply, false);
    await bot('POST', `/conversations/${zap.conversation}/messages`, { content: 'oi' });
    await sandbox.api.idle();
    const failed = sandbox.api.messagesOf(zap).at(-1);
    assert.equal(failed?.status, 'failed');
    assert.ok(failed.content_attributes['external_error']);
    const web = write(WEB);
    sandbox.api.backdate({ ...web, ms: 25 * 3_600_000 });
    assert.equal(sandbox.api.conversation(web).can_reply, true);
  });

  it('drops the message of a blocked WhatsApp contact and resolves what other channels store', async () => {
    await start();
    sandbox.api.mute(write());
    assert.throws(() => write(), /blocked/);
    const web = write(WEB);
    assert.equal(sandbox.api.conversation(web).status, 'resolved');
  });

  it('marks a phone echo without author on native channels, as the token owner with a source id through a gateway', async () => {
    await start('4.15.1', {
      inboxes: [
        { id: WHATSAPP, name: 'Zap', channel_type: 'Channel::Whatsapp' },
        { id: 9, name: 'Gateway', channel_type: 'Channel::Api' },
      ],
    });
    const zap = write();
    const native = sandbox.api.phoneEcho({ ...zap, text: 'já te ligo' });
    assert.equal(native.sender, undefined);
    assert.deepEqual(native.content_attributes, { external_echo: true });
    const gateway = sandbox.api.phoneEcho({ ...write(9), text: 'já te ligo', user: 'Bia' });
    assert.equal(gateway.sender?.type, 'user');
    assert.match(gateway.source_id ?? '', /^WAID:/);
    assert.deepEqual(gateway.content_attributes, {});
  });

  it('sends greeting, e-mail question and survey where the inbox asks for them', async () => {
    await start('4.15.1', {
      inboxes: [
        {
          id: WEB,
          name: 'Site',
          channel_type: 'Channel::WebWidget',
          greeting_enabled: true,
          greeting_message: 'Olá!',
          enable_email_collect: true,
          csat_survey_enabled: true,
        },
      ],
      bots: [],
    });
    const ref = write(WEB);
    sandbox.api.resolve(ref);
    const templates = sandbox.api.messagesOf(ref).filter((message) => message.message_type === 3);
    assert.deepEqual(
      templates.map((message) => message.content_type),
      ['text', 'text', 'input_email', 'input_csat'],
    );
  });

  it('marks automation and campaign texts, which stop no clock', async () => {
    await start();
    const ref = write();
    const automatic = sandbox.api.automationSends({ ...ref, text: 'Recebemos sua mensagem', ruleId: 9 });
    assert.deepEqual([automatic.sender, automatic.content_attributes], [undefined, { automation_rule_id: 9 }]);
    const campaign = sandbox.api.campaignSends({ ...ref, text: 'Promoção' });
    assert.equal(campaign.sender?.type, 'user');
    const { waiting_since: waiting, first_reply_created_at: firstReply } = sandbox.api.conversation(ref);
    assert.ok(waiting > 0);
    assert.equal(firstReply, null);
  });

  it('closes by job only what is open, and opens what was snoozed', async () => {
    await start();
    const ref = write();
    sandbox.api.autoResolve(ref);
    assert.equal(sandbox.api.conversation(ref).status, 'pending');
    sandbox.api.snooze(ref);
    sandbox.api.endSnooze(ref);
    assert.equal(sandbox.api.conversation(ref).status, 'open');
    sandbox.api.autoResolve(ref);
    assert.equal(sandbox.api.conversation(ref).status, 'resolved');
  });
});
