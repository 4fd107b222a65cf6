import assert from 'node:assert/strict';
import {
  conversation,
  ownEcho,
  personAssigned,
  personsReply,
  phoneEcho,
  privateNote,
  statusEvents,
  whatsappText,
} from './example-payloads.ts';
import type { Json } from './example-payloads.ts';
import { message, ours, ownership, read, reason } from './reading.ts';

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

  it('mirrored from the phone as a note by a gateway takes over, and a note written in Chatwoot does not', () => {
    const inside = conversation({ channel: 'Channel::Api' });
    const mirror = { private: true, conversation: inside, source_id: 'false_5531988887777@c.us_3EB0' };
    assert.equal(ownership(personsReply(mirror)).change, 'person_replied');
    assert.equal(reason(personsReply({ ...mirror, source_id: null })), 'private_note');
    assert.equal(reason(personsReply({ ...mirror, conversation: conversation() })), 'private_note');
    assert.equal(reason(personsReply({ ...mirror, content: '👍' })), 'private_note');
  });

  it('a macro looks like the person who ran it, and takes over like one', () => {
    assert.equal(ownership(personsReply({ content: 'Olá! Sou a Célia.' })).change, 'person_replied');
  });
});

describe('our own message coming back', () => {
  it('confirms its turn and part', () => {
    const event = { kind: 'own_send', turnId: 'turn-1', part: 2, messageId: 918_290 };
    assert.deepEqual(read(ownEcho()), { conversationId: 412, key: 'message_created:918290', event });
  });

  it('confirms them too when it was sent with a person’s token', () => {
    const sender = { id: 19, name: 'Célia', type: 'user' };
    assert.equal(read(ownEcho({ sender })).event.kind, 'own_send');
  });

  it('without its tag is a bot’s message and means nothing', () => {
    assert.equal(reason(ownEcho({ content_attributes: {} })), 'not_a_person');
  });

  it('updated because it was delivered or read means nothing', () => {
    assert.equal(reason(ownEcho({ event: 'message_updated' })), 'message_updated');
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

  it('without Chatwoot’s own time has none, rather than one by our clock', () => {
    assert.equal(ownership(personAssigned({ updated_at: null })).atMs, 0);
    assert.equal(ownership(personsReply({ created_at: 'yesterday' })).atMs, 0);
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
