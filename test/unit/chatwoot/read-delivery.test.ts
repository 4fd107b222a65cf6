import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { OurSide } from '../../../bridge/adapters/chatwoot/conversation-facts.ts';
import { readDelivery } from '../../../bridge/adapters/chatwoot/read-delivery.ts';
import { verifyDelivery } from '../../../bridge/adapters/chatwoot/verify-delivery.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { CustomerMessage, DeliveryReading, OwnershipEvent } from '../../../bridge/core/message.ts';
import {
  conversation,
  gatewayText,
  instagramPicture,
  ownEcho,
  personAssigned,
  personsReply,
  phoneEcho,
  privateNote,
  statusEvents,
  whatsappText,
  widgetText,
} from './example-payloads.ts';
import type { Json } from './example-payloads.ts';

const ours: OurSide = { chatwootAccountId: 7, botId: null };
const nowMs = Date.parse('2026-11-20T13:30:00Z');
const urlToken = 'u'.repeat(32);

function readBytes(body: Buffer, side = ours): DeliveryReading {
  const secrets = { signing: [], urlToken };
  return readDelivery(verifyDelivery({ headers: {}, body, urlToken }, secrets, nowMs), side, nowMs);
}

function read(payload: unknown, side = ours): DeliveryReading {
  return readBytes(Buffer.from(JSON.stringify(payload)), side);
}

function message(payload: Json): CustomerMessage {
  const { event } = read(payload);
  assert.ok(event.kind === 'customer_message');
  return event;
}

function ownership(payload: Json): OwnershipEvent {
  const { event } = read(payload);
  assert.ok(event.kind === 'ownership');
  return event;
}

function reason(payload: unknown, side = ours): string {
  const { event } = read(payload, side);
  assert.ok(event.kind === 'ignored', event.kind);
  return event.reason;
}

