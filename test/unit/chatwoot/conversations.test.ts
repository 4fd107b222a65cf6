// The adapter against the simulated Chatwoot over HTTP, with each kind of token.
import assert from 'node:assert/strict';
import { ChatwootConversations } from '../../../bridge/adapters/chatwoot/conversations.ts';
import { createChatwootHttp } from '../../../bridge/adapters/chatwoot/http.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { startChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import type { ChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';

const never = new AbortController().signal;
const account = 3;

describe('conversations in Chatwoot', () => {
  let sandbox: ChatwootSandbox;
  let asked: { account: number; conversation: number; message: { id: number } };

  const start = async (version = '4.15.1'): Promise<void> => {
    sandbox = await startChatwootSandbox({
      version,
      receipts: 'none',
      accounts: [
        {
          id: account,
          name: 'Loja',
          bots: [{ id: 4, name: 'Assistente', token: 'bot-token', outgoing_url: null }],
          users: [
            { id: 11, name: 'Ana', role: 'administrator', token: 'admin-token' },
            { id: 12, name: 'Bia' },
          ],
          inboxes: [{ id: 5, name: 'WhatsApp', channel_type: 'Channel::Whatsapp' }],
          teams: [{ id: 71, name: 'atendimento', members: [12] }],
        },
      ],
    });
    asked = sandbox.api.customerWrites({ account, inbox: 5, contact: 'Marta', text: 'Oi' });
  };
  beforeEach(() => start());
  afterEach(async () => {
    assert.deepEqual(sandbox.api.violations, []);
    await sandbox.stop();
  });

  function conversations(
    tokens: { bot?: string; user?: string } = { bot: 'bot-token', user: 'admin-token' },
    botId: number | null = null,
  ) {
    const { bot = null, user = null } = tokens;
    const http = createChatwootHttp(`${sandbox.url}/`, account, 1_000);
    return new ChatwootConversations(http, { bot, user }, { chatwootAccountId: account, botId });
  }
  const conversation = () => ({ account, conversation: asked.conversation });
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 'fine',
      (error: unknown) => (error instanceof BridgeError ? error.code : error),
    );

  it('are read live: status, owner, team, window and newest message', async () => {
    assert.deepEqual(await conversations().readLive(1, never), {
      status: 'pending',
      assignee: null,
      teamId: null,
      canReply: true,
      lastMessageId: asked.message.id,
      personMessageId: 0,
      ownTurnId: null,
    });
    sandbox.api.assign({ ...conversation(), user: 'Bia' });
    sandbox.api.assign({ ...conversation(), team: 71 });
    const live = await conversations().readLive(1, never);
    assert.ok(typeof live === 'object');
    assert.deepEqual([live.assignee, live.teamId], [{ kind: 'person', id: 12 }, 71]);
    assert.ok(live.lastMessageId > asked.message.id, 'activity lines count');
  });

  it('tell when the newest words are a person’s, and never mistake ours, a note or the customer for them', async () => {
    const newest = async (tokens?: { bot?: string; user?: string }) => {
      const live = await conversations(tokens).readLive(1, never);
      return typeof live === 'object' ? live.personMessageId : live;
    };
    assert.equal(await newest(), 0);
    const said = sandbox.api.personReplies({ ...conversation(), text: 'Sou a Bia.', user: 'Bia' });
    assert.deepEqual([await newest(), await newest({ bot: 'bot-token' })], [said.id, said.id]);
    sandbox.api.personNotes({ ...conversation(), text: 'nota', user: 'Bia' });
    assert.equal(await newest(), 0);
    const echo = sandbox.api.phoneEcho({ ...conversation(), text: 'já te ligo' });
    assert.equal(await newest(), echo.id);
    await conversations().sendPart(1, { text: 'Oi!', turnId: 't', part: 1 }, never);
    assert.equal(await newest(), 0);
    await conversations({ user: 'admin-token' }).sendPart(1, { text: 'Oi!', turnId: 't', part: 2 }, never);
    assert.deepEqual([await newest(), await newest({ user: 'admin-token' })], [0, 0]);
  });

  it('tell our bot from another one', async () => {
    sandbox.api.assign({ ...conversation(), bot: 4 });
    const owner = async (botId: number | null) => {
      const live = await conversations(undefined, botId).readLive(1, never);
      return typeof live === 'object' ? live.assignee?.kind : live;
    };
    assert.deepEqual([await owner(4), await owner(9), await owner(null)], ['assistant', 'other_bot', 'assistant']);
  });

  it('with a closed window say so', async () => {
    sandbox.api.backdate({ ...conversation(), ms: 25 * 3_600_000 });
    const live = await conversations().readLive(1, never);
    assert.equal(typeof live === 'object' && live.canReply, false);
  });

  it('with a team are people’s for a bot that cannot read them, and readable with a user token', async () => {
    sandbox.api.assign({ ...conversation(), team: 71 });
    assert.equal(await conversations({ bot: 'bot-token' }).readLive(1, never), 'people');
    assert.equal(typeof (await conversations().readLive(1, never)), 'object');
  });

  it('whose server is in trouble are an outage with a user token, never people’s', async () => {
    for (const status of [500, 502, 503]) {
      sandbox.api.fault({ path: 'conversations.show', action: 'error', status });
      assert.equal(await code(conversations().readLive(1, never)), 'upstream_unavailable');
    }
    sandbox.api.fault({ path: 'conversations.show', action: 'error', status: 503 });
    assert.equal(await code(conversations({ bot: 'bot-token' }).readLive(1, never)), 'upstream_unavailable');
  });

  it('that a bot may never read (before 4.14.2) are unreadable, which is no error', async () => {
    await sandbox.stop();
    await start('4.13.0');
    assert.equal(await conversations({ bot: 'bot-token' }).readLive(1, never), 'unreadable');
    assert.equal(typeof (await conversations().readLive(1, never)), 'object');
  });

  it('with a wrong token, or gone, are refused for good', async () => {
    assert.equal(await code(conversations({ user: 'wrong' }).readLive(1, never)), 'upstream_rejected');
    assert.equal(await code(conversations().readLive(99, never)), 'upstream_rejected');
    assert.equal(await code(conversations({}).readLive(1, never)), 'upstream_rejected');
    assert.equal(
      await code(conversations({ bot: 'wrong' }).sendPart(1, { text: 'x', turnId: 't', part: 1 }, never)),
      'upstream_rejected',
    );
  });

  it('get each part with its tag, written by the bot', async () => {
    const { messageId } = await conversations().sendPart(1, { text: 'Oi!', turnId: 'turn-1', part: 2 }, never);
    const message = sandbox.api.messagesOf(conversation()).find(({ id }) => id === messageId);
    assert.deepEqual(
      [message?.content, message?.private, message?.sender?.type, message?.content_attributes],
      ['Oi!', false, 'agent_bot', { ui_turn: 'turn-1', ui_part: 2 }],
    );
  });

  it('whose send was not answered leave it open whether it was stored', async () => {
    for (const when of ['before-store', 'after-store'] as const) {
      sandbox.api.fault({ path: 'messages.create', when, action: 'cut' });
      assert.equal(
        await code(conversations().sendPart(1, { text: when, turnId: 't', part: 1 }, never)),
        'upstream_unavailable',
      );
    }
    assert.deepEqual(
      sandbox.api.messagesOf(conversation()).map(({ content }) => content),
      ['Oi', 'after-store'],
    );
  });

  it('say when to come back, when they are asked too often', async () => {
    sandbox.api.fault({ path: 'messages.create', action: 'rate-limit', retry_after_s: 4 });
    const error: unknown = await conversations()
      .sendPart(1, { text: 'x', turnId: 't', part: 1 }, never)
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof BridgeError);
    assert.deepEqual([error.code, error.retryAfterMs], ['upstream_unavailable', 4_000]);
  });

  it('are not waited for longer than the deadline, nor than the turn', async () => {
    sandbox.api.fault({ path: 'messages.create', action: 'delay', ms: 3_000, count: 2 });
    assert.equal(
      await code(conversations().sendPart(1, { text: 'x', turnId: 't', part: 1 }, AbortSignal.timeout(50))),
      'upstream_unavailable',
    );
    assert.equal(
      await code(conversations().sendPart(1, { text: 'x', turnId: 't', part: 1 }, never)),
      'upstream_unavailable',
    );
    sandbox.api.clearFaults();
  });

  it('never show a customer’s words or a token in an error', async () => {
    sandbox.api.fault({ path: 'messages.create', action: 'error', status: 422 });
    const error: unknown = await conversations()
      .sendPart(1, { text: 'meu segredo', turnId: 't', part: 1 }, never)
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof BridgeError);
    const shown = `${error.message} ${error.stack ?? ''}`;
    for (const word of ['meu segredo', 'bot-token', 'admin-token']) assert.ok(!shown.includes(word), word);
    assert.match(error.message, /422 to .*\/conversations\/:id\/messages/);
  });

  it('take notes that the customer never sees, and are opened and freed however often it is asked', async () => {
    const ours = conversations();
    await ours.addNote(1, 'resumo', never);
    sandbox.api.assign({ ...conversation(), user: 'Bia' });
    await ours.open(1, never);
    await ours.open(1, never);
    await ours.unassign(1, never);
    await ours.unassign(1, never);
    const { status, meta } = sandbox.api.conversation(conversation());
    assert.deepEqual([status, meta.assignee], ['open', null]);
    const note = sandbox.api.messagesOf(conversation()).find(({ private: isNote }) => isNote);
    assert.equal(note?.content, 'resumo');
  });

  it('are read back over many pages', async () => {
    const ours = conversations();
    for (let index = 0; index < 130; index++) {
      sandbox.api.personNotes({ ...conversation(), text: `nota ${index}`, user: 'Bia' });
    }
    const { messageId } = await ours.sendPart(1, { text: 'Oi!', turnId: 'turn-1', part: 1 }, never);
    const sought = { turnId: 'turn-1', texts: ['Oi!'], afterMessageId: asked.message.id };
    assert.deepEqual(await ours.findSent(1, sought, never), [{ turnId: 'turn-1', part: 1, messageId }]);
    assert.deepEqual(await ours.findSent(1, { ...sought, turnId: 'turn-2', texts: ['x'] }, never), []);
  });

  it('show a bot only the newest message: a proof, a proof of the contrary, or no answer', async () => {
    const bot = conversations({ bot: 'bot-token' });
    const sought = { turnId: 'turn-1', texts: ['Oi!', 'Tudo bem?'], afterMessageId: asked.message.id };
    assert.deepEqual(await bot.findSent(1, sought, never), [], 'nothing came after what was known');
    const { messageId } = await bot.sendPart(1, { text: 'Tudo bem?', turnId: 'turn-1', part: 2 }, never);
    assert.deepEqual(await bot.findSent(1, sought, never), [{ turnId: 'turn-1', part: 2, messageId }]);
    sandbox.api.personNotes({ ...conversation(), text: 'nota', user: 'Bia' });
    assert.equal(await bot.findSent(1, sought, never), 'unknown');
    sandbox.api.assign({ ...conversation(), team: 71 });
    assert.equal(await bot.findSent(1, sought, never), 'unknown');
  });

  it('that are asked too often are asked again later, not given to people', async () => {
    sandbox.api.fault({ path: 'conversations.show', action: 'rate-limit' });
    const sought = { turnId: 'turn-1', texts: ['Oi!'], afterMessageId: asked.message.id };
    assert.equal(await code(conversations({ bot: 'bot-token' }).findSent(1, sought, never)), 'upstream_unavailable');
  });

  it('have a history for a user token, and none for a bot', async () => {
    await conversations().sendPart(1, { text: 'Oi!', turnId: 't', part: 1 }, never);
    sandbox.api.personReplies({ ...conversation(), text: 'Sou a Bia.', user: 'Bia' });
    sandbox.api.personNotes({ ...conversation(), text: 'nota', user: 'Bia' });
    const history = await conversations().history(1, 10, never);
    assert.deepEqual(
      history?.map(({ from, text }) => [from, text]),
      [
        ['customer', 'Oi'],
        ['assistant', 'Oi!'],
        ['person', 'Sou a Bia.'],
        ['note', 'nota'],
      ],
    );
    assert.deepEqual(
      (await conversations().history(1, 2, never))?.map(({ from }) => from),
      ['person', 'note'],
    );
    assert.equal(await conversations({ bot: 'bot-token' }).history(1, 10, never), null);
  });

  it('are checked in words for the person who can mend it', async () => {
    const check = async (tokens: { bot?: string; user?: string }) => {
      const { ok, message, fix } = await conversations(tokens).check(never);
      return { ok, said: `${message} ${fix ?? ''}` };
    };
    assert.deepEqual((await check({ user: 'admin-token' })).ok, true);
    assert.match((await check({ user: 'wrong' })).said, /refused the user token.*new access token/);
    assert.match((await check({ bot: 'bot-token' })).said, /Chatwoot answers.*Add a user token/);
    assert.match((await check({ bot: 'wrong' })).said, /refused the bot token.*chatwoot.connect/);
    assert.match((await check({ bot: 'wrong', user: 'admin-token' })).said, /refused the bot token/);
    assert.match((await check({ user: 'admin-token' })).said, /without a bot token/);
    assert.deepEqual(await check({ bot: 'bot-token', user: 'admin-token' }), { ok: true, said: 'Chatwoot answers ' });
    assert.deepEqual([(await check({})).ok, (await check({})).said.includes('No Chatwoot token')], [false, true]);
    sandbox.api.fault({ path: '/inboxes', action: 'error', status: 502 });
    assert.match((await check({ user: 'admin-token' })).said, /does not answer/);
  });
});

describe('an answer that is not Chatwoot’s', () => {
  const answering = (json: unknown) =>
    new ChatwootConversations(
      async () => ({ status: 200, json }),
      { bot: 'b', user: 'u' },
      { chatwootAccountId: 3, botId: null },
    );

  it('is an outage, never a state or a proof', async () => {
    for (const json of [null, 'oi', {}, { status: 'parked' }, { payload: {} }, []]) {
      const ours = answering(json);
      await assert.rejects(ours.readLive(1, never), { code: 'upstream_unavailable' });
      await assert.rejects(ours.findSent(1, { turnId: 't', texts: ['x'], afterMessageId: 1 }, never), {
        code: 'upstream_unavailable',
      });
      await assert.rejects(ours.sendPart(1, { text: 'x', turnId: 't', part: 1 }, never), {
        code: 'upstream_unavailable',
      });
    }
  });
});
