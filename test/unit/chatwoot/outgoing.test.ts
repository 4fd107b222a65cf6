// What we say beyond plain text: choices, files, templates, typing; and whose rule keeps us from saying it.
import assert from 'node:assert/strict';
import { ChatwootConversations } from '../../../bridge/adapters/chatwoot/conversations.ts';
import { account, both, botOnly, codeOf, eachRig, inboxes, never, ours, userOnly } from './chatwoot-rig.ts';

const approved = [
  { name: 'retomar_conversa', language: 'pt_BR', status: 'APPROVED' },
  { name: 'em_analise', language: 'pt_BR', status: 'PENDING' },
];
const template = {
  inboxId: inboxes.whatsapp,
  name: 'Retomar_Conversa',
  language: 'pt_br',
  values: ['Marta', '4521'],
  text: 'Oi, Marta! Podemos continuar sobre o pedido 4521?',
  turnId: 'turn-1',
  part: 1,
};

describe('what is said in Chatwoot', () => {
  const rig = eachRig();
  const conversation = { account, conversation: 1 };
  const say = (tokens: { bot: string | null; user: string | null } = both) =>
    new ChatwootConversations(rig.http, tokens, ours, rig.memory);
  const last = () => rig.api.messagesOf(conversation).at(-1);
  beforeEach(() => {
    rig.writes('Oi');
  });

  it('with choices has buttons, keeps its tag and is found again by it', async () => {
    const text = 'Quer falar com uma pessoa?';
    const part = { text, turnId: 'turn-1', part: 1, choices: ['Sim', ' ', 'Agora não'] };
    const { messageId } = await say().sendPart(1, part, never);
    const items = ['Sim', 'Agora não'].map((title) => ({ title, value: title }));
    assert.deepEqual(
      [last()?.content, last()?.content_type, last()?.content_attributes],
      [text, 'input_select', { ui_turn: 'turn-1', ui_part: 1, items }],
    );
    const sought = { turnId: 'turn-1', texts: [text], afterMessageId: 0 };
    assert.deepEqual(await say().findSent(1, sought, never), [{ turnId: 'turn-1', part: 1, messageId }]);
  });

  it('with choices that say nothing is plain text', async () => {
    await say().sendPart(1, { text: 'Oi!', turnId: 'turn-1', part: 1, choices: ['', ' '] }, never);
    assert.equal(last()?.content_type, 'text');
  });

  it('with files carries them with their names, kinds and the tag', async () => {
    const files = [
      { name: 'catálogo.pdf', contentType: 'application/pdf', bytes: Uint8Array.from(Buffer.from('%PDF-')) },
      { name: 'foto.png', contentType: 'image/png', bytes: Uint8Array.from([137, 80, 78, 71]) },
    ];
    await say().sendPart(1, { text: 'Segue o catálogo', turnId: 'turn-1', part: 2, files }, never);
    assert.deepEqual(
      [last()?.content, last()?.content_attributes],
      ['Segue o catálogo', { ui_turn: 'turn-1', ui_part: 2 }],
    );
    assert.deepEqual(
      last()?.attachments?.map((file) => [file.file_type, 'file_size' in file ? file.file_size : null]),
      [
        ['file', 5],
        ['image', 4],
      ],
    );
  });

  it('with more files than Chatwoot means to take is not sent', async () => {
    const file = { name: 'a.txt', contentType: 'text/plain', bytes: new Uint8Array(1) };
    const part = { text: '', turnId: 't', part: 1, files: Array.from({ length: 16 }, () => file) };
    await assert.rejects(async () => say().sendPart(1, part, never), { code: 'bad_request' });
    assert.deepEqual(rig.asked(), []);
  });

  it('shows typing with the bot’s token, and no failure of it is anybody’s problem', async () => {
    await say().setTyping(1, true, never);
    rig.api.fault({ path: 'conversations.toggle_typing_status', action: 'error', status: 503, count: 9 });
    await say().setTyping(1, false, never);
    rig.api.clearFaults();
    assert.deepEqual(rig.asked().slice(0, 2), ['api.version none 200', 'conversations.toggle_typing_status bot 200']);
  });

  it('is resolved once, however often it is asked', async () => {
    await say().resolve(1, never);
    await say().resolve(1, never);
    assert.equal(rig.api.conversation(conversation).status, 'resolved');
  });

  it('names the rule that closed the window', async () => {
    const closed = async (inbox: number) => {
      const wrote = rig.writes('Oi', inbox, `Cliente ${inbox}`);
      rig.api.backdate({ account, conversation: wrote.conversation, ms: 25 * 3_600_000 });
      const live = await say().readLive(wrote.conversation, never);
      return typeof live === 'object' ? (live.closedWindow ?? null) : live;
    };
    assert.deepEqual(await closed(inboxes.whatsapp), { rule: 'whatsapp', hours: 24 });
    assert.deepEqual(await closed(inboxes.instagram), { rule: 'instagram', hours: 24 });
    assert.equal(await closed(inboxes.web), null);
  });
});