describe('a message of the customer', () => {
  it('on WhatsApp is read with text, channel, person, times and the state of its conversation', () => {
    assert.deepEqual(read(whatsappText()), {
      conversationId: 412,
      key: 'message_created:918273',
      event: {
        kind: 'customer_message',
        version: 1,
        messageId: 918_273,
        inboxId: 31,
        channel: 'whatsapp',
        text: 'Bom dia, vocês abrem no feriado?',
        isChoice: false,
        attachments: [],
        contact: {
          id: 6201,
          name: 'Rosa Prado',
          phone: '+5531988001122',
          email: null,
          identifier: null,
          sourceId: '5531988001122',
          hmacVerified: false,
          blocked: false,
        },
        sentAtMs: Date.parse('2026-11-20T13:05:11.412Z'),
        conversation: { status: 'pending', assignee: { kind: 'assistant', id: 4 }, teamId: null, canReply: true },
      },
    });
  });

  it('with a picture and null content keeps the attachment and has no text', () => {
    const read = message(instagramPicture());
    assert.equal(read.text, '');
    assert.equal(read.channel, 'instagram');
    assert.deepEqual(read.attachments, [
      { kind: 'image', url: 'https://cdn.example.net/foto.jpg?exp=1795266580', transcript: null },
    ]);
  });

  it('on the web widget carries what the site vouched for', () => {
    const read = message(widgetText());
    assert.equal(read.channel, 'web');
    assert.equal(read.contact.hmacVerified, true);
    assert.equal(read.contact.phone, null);
  });

  it('keeps every attachment, its transcript when there is one, and calls unknown kinds other', () => {
    const files = [
      { id: 1, file_type: 'audio', data_url: 'https://x.example/a.ogg', transcribed_text: '  ' },
      { id: 2, file_type: 'audio', data_url: 'https://x.example/b.ogg', transcribed_text: 'quero trocar' },
      { id: 3, file_type: 'location', coordinates_lat: -19.9, coordinates_long: -43.9, fallback_title: 'Loja' },
      { id: 4, file_type: 'ig_reel', data_url: 'https://x.example/c' },
      'not an attachment',
    ];
    assert.deepEqual(message(instagramPicture({ attachments: files })).attachments, [
      { kind: 'audio', url: 'https://x.example/a.ogg', transcript: null },
      { kind: 'audio', url: 'https://x.example/b.ogg', transcript: 'quero trocar' },
      { kind: 'location', url: null, transcript: null },
      { kind: 'other', url: 'https://x.example/c', transcript: null },
      { kind: 'other', url: null, transcript: null },
    ]);
  });

  it('that Chatwoot could not take over has no text: nobody said its placeholder', () => {
    const content = 'This message is unsupported.';
    assert.equal(message(whatsappText({ content, content_attributes: { is_unsupported: true } })).text, '');
  });

  it('has the same key from every surface, and another one than the next message', () => {
    const asBot = whatsappText();
    const later = { status: 'open', waiting_since: 1, unread_count: 3, updated_at: 1_795_179_999.5 };
    const asAccount = whatsappText({ conversation: conversation(later) });
    const keys = [asBot, asAccount, whatsappText({ sender: null })].map((payload) => read(payload).key);
    assert.deepEqual(new Set(keys), new Set(['message_created:918273']));
    assert.notEqual(read(whatsappText({ id: 918_274 })).key, keys[0]);
  });

  it('is not lost because a field beside it is strange, missing or of another type', () => {
    const strange: Json = {
      content_attributes: '{}',
      additional_attributes: [],
      created_at: { iso: 'x' },
      sender: { id: 'abc', name: 5, phone_number: 55 },
      account: null,
      inbox: 'WhatsApp',
      attachments: {},
      source_id: 12,
      content_type: 7,
      conversation: conversation({
        meta: 'none',
        contact_inbox: 3,
        messages: 'm',
        additional_attributes: 1,
        can_reply: 'y',
        updated_at: 'yesterday',
        channel: null,
      }),
    };
    for (const [field, value] of Object.entries(strange)) {
      const { event } = read(whatsappText({ [field]: value }));
      const said = event.kind === 'customer_message' ? event.text : event.kind;
      assert.equal(said, 'Bom dia, vocês abrem no feriado?', field);
    }
    const { event } = read(whatsappText(strange));
    assert.equal(event.kind, 'customer_message');
  });

  it('names its inbox at the top when its conversation does not', () => {
    const facts = conversation();
    delete facts['inbox_id'];
    assert.equal(message(whatsappText({ conversation: facts })).inboxId, 31);
  });

  it('of a blocked contact says so', () => {
    const { conversation: facts } = whatsappText();
    assert.equal(
      message(whatsappText({ sender: { id: 6201, name: 'x', blocked: true }, conversation: facts })).contact.blocked,
      true,
    );
  });

  it('counts as a choice when it came from a list, and not otherwise', () => {
    assert.equal(message(whatsappText({ content_type: 'input_select' })).isChoice, true);
    assert.equal(message(whatsappText()).isChoice, false);
  });
});

describe('the channel of a conversation', () => {
  const facts = (more: Json) => whatsappText({ source_id: null, conversation: conversation(more) });
  const table: [string, Json, CustomerMessage['channel']][] = [
    ['an API inbox fed by a gateway is WhatsApp', { payload: gatewayText() }, 'whatsapp'],
    ['known by the identifier alone', { payload: gatewayText({ source_id: null }) }, 'whatsapp'],
    ['a plain API inbox is a marketplace', { channel: 'Channel::Api' }, 'marketplace'],
    [
      'Twilio with a whatsapp: address is WhatsApp',
      { channel: 'Channel::TwilioSms', contact_inbox: { source_id: 'whatsapp:+5531' } },
      'whatsapp',
    ],
    ['Twilio without it is SMS', { channel: 'Channel::TwilioSms', contact_inbox: { source_id: '+5531' } }, 'sms'],
    ['Bandwidth is SMS', { channel: 'Channel::Sms' }, 'sms'],
    [
      'Instagram through a page',
      { channel: 'Channel::FacebookPage', additional_attributes: { type: 'instagram_direct_message' } },
      'instagram',
    ],
    ['a page', { channel: 'Channel::FacebookPage' }, 'facebook'],
    ['e-mail', { channel: 'Channel::Email' }, 'email'],
    ['Telegram', { channel: 'Channel::Telegram' }, 'telegram'],
    ['one we never heard of', { channel: 'Channel::Smoke' }, 'default'],
    ['none at all', { channel: null }, 'default'],
  ];
  for (const [name, given, expected] of table) {
    it(`${name}: ${expected}`, () => {
      const payload = 'payload' in given ? (given['payload'] as Json) : facts(given);
      assert.equal(message(payload).channel, expected);
    });
  }
});

