import assert from 'node:assert/strict';
import type { CustomerMessage } from '../../../bridge/core/message.ts';
import { conversation, gatewayText, instagramPicture, whatsappText, widgetText } from './example-payloads.ts';
import type { Json } from './example-payloads.ts';
import { message, read } from './reading.ts';

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
      {
        kind: 'image',
        url: 'https://cdn.example.net/foto.jpg?exp=1795266580',
        transcript: null,
        id: 30_111,
        sizeBytes: 184_233,
        contentType: 'image/jpeg',
        extension: 'jpg',
      },
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
      { id: 4, file_type: 'ig_reel', data_url: 'https://x.example/c' },
      { id: 5, file_type: 'share', data_url: 'https://x.example/d', content_type: 'video/mp4', extension: '.MP4' },
      'not an attachment',
    ];
    assert.deepEqual(message(instagramPicture({ attachments: files })).attachments, [
      { kind: 'audio', url: 'https://x.example/a.ogg', transcript: null, id: 1 },
      { kind: 'audio', url: 'https://x.example/b.ogg', transcript: 'quero trocar', id: 2 },
      { kind: 'other', url: 'https://x.example/c', transcript: null, id: 4 },
      {
        kind: 'video',
        url: 'https://x.example/d',
        transcript: null,
        id: 5,
        contentType: 'video/mp4',
        extension: 'mp4',
      },
      { kind: 'other', url: null, transcript: null },
    ]);
  });

  it('puts places, contact cards and shared posts into words', () => {
    const files = [
      { file_type: 'location', coordinates_lat: -19.9, coordinates_long: -43.9, fallback_title: 'Loja' },
      { file_type: 'location', coordinates_lat: 0, coordinates_long: 0 },
      { file_type: 'contact', fallback_title: '+5531988887777', meta: { firstName: 'Rui', lastName: 'Sá' } },
      { file_type: 'contact', fallback_title: '+5531988887777', meta: { first_name: 'Rui' } },
      { file_type: 'contact', fallback_title: '+5531988887777', meta: {} },
      { file_type: 'fallback', fallback_title: 'Promoção', data_url: 'https://x.example/p' },
    ];
    assert.deepEqual(
      message(instagramPicture({ attachments: files })).attachments.map(({ card }) => card),
      [
        'Loja · -19.9, -43.9',
        '0, 0',
        'Rui Sá · +5531988887777',
        'Rui · +5531988887777',
        '+5531988887777',
        'Promoção · https://x.example/p',
      ],
    );
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
