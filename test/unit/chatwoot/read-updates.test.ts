// What an update of a message means: mostly nothing; sometimes the customer's words changed, a button was pressed, or the
// channel refused ours.
import assert from 'node:assert/strict';
import type { MessageChanged, RefusedReply } from '../../../bridge/core/message.ts';
import { conversation, instagramPicture, ownEcho, personsReply, whatsappText, widgetText } from './example-payloads.ts';
import type { Json } from './example-payloads.ts';
import { message, read, reason } from './reading.ts';

const updated = { event: 'message_updated' };

function changed(payload: Json): MessageChanged {
  const { event } = read(payload);
  assert.ok(event.kind === 'message_changed', event.kind);
  return event;
}

describe('an update of the customer’s message', () => {
  it('says what it says now, and by which key it came', () => {
    assert.deepEqual(changed(whatsappText({ ...updated, content: 'E no domingo?' })), {
      kind: 'message_changed',
      of: read(whatsappText()).key,
      messageId: 918_273,
      text: 'E no domingo?',
      attachments: [],
      isTakenBack: false,
    });
  });

  it('brings the transcript of a voice note', () => {
    const attachments = [
      { id: 9, file_type: 'audio', data_url: 'https://x.example/a.ogg', transcribed_text: 'quero trocar' },
    ];
    assert.deepEqual(
      changed(instagramPicture({ ...updated, attachments })).attachments.map(({ id, transcript }) => [id, transcript]),
      [[9, 'quero trocar']],
    );
  });

  it('that was deleted takes it back: the sentence that stands there is not theirs', () => {
    const gone = changed(
      whatsappText({ ...updated, content: 'Mensagem apagada', content_attributes: { deleted: true } }),
    );
    assert.deepEqual([gone.isTakenBack, gone.text, gone.attachments], [true, '', []]);
    assert.equal(
      reason(whatsappText({ content: 'Mensagem apagada', content_attributes: { deleted: true } })),
      'taken_back',
    );
  });

  it('has another key than the creation and than an update with another content, and the same from every surface', () => {
    const first = read(whatsappText(updated)).key;
    const second = read(whatsappText({ ...updated, content: 'editado' })).key;
    assert.equal(new Set([first, second, read(whatsappText()).key]).size, 3);
    assert.equal(read(whatsappText({ ...updated, conversation: conversation({ unread_count: 9 }) })).key, first);
  });

  it('of a survey, a call or a note stays what it was', () => {
    assert.equal(reason(whatsappText({ ...updated, content_type: 'input_csat' })), 'input_csat');
    assert.equal(reason(whatsappText({ ...updated, content_type: 'voice_call' })), 'voice_call');
    assert.equal(reason(whatsappText({ ...updated, private: true })), 'private_note');
  });
});

describe('an answer in the website chat', () => {
  const asked = (content_attributes: Json, more: Json = {}) =>
    widgetText({
      ...updated,
      message_type: 'outgoing',
      content: 'Quer falar com uma pessoa?',
      content_type: 'input_select',
      content_attributes,
      sender: { id: 4, name: 'Ajudante', type: 'agent_bot' },
      ...more,
    });
  const pressed = asked({ ui_turn: 't', ui_part: 1, submitted_values: [{ title: 'Sim, por favor', value: 'sim' }] });

  it('by a button is a choice of the customer, in their name', () => {
    const answer = message(pressed);
    assert.deepEqual([answer.text, answer.isChoice, answer.attachments], ['Sim, por favor', true, []]);
    assert.equal(answer.contact.id, message(widgetText()).contact.id);
    assert.equal(answer.contact.name, message(widgetText()).contact.name);
  });

  it('is one answer however often the message is updated afterwards, and another choice is another', () => {
    const other = asked({ submitted_values: [{ title: 'Agora não', value: 'nao' }] });
    const later = asked({ ui_turn: 't', submitted_values: [{ title: 'Sim, por favor', value: 'sim' }], seen: true });
    assert.equal(read(pressed).key, read(later).key);
    assert.notEqual(read(pressed).key, read(other).key);
  });

  it('to a form is its fields, and to an address box the address', () => {
    const fields = [
      { name: 'cidade', value: 'Belo Horizonte' },
      { name: 'interesses', value: [{ title: 'Cabelo' }, 'Pele'] },
    ];
    const form = asked({ submitted_values: fields }, { content_type: 'form' });
    assert.equal(message(form).text, 'cidade: Belo Horizonte\ninteresses: Cabelo, Pele');
    const address = asked({ submitted_email: 'marta@example.org' }, { content_type: 'input_email' });
    assert.equal(message(address).text, 'marta@example.org');
  });

  it('to Chatwoot’s own box, or to its survey, is Chatwoot’s', () => {
    const box = asked(
      { submitted_email: 'marta@example.org' },
      { message_type: 'template', content_type: 'input_email' },
    );
    assert.equal(reason(box), 'template_updated');
    const values = { submitted_values: { csat_survey_response: { rating: 5, feedback_message: 'Ótimo' } } };
    for (const message_type of ['template', 'outgoing']) {
      assert.equal(reason(asked(values, { message_type, content_type: 'input_csat' })), 'survey');
    }
  });

  it('that cannot be read is no answer', () => {
    for (const submitted_values of [null, 'x', {}, [], [{}], [1]]) {
      assert.equal(reason(asked({ submitted_values })), 'message_updated');
    }
  });
});