describe('a reply by a person', () => {
  it('in the composer takes the conversation over, with its words and its time', () => {
    assert.deepEqual(ownership(personsReply()), {
      kind: 'ownership',
      version: 1,
      change: 'person_replied',
      messageId: 918_400,
      inboxId: 31,
      text: 'Abrimos sim, das 9h às 13h.',
      atMs: Date.parse('2026-11-20T13:20:00.655Z'),
      conversation: { status: 'open', assignee: { kind: 'person', id: 19 }, teamId: null, canReply: true },
    });
  });

  it('on the phone takes it over: native echo, named sender, gateway, Telegram business', () => {
    const telegram = conversation({
      channel: 'Channel::Telegram',
      additional_attributes: { business_connection_id: 'b1' },
    });
    const gateway = { type: 'user', id: 3, name: 'Evolution' };
    const takeovers: Json[] = [
      phoneEcho(),
      phoneEcho({ content_attributes: { external_sender_name: 'Célia' } }),
      personsReply({ source_id: 'WAID:77', sender: gateway, conversation: conversation({ channel: 'Channel::Api' }) }),
      phoneEcho({ content_attributes: {}, source_id: '1234', conversation: telegram }),
      phoneEcho({ content: null, attachments: [{ file_type: 'audio', data_url: 'https://x.example/a' }] }),
    ];
    for (const payload of takeovers) assert.equal(ownership(payload).change, 'person_replied');
  });

  it('is not seen in a thumb from the phone, but is in an emoji written in the composer', () => {
    for (const content of ['👍', '👍🏽', '❤️', '🙏 🙏', '👨‍👩‍👧']) {
      assert.equal(reason(phoneEcho({ content })), 'not_a_person', content);
      assert.equal(ownership(personsReply({ content })).change, 'person_replied', content);
    }
    assert.equal(ownership(phoneEcho({ content: '👍 ok' })).change, 'person_replied');
    assert.equal(ownership(phoneEcho({ content: '1' })).change, 'person_replied');
  });

  it('is not seen in bots, rules, campaigns, surveys, other assistants or Chatwoot’s own templates', () => {
    const nobodys: Json[] = [
      personsReply({ sender: { id: 4, name: 'Assistente', type: 'agent_bot' } }),
      personsReply({ sender: { id: 2, name: 'Captain', type: 'captain_assistant' } }),
      personsReply({ sender: null }),
      phoneEcho({ content_attributes: {}, source_id: null }),
      personsReply({ sender: null, content_attributes: { automation_rule_id: 12 } }),
      personsReply({ content_attributes: { automation_rule_id: 12 } }),
      personsReply({ additional_attributes: { campaign_id: 3 } }),
      personsReply({ sender: null, content_type: 'input_csat' }),
    ];
    for (const payload of nobodys) assert.equal(reason(payload), 'not_a_person');
    assert.equal(reason(personsReply({ message_type: 'template', sender: null })), 'type_template');
  });

  it('written as a private note is no reply', () => {
    assert.equal(reason(privateNote()), 'private_note');
    assert.equal(reason(whatsappText({ private: true })), 'private_note');
  });

  it('a macro looks like the person who ran it, and takes over like one', () => {
    assert.equal(ownership(personsReply({ content: 'Olá! Sou a Célia.' })).change, 'person_replied');
  });
});