describe('a template', () => {
  const rig = eachRig('4.15.1', {
    accounts: [
      {
        id: account,
        name: 'Loja',
        bots: [{ id: 4, name: 'Assistente', token: 'bot-token', outgoing_url: null }],
        users: [{ id: 11, name: 'Ana', role: 'administrator', token: 'admin-token' }],
        inboxes: [
          { id: inboxes.whatsapp, name: 'WhatsApp', channel_type: 'Channel::Whatsapp', message_templates: approved },
        ],
      },
    ],
  });
  const conversation = { account, conversation: 1 };
  const say = (tokens: { bot: string | null; user: string | null } = both) =>
    new ChatwootConversations(rig.http, tokens, ours, rig.memory);
  beforeEach(() => {
    rig.writes('Oi');
    rig.api.backdate({ ...conversation, ms: 25 * 3_600_000 });
  });

  it('goes through a closed window with its values and our tag, and the inbox is asked once', async () => {
    await say().sendTemplate(1, template, never);
    await say().sendTemplate(1, { ...template, part: 2 }, never);
    await rig.api.idle();
    const sent = rig.api.messagesOf(conversation).filter(({ message_type: type }) => type === 1);
    assert.deepEqual(
      sent.map(({ content, content_attributes, status }) => [content, content_attributes, status]),
      [1, 2].map((part) => [template.text, { ui_turn: 'turn-1', ui_part: part }, 'sent']),
    );
    const bodies = rig.api.requests.filter(({ endpoint }) => endpoint === 'messages.create').map(({ body }) => body);
    assert.deepEqual((bodies[0] as { template_params: object }).template_params, {
      name: 'Retomar_Conversa',
      language: 'pt_br',
      processed_params: { body: { 1: 'Marta', 2: '4521' } },
    });
    assert.equal(rig.asked().filter((line) => line.startsWith('inboxes.show')).length, 1);
  });

  it('that the inbox has not approved is refused before it is sent', async () => {
    for (const wrong of [{ name: 'em_analise' }, { name: 'outro' }, { language: 'en' }]) {
      assert.equal(await codeOf(say().sendTemplate(1, { ...template, ...wrong }, never)), 'upstream_rejected');
    }
    assert.deepEqual(
      rig.asked().filter((line) => line.startsWith('messages.create')),
      [],
    );
  });

  it('is sent unchecked by a bot alone, which may not read inboxes', async () => {
    await say(botOnly).sendTemplate(1, template, never);
    assert.deepEqual(rig.asked(), ['messages.create bot 200']);
  });
});

describe('a Chatwoot whose bots may not type (before 4.11.2)', () => {
  const rig = eachRig('4.11.0');
  const say = (tokens: { bot: string | null; user: string | null }) =>
    new ChatwootConversations(rig.http, tokens, ours, rig.memory);

  it('is shown typing with a person’s token, or not at all; a bot’s is never refused', async () => {
    rig.writes('Oi');
    await say(botOnly).setTyping(1, true, never);
    await say(both).setTyping(1, true, never);
    await say(userOnly).setTyping(1, false, never);
    assert.deepEqual(rig.asked(), [
      'api.version none 200',
      'conversations.toggle_typing_status user 200',
      'conversations.toggle_typing_status user 200',
    ]);
  });
});