describe('our message refused by the channel', () => {
  const refused = (external_error: string, more: Json = {}): RefusedReply => {
    const { event } = read(
      ownEcho({ ...updated, content_attributes: { ui_turn: 'turn-1', ui_part: 1, external_error }, ...more }),
    );
    assert.ok(event.kind === 'refused_reply', event.kind);
    return event;
  };

  it('is news for the conversation, with what the customer did not get', () => {
    const { refusal, turnId, part, messageId, text, hasFiles } = refused('131047: Re-engagement message');
    assert.deepEqual(
      { refusal, turnId, part, messageId, text, hasFiles },
      {
        refusal: { kind: 'window_closed', code: '131047' },
        turnId: 'turn-1',
        part: 1,
        messageId: 918_290,
        text: 'Vou verificar para você.',
        hasFiles: false,
      },
    );
  });

  it('is sorted by the number in front of the channel’s words', () => {
    const kinds: Record<string, string> = {
      '131047: Re-engagement message': 'window_closed',
      '63016 - Failed to send freeform message': 'window_closed',
      '(#10) This message is sent outside of allowed window.': 'window_closed',
      '131026: Message undeliverable': 'unreachable',
      '(#551) This person is not available right now': 'unreachable',
      '131053: Media upload error': 'media_refused',
      '131052: Media download error': 'media_refused',
      '131056: Pair rate limit hit': 'rate_limited',
      '190: Access token has expired': 'access_lost',
      '132001: Template name does not exist': 'content_refused',
      '999999: Something new': 'unknown',
      'Message failed to send': 'unknown',
      'The number 131047 stands in the middle': 'unknown',
    };
    for (const [words, kind] of Object.entries(kinds)) assert.equal(refused(words).refusal.kind, kind, words);
  });

  it('never passes on the channel’s words, nor a customer’s number in them', () => {
    assert.deepEqual(refused('Could not reach 5531988887777 now').refusal, { kind: 'unknown', code: 'none' });
    assert.equal(JSON.stringify(refused('131026: undeliverable to Marta')).includes('Marta'), false);
    assert.equal(refused('5531988887777 unknown').refusal.code, 'none');
  });

  it('by Chatwoot itself, in words that differ by version, is the closed window when it says so of the conversation', () => {
    const closed = { conversation: conversation({ can_reply: false }) };
    assert.equal(refused('Template not found or invalid template name', closed).refusal.kind, 'window_closed');
    assert.equal(refused('Template not found or invalid template name').refusal.kind, 'unknown');
  });

  it('by a gateway’s endpoint is the gateway’s failure: the customer may have got it', () => {
    const inside = { conversation: conversation({ channel: 'Channel::Api' }) };
    assert.deepEqual(refused('503 Service Unavailable', inside).refusal, { kind: 'gateway_failed', code: '503' });
  });

  it('is one piece of news however often it is updated, and a person’s or a customer’s failure is none of ours', () => {
    const key = (external_error: string) =>
      read(ownEcho({ ...updated, content_attributes: { ui_turn: 't', ui_part: 1, external_error } })).key;
    assert.equal(key('131047: a'), key('131047: b'));
    assert.equal(
      reason(personsReply({ ...updated, content_attributes: { external_error: '131026' } })),
      'message_updated',
    );
    const theirs = { ui_turn: 't', ui_part: 1, external_error: '500' };
    assert.equal(read(whatsappText({ ...updated, content_attributes: theirs })).event.kind, 'message_changed');
  });
});

describe('a group of people on WhatsApp', () => {
  const sender = { id: 77, name: 'Família', identifier: '120363040000@g.us' };
  const inside = conversation({
    channel: 'Channel::Api',
    meta: { sender, assignee: null, assignee_type: null, team: null },
  });

  it('is no customer: nothing said there is ours, in any event', () => {
    assert.equal(reason(whatsappText({ conversation: inside })), 'group_chat');
    assert.equal(reason(whatsappText({ ...updated, conversation: inside })), 'group_chat');
    assert.equal(reason(personsReply({ conversation: inside })), 'group_chat');
    assert.equal(reason({ ...inside, event: 'conversation_status_changed' }), 'group_chat');
  });

  it('nor are a broadcast and a channel', () => {
    for (const source_id of ['status@broadcast', '120363@newsletter']) {
      assert.equal(
        reason(whatsappText({ conversation: conversation({ contact_inbox: { source_id } }) })),
        'group_chat',
      );
    }
  });
});