describe('our own message coming back', () => {
  it('confirms its turn and part', () => {
    const event = { kind: 'own_send', turnId: 'turn-1', part: 2, messageId: 918_290, refusal: null };
    assert.deepEqual(read(ownEcho()), { conversationId: 412, key: 'message_created:918290', event });
  });

  it('confirms them too when it was sent with a person’s token', () => {
    const sender = { id: 19, name: 'Célia', type: 'user' };
    assert.equal(read(ownEcho({ sender })).event.kind, 'own_send');
  });

  it('without its tag is a bot’s message and means nothing', () => {
    assert.equal(reason(ownEcho({ content_attributes: {} })), 'not_a_person');
  });

  it('refused by the channel says with which code, and never passes a text without one off as a code', () => {
    const refused = (external_error: string) =>
      read(ownEcho({ event: 'message_updated', content_attributes: { ui_turn: 'turn-1', ui_part: 1, external_error } }))
        .event;
    assert.deepEqual(refused('131047: Re-engagement message'), {
      kind: 'own_send',
      turnId: 'turn-1',
      part: 1,
      messageId: 918_290,
      refusal: { code: '131047', text: '131047: Re-engagement message' },
    });
    assert.deepEqual(refused('Message failed to send'), {
      kind: 'own_send',
      turnId: 'turn-1',
      part: 1,
      messageId: 918_290,
      refusal: { code: 'unknown', text: 'Message failed to send' },
    });
  });

  it('updated because it was delivered or read means nothing', () => {
    assert.equal(reason(ownEcho({ event: 'message_updated' })), 'message_updated');
  });
});

describe('an update of a message', () => {
  it('never starts work: not an edit, a transcript, a merge of contacts or a failure that is not ours', () => {
    const updates: Json[] = [
      whatsappText({ event: 'message_updated' }),
      whatsappText({ event: 'message_updated', content_attributes: { deleted: true } }),
      instagramPicture({ event: 'message_updated', attachments: [{ file_type: 'audio', transcribed_text: 'oi' }] }),
      personsReply({ event: 'message_updated', content_attributes: { external_error: '131026' } }),
      whatsappText({
        event: 'message_updated',
        content_attributes: { ui_turn: 't', ui_part: 1, external_error: '500' },
      }),
    ];
    for (const payload of updates) assert.equal(reason(payload), 'message_updated');
  });

  it('has another key than the creation and than an update with another content', () => {
    const first = read(whatsappText({ event: 'message_updated' })).key;
    const second = read(whatsappText({ event: 'message_updated', content: 'editado' })).key;
    assert.equal(new Set([first, second, read(whatsappText()).key]).size, 3);
    assert.equal(read(whatsappText({ event: 'message_updated' })).key, first);
  });
});

