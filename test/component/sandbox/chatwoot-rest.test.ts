// The simulator's REST API: who may call what, in which shape it answers, how lists are cut, and what it reports as a violation.
import assert from 'node:assert/strict';
import { type ChatwootSandbox, startChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import { type Call, restClient } from './rest-client.ts';

const ZAP = 5;
const API = 6;

interface Listed {
  payload: { id: number; message_type: number; created_at: number; content: string; private: boolean }[];
}

describe('Chatwoot sandbox: REST', () => {
  let sandbox: ChatwootSandbox;
  let bot: Call;
  let agent: Call;
  let admin: Call;

  async function start(version = '4.15.1'): Promise<void> {
    sandbox = await startChatwootSandbox({
      version,
      receipts: 'none',
      accounts: [
        {
          id: 3,
          name: 'Sandra',
          users: [
            { id: 11, name: 'Ana', role: 'administrator', token: 'admin' },
            { id: 12, name: 'Bia', role: 'agent', token: 'agent' },
            { id: 13, name: 'Caio', role: 'agent', token: 'outsider' },
          ],
          bots: [{ id: 41, name: 'Robô', token: 'bot', secret: 'bot-secret' }],
          inboxes: [
            { id: ZAP, name: 'Zap', channel_type: 'Channel::Whatsapp', members: [12] },
            {
              id: API,
              name: 'Gateway',
              channel_type: 'Channel::Api',
              secret: 'api-secret',
              inbox_identifier: 'gw',
              members: [12],
            },
          ],
          teams: [{ id: 71, name: 'Vendas', members: [12] }],
          labels: ['vip'],
        },
        { id: 4, name: 'Outra', users: [{ id: 21, name: 'Zoe', role: 'administrator', token: 'zoe' }] },
      ],
    });
    bot = restClient(sandbox.url, 3, 'bot');
    agent = restClient(sandbox.url, 3, 'agent');
    admin = restClient(sandbox.url, 3, 'admin');
  }

  beforeEach(() => start());
  afterEach(() => sandbox.stop());

  function write(text = 'oi', inbox = ZAP) {
    return sandbox.api.customerWrites({ account: 3, inbox, contact: 'Marta', text });
  }

  describe('tokens', () => {
    it('accepts both spellings of the header and refuses none, unknown and foreign ones in Chatwoot’s words', async () => {
      write();
      for (const header of ['api_access_token', 'Api-Access-Token']) {
        assert.equal((await restClient(sandbox.url, 3, 'agent', header)('GET', '/conversations/1')).status, 200);
      }
      const none = await restClient(sandbox.url, 3, null)('GET', '/conversations/1');
      assert.deepEqual(
        [none.status, none.json],
        [401, { errors: ['You need to sign in or sign up before continuing.'] }],
      );
      const unknown = await restClient(sandbox.url, 3, 'nope')('GET', '/conversations/1');
      assert.deepEqual([unknown.status, unknown.json], [401, { error: 'Invalid Access Token' }]);
      const foreign = await restClient(sandbox.url, 3, 'zoe')('GET', '/conversations/1');
      assert.deepEqual(
        [foreign.status, foreign.json],
        [401, { error: 'You are not authorized to access this account' }],
      );
      const foreignBot = await restClient(sandbox.url, 4, 'bot')('GET', '/conversations/1');
      assert.deepEqual(foreignBot.json, { error: 'Bot is not authorized to access this account' });
    });

    it('lets a bot token do exactly what the allow-list says', async () => {
      const { conversation } = write();
      const one = `/conversations/${conversation}`;
      const allowed: [string, string, unknown?][] = [
        ['GET', one],
        ['PATCH', one, { priority: 'high' }],
        ['POST', `${one}/messages`, { content: 'oi' }],
        ['POST', `${one}/toggle_status`, { status: 'pending' }],
        ['POST', `${one}/toggle_typing_status`, { typing_status: 'on' }],
        ['POST', `${one}/toggle_priority`, { priority: null }],
        ['POST', `${one}/custom_attributes`, { custom_attributes: { a: 1 } }],
        ['POST', `${one}/labels`, { labels: ['vip'] }],
        ['GET', `${one}/labels`],
        ['POST', `${one}/assignments`, { assignee_id: null }],
      ];
      for (const [method, path, body] of allowed) {
        assert.equal((await bot(method, path, body)).status, 200, `${method} ${path}`);
      }
      const refused: [string, string, unknown?][] = [
        ['GET', `${one}/messages`],
        ['GET', '/conversations'],
        ['GET', '/contacts/search?q=a'],
        ['GET', '/inboxes'],
        ['GET', '/teams'],
        ['GET', '/agents'],
        ['GET', '/labels'],
        ['GET', '/webhooks'],
        ['GET', '/agent_bots'],
        ['POST', `${one}/mute`],
      ];
      for (const [method, path, body] of refused) {
        const answer = await bot(method, path, body);
        assert.deepEqual(
          [answer.status, answer.json],
          [401, { error: 'Access to this endpoint is not authorized for bots' }],
          `${method} ${path}`,
        );
      }
      assert.equal((await bot('GET', '/api/v1/profile')).status, 401);
      assert.deepEqual(sandbox.api.violations, []);
    });

    it('refuses a bot’s read before 4.14.2', async () => {
      await sandbox.stop();
      await start('4.13.0');
      write();
      assert.equal((await bot('GET', '/conversations/1')).status, 401);
      assert.equal((await agent('GET', '/conversations/1')).status, 200);
    });

    it('answers a bot 500 as soon as the conversation has a team, after doing what was asked', async () => {
      const ref = write();
      sandbox.api.assign({ ...ref, team: 71 });
      assert.equal((await bot('GET', '/conversations/1')).status, 500);
      assert.equal((await bot('PATCH', '/conversations/1', { priority: 'urgent' })).status, 500);
      assert.equal(sandbox.api.conversation(ref).priority, 'urgent');
      assert.equal((await bot('POST', '/conversations/1/messages', { content: 'oi' })).status, 200);
      assert.equal((await agent('GET', '/conversations/1')).status, 200);
    });

    it('shows an agent only what his inboxes and teams hold', async () => {
      const ref = write();
      const outsider = restClient(sandbox.url, 3, 'outsider');
      assert.deepEqual((await outsider('GET', '/conversations/1')).json, {
        error: 'You are not authorized to do this action',
      });
      assert.deepEqual((await outsider('GET', '/inboxes')).json, { payload: [] });
      assert.equal((await admin('GET', '/conversations/1')).status, 200);
      sandbox.api.resolve(ref);
    });

    it('keeps secrets for administrators', async () => {
      const secretOf = (answer: { json: unknown }): unknown => (answer.json as { secret?: string }).secret;
      assert.equal(secretOf(await admin('GET', `/inboxes/${API}`)), 'api-secret');
      assert.equal(secretOf(await agent('GET', `/inboxes/${API}`)), undefined);
      assert.equal(secretOf(await admin('GET', '/agent_bots/41')), 'bot-secret');
      assert.equal(secretOf(await agent('GET', '/agent_bots/41')), undefined);
      assert.equal((await agent('GET', '/webhooks')).status, 401);
    });
  });

  describe('messages', () => {
    it('are created as the token’s owner, numbers and epochs in the answer, the echo id only there', async () => {
      write();
      const answer = await bot('POST', '/conversations/1/messages', {
        content: 'Olá',
        echo_id: 'e1',
        content_attributes: { ui_turn: 't', ui_part: 1 },
      });
      const message = answer.json as Record<string, unknown>;
      assert.equal(message['message_type'], 1);
      assert.equal(typeof message['created_at'], 'number');
      assert.equal(message['echo_id'], 'e1');
      assert.deepEqual(message['content_attributes'], { ui_turn: 't', ui_part: 1 });
      assert.deepEqual((message['sender'] as { type: string }).type, 'agent_bot');
      assert.ok(!('account_id' in message));
      const listed = (await agent('GET', '/conversations/1/messages')).json as { payload: Record<string, unknown>[] };
      assert.ok(!('echo_id' in (listed.payload.at(-1) ?? {})));
    });

    it('take files as multipart, with attributes as a JSON text', async () => {
      write();
      const form = new FormData();
      form.append('content', 'veja');
      form.append('content_attributes', JSON.stringify({ ui_turn: 't' }));
      form.append('attachments[]', new File(['PDF!'], 'lista.pdf', { type: 'application/pdf' }));
      const message = (await bot('POST', '/conversations/1/messages', form)).json as {
        content_attributes: object;
        attachments: { data_url: string; file_type: string; file_size: number }[];
      };
      assert.deepEqual(message.content_attributes, { ui_turn: 't' });
      const [file] = message.attachments;
      assert.deepEqual([file?.file_type, file?.file_size], ['file', 4]);
      assert.equal(await (await fetch(file?.data_url ?? '')).text(), 'PDF!');
      assert.deepEqual(sandbox.api.violations, []);
    });

    it('refuse incoming outside API inboxes, unknown types, long texts and empty choices with 422 and an error', async () => {
      write();
      for (const body of [
        { content: 'x', message_type: 'incoming' },
        { content: 'x', content_type: 'poem' },
        { content: 'x'.repeat(150_001) },
        { content: 'x', content_type: 'input_select', content_attributes: { items: [] } },
        {
          content: 'x',
          content_type: 'input_select',
          content_attributes: { items: [{ title: 'a', value: 'b', description: 'c' }] },
        },
      ]) {
        const answer = await bot('POST', '/conversations/1/messages', body);
        assert.equal(answer.status, 422);
        assert.equal(typeof (answer.json as { error: unknown }).error, 'string');
      }
    });

    it('come in through a user token on an API inbox, as the customer’s', async () => {
      const ref = write('oi', API);
      const answer = await agent('POST', `/conversations/${ref.conversation}/messages`, {
        content: 'bom dia',
        message_type: 'incoming',
        source_id: 'WAID:1',
      });
      const message = answer.json as { message_type: number; sender: { type: string }; source_id: string };
      assert.deepEqual([message.message_type, message.sender.type, message.source_id], [0, 'contact', 'WAID:1']);
    });

    it('quote only a message of the same conversation', async () => {
      const ref = write();
      const good = (
        await bot('POST', '/conversations/1/messages', {
          content: 'a',
          content_attributes: { in_reply_to: ref.message.id },
        })
      ).json as { content_attributes: object };
      assert.deepEqual(good.content_attributes, {
        in_reply_to: ref.message.id,
        in_reply_to_external_id: ref.message.source_id,
      });
      const bad = (
        await bot('POST', '/conversations/1/messages', { content: 'a', content_attributes: { in_reply_to: 1 } })
      ).json as { content_attributes: object };
      assert.deepEqual(bad.content_attributes, { in_reply_to: null, in_reply_to_external_id: null });
    });

    it('lose their tags on delete and retry', async () => {
      write();
      const send = async (): Promise<number> =>
        (
          (await bot('POST', '/conversations/1/messages', { content: 'a', content_attributes: { ui_turn: 't' } }))
            .json as { id: number }
        ).id;
      const deleted = (await agent('DELETE', `/conversations/1/messages/${await send()}`)).json as {
        content_attributes: object;
      };
      assert.deepEqual(deleted.content_attributes, { deleted: true });
      const retried = (await agent('POST', `/conversations/1/messages/${await send()}/retry`)).json as {
        content_attributes: object;
      };
      assert.deepEqual(retried.content_attributes, {});
    });

    it('are listed 20 at a time, up to 100 after an id, up to 1000 between two, always ascending', async () => {
      const first = write('0').message.id;
      for (let index = 1; index <= 130; index += 1) write(String(index));
      const list = async (query: string): Promise<string[]> =>
        ((await agent('GET', `/conversations/1/messages${query}`)).json as Listed).payload.map(
          (message) => message.content,
        );
      const texts = (from: number, to: number): string[] =>
        Array.from({ length: to - from + 1 }, (_, index) => String(from + index));
      assert.deepEqual(await list(''), texts(111, 130));
      assert.deepEqual(await list(`?before=${first + 50}`), texts(30, 49));
      assert.deepEqual(await list(`?after=${first}`), texts(1, 100));
      assert.deepEqual(await list(`?after=${first + 10}&before=${first + 130}`), texts(10, 129));
    });

    it('hide notes and activity lines when internal ones are filtered', async () => {
      const ref = write();
      sandbox.api.personNotes({ ...ref, text: 'nota' });
      sandbox.api.resolve(ref);
      const all = (await agent('GET', '/conversations/1/messages')).json as Listed;
      assert.deepEqual(
        all.payload.map((message) => [message.message_type, message.private]),
        [
          [0, false],
          [1, true],
          [2, false],
        ],
      );
      const filtered = (await agent('GET', '/conversations/1/messages?filter_internal_messages=true')).json as Listed;
      assert.deepEqual(
        filtered.payload.map((message) => message.message_type),
        [0],
      );
    });

    it('beyond the limit of one minute are refused, the customer’s too', async () => {
      await sandbox.stop();
      sandbox = await startChatwootSandbox({
        messages_per_minute_limit: 3,
        accounts: [
          {
            id: 3,
            name: 'S',
            bots: [{ name: 'R', token: 'bot' }],
            inboxes: [{ id: ZAP, name: 'Z', channel_type: 'Channel::Telegram' }],
          },
        ],
      });
      for (const text of ['1', '2', '3']) write(text);
      assert.throws(() => write('4'), /Too many messages/);
      const answer = await restClient(sandbox.url, 3, 'bot')('POST', '/conversations/1/messages', { content: 'oi' });
      assert.deepEqual([answer.status, answer.json], [422, { error: 'Validation failed: Too many messages' }]);
    });
  });

  describe('conversations', () => {
    it('leave out what is not there and write times as numbers', async () => {
      const ref = write();
      const view = (await agent('GET', '/conversations/1')).json as Record<string, unknown> & {
        meta: Record<string, unknown>;
      };
      assert.ok(
        !('assignee' in view.meta) && !('team' in view.meta) && !('channel' in view) && !('contact_inbox' in view),
      );
      assert.deepEqual([view['first_reply_created_at'], view['account_id'], view['muted']], [0, 3, false]);
      assert.ok(!('type' in (view.meta['sender'] as object)));
      sandbox.api.assign({ ...ref, user: 'Bia' });
      const owned = (await agent('GET', '/conversations/1')).json as {
        meta: { assignee: { email: string; role: string }; assignee_type: string };
      };
      assert.deepEqual([owned.meta.assignee_type, owned.meta.assignee.role], ['User', 'agent']);
    });

    it('are listed open by default, with counts, and filtered without data', async () => {
      write();
      const open = (await agent('GET', '/conversations')).json as { data: { payload: unknown[]; meta: object } };
      assert.deepEqual(
        [open.data.payload.length, Object.keys(open.data.meta)],
        [0, ['mine_count', 'assigned_count', 'unassigned_count', 'all_count']],
      );
      const pending = (await agent('GET', '/conversations?status=pending&assignee_type=unassigned&inbox_id=5'))
        .json as { data: { payload: unknown[] } };
      assert.equal(pending.data.payload.length, 1);
      const filtered = (
        await agent('POST', '/conversations/filter?page=1', {
          payload: [
            { attribute_key: 'status', filter_operator: 'equal_to', values: ['pending'], query_operator: null },
          ],
        })
      ).json as { payload: unknown[]; meta: object };
      assert.deepEqual([filtered.payload.length, 'assigned_count' in filtered.meta], [1, false]);
    });

    it('are created pending in a bot inbox even when open is asked for', async () => {
      const ref = write();
      sandbox.api.resolve(ref);
      const contactId = sandbox.api.conversation(ref).meta.sender.id;
      const answer = await bot('POST', '/conversations', {
        inbox_id: ZAP,
        contact_id: contactId,
        status: 'open',
        message: { content: 'Olá' },
      });
      assert.deepEqual(
        [(answer.json as { status: string }).status, (answer.json as { messages: unknown[] }).messages.length],
        ['pending', 1],
      );
    });

    it('answer 500 to a word outside the enum and 422 never', async () => {
      write();
      assert.equal((await bot('POST', '/conversations/1/toggle_status', { status: 'closed' })).status, 500);
      assert.equal((await bot('POST', '/conversations/1/toggle_priority', { priority: 'none' })).status, 500);
      assert.equal((await bot('POST', '/conversations/1/custom_attributes', {})).status, 500);
    });

    it('replace attributes and labels whole', async () => {
      const ref = write();
      await bot('POST', '/conversations/1/custom_attributes', { custom_attributes: { a: 1, b: 2 } });
      await bot('POST', '/conversations/1/custom_attributes', { custom_attributes: { c: 3 } });
      await bot('POST', '/conversations/1/labels', { labels: ['vip'] });
      await bot('POST', '/conversations/1/labels', { labels: ['new'] });
      const { custom_attributes: attributes, labels } = sandbox.api.conversation(ref);
      assert.deepEqual([attributes, labels], [{ c: 3 }, ['new']]);
    });

    it('are unassigned by an unknown person, untouched by an unknown bot, and both answer null', async () => {
      const ref = write();
      sandbox.api.assign({ ...ref, user: 'Bia' });
      assert.deepEqual(
        (await bot('POST', '/conversations/1/assignments', { assignee_id: 999, assignee_type: 'AgentBot' })).json,
        null,
      );
      assert.equal(sandbox.api.conversation(ref).meta.assignee?.id, 12);
      assert.deepEqual((await bot('POST', '/conversations/1/assignments', { assignee_id: 999 })).json, null);
      assert.equal(sandbox.api.conversation(ref).meta.assignee, null);
      const team = (await bot('POST', '/conversations/1/assignments', { team_id: 71 })).json as { name: string };
      assert.equal(team.name, 'vendas');
    });
  });

  describe('directory', () => {
    it('finds contacts by part, page by page, and answers an empty question with nothing', async () => {
      for (let index = 0; index < 17; index += 1) {
        sandbox.api.customerWrites({ account: 3, inbox: ZAP, contact: `Marta ${index}`, text: 'oi' });
      }
      const first = (await agent('GET', '/contacts/search?q=marta')).json as { meta: object; payload: unknown[] };
      assert.deepEqual([first.meta, first.payload.length], [{ count: 15, current_page: 1, has_more: true }, 15]);
      const second = (await agent('GET', '/contacts/search?q=marta&page=2')).json as { meta: object };
      assert.deepEqual(second.meta, { count: 2, current_page: 2, has_more: false });
      assert.deepEqual((await agent('GET', '/contacts/search?q=')).json, {
        meta: { count: null, current_page: 1, has_more: false },
        payload: [],
      });
    });

    it('creates a contact once and merges its attributes on update', async () => {
      const body = { name: 'Rui', phone_number: '+5511988887777', inbox_id: ZAP, custom_attributes: { a: 1 } };
      const made = (await agent('POST', '/contacts', body)).json as {
        payload: { contact: { id: number }; contact_inbox: { source_id: string } };
      };
      assert.equal(made.payload.contact_inbox.source_id, '5511988887777');
      const again = await agent('POST', '/contacts', body);
      assert.deepEqual(
        [again.status, again.json],
        [422, { message: 'Phone number has already been taken', attributes: ['phone_number'] }],
      );
      const updated = (await agent('PATCH', `/contacts/${made.payload.contact.id}`, { custom_attributes: { b: 2 } }))
        .json as { payload: { custom_attributes: object } };
      assert.deepEqual(updated.payload.custom_attributes, { a: 1, b: 2 });
    });

    it('wraps webhooks in a payload, gives their secret, and refuses doubles and empty subscriptions', async () => {
      const made = (await admin('POST', '/webhooks', { url: 'https://x.example/hook' })).json as {
        payload: { webhook: { id: number; secret: string; subscriptions: string[] } };
      };
      assert.equal(made.payload.webhook.subscriptions.length, 8);
      assert.equal(made.payload.webhook.secret.length, 24);
      assert.equal((await admin('POST', '/webhooks', { webhook: { url: 'https://x.example/hook' } })).status, 422);
      assert.equal((await admin('POST', '/webhooks', { url: 'https://y.example', subscriptions: [] })).status, 422);
      const listed = (await admin('GET', '/webhooks')).json as { payload: { webhooks: unknown[] } };
      assert.equal(listed.payload.webhooks.length, 1);
      assert.equal((await admin('DELETE', `/webhooks/${made.payload.webhook.id}`)).text, '');
    });

    it('links, shows and unlinks the bot of an inbox', async () => {
      const made = (await admin('POST', '/agent_bots', { name: 'Novo', outgoing_url: 'https://b.example' })).json as {
        id: number;
        access_token: string;
        bot_type: string;
      };
      assert.equal(made.bot_type, 'webhook');
      assert.equal((await admin('POST', `/inboxes/${ZAP}/set_agent_bot`, { agent_bot: made.id })).text, '');
      const shown = (await agent('GET', `/inboxes/${ZAP}/agent_bot`)).json as {
        agent_bot: { id: number; access_token: { token: string } };
      };
      assert.deepEqual([shown.agent_bot.id, shown.agent_bot.access_token.token], [made.id, made.access_token]);
      await admin('POST', `/inboxes/${ZAP}/set_agent_bot`, { agent_bot: null });
      assert.deepEqual((await agent('GET', `/inboxes/${ZAP}/agent_bot`)).json, {});
      assert.equal((await admin('POST', `/inboxes/${ZAP}/set_agent_bot`, { agent_bot: 9999 })).status, 404);
    });

    it('says its version without a token and the user’s accounts with one', async () => {
      const version = (await restClient(sandbox.url, 3, null)('GET', '/api')).json as { version: string };
      assert.equal(version.version, '4.15.1');
      const profile = (await agent('GET', '/api/v1/profile')).json as { accounts: { id: number; role: string }[] };
      assert.deepEqual(
        profile.accounts.map(({ id, role }) => [id, role]),
        [[3, 'agent']],
      );
    });

    it('takes a gateway’s incoming message through the client API without a token', async () => {
      const open = restClient(sandbox.url, 3, null);
      const contact = (await open('POST', '/public/api/v1/inboxes/gw/contacts', { name: 'Rui' })).json as {
        source_id: string;
      };
      const base = `/public/api/v1/inboxes/gw/contacts/${contact.source_id}/conversations`;
      const conversation = (await open('POST', base, {})).json as { id: number };
      const message = (await open('POST', `${base}/${conversation.id}/messages`, { content: 'bom dia' })).json as {
        message_type: number;
      };
      assert.equal(message.message_type, 0);
      assert.equal(sandbox.api.messagesOf({ account: 3, conversation: conversation.id }).length, 1);
      assert.deepEqual(sandbox.api.violations, []);
    });
  });

  describe('violations', () => {
    it('names unknown calls, keys, types and query parameters, and answers as Chatwoot would', async () => {
      write();
      assert.equal((await agent('GET', '/conversations/1/secrets')).status, 404);
      assert.equal((await agent('GET', '/accounts/3/conversations/1/messages')).status, 404);
      assert.equal((await bot('POST', '/conversations/1/messages', { content: 'a', text: 'b' })).status, 200);
      await bot('POST', '/conversations/1/messages', { content: 'a', message_type: 1 });
      await agent('GET', '/conversations/1/messages?limit=5');
      await bot('POST', '/conversations/1/messages', { content: 'x'.repeat(4097) });
      await bot('POST', '/conversations/1/messages', { content: ' ' });
      assert.deepEqual(
        sandbox.api.violations.map((violation) => violation.kind),
        [
          'unknown_call',
          'unknown_call',
          'unknown_body_key',
          'wrong_body',
          'unknown_query_key',
          'too_long_for_channel',
          'trap',
        ],
      );
    });

    it('logs each call with token kind, endpoint and status', async () => {
      write();
      await bot('GET', '/conversations/1');
      await agent('GET', '/conversations/99');
      assert.deepEqual(
        sandbox.api.requests.map(({ tokenKind, tokenOwner, endpoint, status }) => [
          tokenKind,
          tokenOwner,
          endpoint,
          status,
        ]),
        [
          ['bot', 'Robô', 'conversations.show', 200],
          ['user', 'Bia', 'conversations.show', 404],
        ],
      );
    });
  });
});