describe('a change of the conversation', () => {
  it('by assignment to a person is news of ownership, with Chatwoot’s own time', () => {
    assert.deepEqual(ownership(personAssigned()), {
      kind: 'ownership',
      version: 1,
      change: 'assignee_changed',
      messageId: 0,
      inboxId: 31,
      text: null,
      atMs: 1_795_179_911_498,
      conversation: { status: 'pending', assignee: { kind: 'person', id: 19 }, teamId: null, canReply: true },
    });
  });

  it('of status arrives three times and is one piece of news', () => {
    for (const status of ['open', 'resolved']) {
      const readings = statusEvents(status).map((payload) => read(payload));
      assert.equal(new Set(readings.map(({ key }) => key)).size, 1);
      for (const { event } of readings) {
        assert.ok(event.kind === 'ownership');
        assert.deepEqual([event.change, event.conversation.status], ['status_changed', status]);
      }
    }
  });

  it('a second time is another piece of news, and so is another status at the same instant', () => {
    const [opened, later, resolved] = [
      statusEvents('open')[0],
      statusEvents('open', { updated_at: 1_795_180_900.5 })[0],
      statusEvents('resolved')[0],
    ].map((payload) => read(payload).key);
    assert.equal(new Set([opened, later, resolved]).size, 3);
  });

  it('of labels, waiting time, priority or attributes is a detail', () => {
    for (const name of [
      'label_list',
      'waiting_since',
      'priority',
      'custom_attributes',
      'first_reply_created_at',
      'updated_at',
    ]) {
      const changed_attributes = [{ [name]: { previous_value: null, current_value: 1 } }];
      assert.equal(reason(personAssigned({ changed_attributes })), 'conversation_detail', name);
    }
    assert.equal(reason(personAssigned({ changed_attributes: null })), 'conversation_detail');
  });

  it('tells other bots and Captain apart from ours and from people', () => {
    const held = (assignee: Json, assignee_type: string | null, side = ours) => {
      const { event } = read(whatsappText({ conversation: conversation({ meta: { assignee, assignee_type } }) }), side);
      assert.ok(event.kind === 'customer_message');
      return event.conversation.assignee?.kind;
    };
    const known = { ...ours, botId: 4 };
    assert.equal(held({ id: 4 }, 'AgentBot', known), 'assistant');
    assert.equal(held({ id: 5 }, 'AgentBot', known), 'other_bot');
    assert.equal(held({ id: 5 }, 'AgentBot'), 'assistant');
    assert.equal(held({ id: 1 }, 'Captain::Assistant'), 'other_bot');
    assert.equal(held({ id: 19 }, 'User'), 'person');
    assert.equal(held({ id: 19, type: 'user' }, null), 'person');
    assert.equal(held({ id: 4, type: 'agent_bot' }, null), 'assistant');
    assert.equal(held({ id: 19 }, null), 'person');
  });

  it('to a status we never heard of counts as open, which invites nobody to speak', () => {
    assert.equal(
      message(whatsappText({ conversation: conversation({ status: 'parked' }) })).conversation.status,
      'open',
    );
  });
});

describe('what is not ours to answer', () => {
  it('surveys and calls are named', () => {
    assert.equal(reason(whatsappText({ content_type: 'input_csat' })), 'input_csat');
    assert.equal(reason(whatsappText({ content_type: 'voice_call' })), 'voice_call');
  });

  it('the made-up contact of a gateway is never answered, and a customer of that name is', () => {
    const init = { id: 9, name: 'EvolutionAPI', phone_number: '+123456', identifier: null };
    assert.equal(reason(gatewayText({ sender: init, content: 'QRCode generated' })), 'gateway_talk');
    assert.equal(message(gatewayText({ sender: { ...init, phone_number: '+5511999990000' } })).text, 'opa, tudo bem?');
  });

  it('another Chatwoot account is refused in every event', () => {
    const other = { account: { id: 8, name: 'Vizinho' }, conversation: conversation({ account: { id: 8 } }) };
    const payloads = [
      whatsappText(other),
      personsReply(other),
      ownEcho(other),
      whatsappText({ ...other, event: 'message_updated' }),
    ];
    for (const payload of payloads) assert.equal(reason(payload), 'other_account');
    assert.equal(reason(personAssigned({ account: { id: 8 } })), 'other_account');
  });

  it('servers that name the account only inside the message are checked too', () => {
    const old = (account_id: number) => ({ account: null, messages: [{ account_id }] });
    assert.equal(reason(personAssigned(old(8))), 'other_account');
    assert.equal(ownership(personAssigned(old(7))).change, 'assignee_changed');
    const inside = conversation({ account: null, messages: [{ id: 1, account_id: 8 }] });
    assert.equal(reason(whatsappText({ account: null, conversation: inside })), 'other_account');
  });

  it('every other event has a name and no conversation', () => {
    const events = [
      'conversation_created',
      'contact_created',
      'contact_updated',
      'webwidget_triggered',
      'conversation_typing_on',
      'inbox_updated',
      'account_created',
    ];
    for (const event of events) assert.equal(reason({ ...conversation(), event }), `event_${event}`);
    assert.equal(
      reason({ ...conversation(), event: 'automation_event.message_created' }),
      'event_automation_eventmessage_created',
    );
    assert.equal(reason({ ...conversation(), event: 'macro.executed' }), 'event_macroexecuted');
  });

  it('a name that somebody made up does not reach the log as it came', () => {
    assert.equal(reason({ event: `${'x'.repeat(100)}\n\u001b[31m<script>` }).length, 'event_'.length + 40);
    assert.equal(reason({ event: 'LOUD 123' }), 'event_');
  });

  it('messages and conversations without the fields we need are named unreadable', () => {
    assert.equal(reason({ event: 'message_created' }), 'unreadable_message');
    assert.equal(reason(whatsappText({ id: '918273' })), 'unreadable_message');
    assert.equal(reason(whatsappText({ conversation: null })), 'unreadable_message');
    assert.equal(reason({ event: 'message_updated', id: 1 }), 'unreadable_message');
    assert.equal(reason({ event: 'conversation_updated', id: 1 }), 'unreadable_conversation');
    for (const body of [null, 1, 'text', [], {}, { event: 5 }]) assert.equal(reason(body), 'no_event_name');
  });
});

describe('any signed body', () => {
  const decided = (body: Buffer): void => {
    try {
      const { key, event, conversationId } = readBytes(body);
      assert.ok(key.length > 0 && key.length < 200);
      if (event.kind !== 'ignored') assert.ok(Number.isInteger(conversationId));
    } catch (error) {
      assert.ok(error instanceof BridgeError, String(error));
      assert.equal(error.code, 'bad_request');
    }
  };

  it('that is JSON gets a decision, and what is not JSON is a bad request', () => {
    fc.assert(fc.property(fc.json({ maxDepth: 4 }), (text) => decided(Buffer.from(text))));
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        decided(Buffer.from(bytes));
      }),
    );
    for (const text of ['', '{', '\ufeff{}', 'undefined', '{"event":"message_created",}']) {
      assert.throws(() => readBytes(Buffer.from(text)), { code: 'bad_request' });
    }
    decided(Buffer.from(`${'['.repeat(200_000)}${']'.repeat(200_000)}`));
  });

  it('that is one of Chatwoot’s with any of its fields replaced gets a decision', () => {
    const examples = [
      whatsappText(),
      instagramPicture(),
      gatewayText(),
      personsReply(),
      ownEcho(),
      phoneEcho(),
      personAssigned(),
      ...statusEvents('open'),
    ];
    const paths = (value: unknown, at: string[] = []): string[][] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => [[...at, name], ...paths(inner, [...at, name])])
        : [];
    const change = fc.constantFrom(...examples).chain((example) =>
      fc.record({
        example: fc.constant(example),
        changes: fc.array(fc.tuple(fc.constantFrom(...paths(example)), fc.jsonValue({ maxDepth: 2 })), {
          minLength: 1,
          maxLength: 6,
        }),
      }),
    );
    fc.assert(
      fc.property(change, ({ example, changes }) => {
        const copy: unknown = structuredClone(example);
        for (const [path, value] of changes) replace(copy, path, value);
        decided(Buffer.from(JSON.stringify(copy)));
      }),
      { numRuns: 1_000 },
    );
  });
});

function replace(target: unknown, path: string[], value: unknown): void {
  const [name, ...rest] = path;
  if (typeof target !== 'object' || target === null || name === undefined) return;
  const holder: Record<string, unknown> = target as Record<string, unknown>;
  if (rest.length === 0) holder[name] = value;
  else replace(holder[name], rest, value);
}
