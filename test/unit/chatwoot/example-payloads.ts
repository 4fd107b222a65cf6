// Webhook bodies as Chatwoot sends them, complete, with invented people: one for each way a message or a change of
// owner can look. Tests change single fields of them.
export type Json = Record<string, unknown>;

export const account = { id: 7, name: 'Empório do Vale' };
const customer = {
  additional_attributes: {},
  custom_attributes: { fidelidade: 'prata' },
  email: null,
  id: 6201,
  identifier: null,
  name: 'Rosa Prado',
  phone_number: '+5531988001122',
  thumbnail: '',
  blocked: false,
};
const bot = { id: 4, name: 'Assistente', avatar_url: '', type: 'agent_bot' };
const person = {
  id: 19,
  name: 'Célia',
  available_name: 'Célia',
  avatar_url: '',
  type: 'user',
  availability_status: 'online',
  thumbnail: '',
};

/** A conversation in webhook form. */
export function conversation(more: Json = {}): Json {
  return {
    additional_attributes: {},
    can_reply: true,
    channel: 'Channel::Whatsapp',
    contact_inbox: {
      id: 8801,
      contact_id: 6201,
      inbox_id: 31,
      source_id: '5531988001122',
      created_at: '2026-11-01T10:00:00.000Z',
      updated_at: '2026-11-01T10:00:00.000Z',
      hmac_verified: false,
      pubsub_token: 'not-for-logs',
    },
    id: 412,
    inbox_id: 31,
    messages: [],
    labels: [],
    meta: {
      sender: { ...customer, type: 'contact' },
      assignee: bot,
      assignee_type: 'AgentBot',
      team: null,
      hmac_verified: false,
    },
    status: 'pending',
    custom_attributes: {},
    snoozed_until: null,
    unread_count: 1,
    first_reply_created_at: null,
    priority: null,
    waiting_since: 1_795_179_911,
    agent_last_seen_at: 0,
    contact_last_seen_at: 0,
    last_activity_at: 1_795_179_911,
    timestamp: 1_795_179_911,
    created_at: 1_795_179_911,
    updated_at: 1_795_179_911.498,
    account,
    ...more,
  };
}

/** A: WhatsApp Cloud, text of the customer, pending, owned by the bot. */
export function whatsappText(more: Json = {}): Json {
  const content = 'Bom dia, vocês abrem no feriado?';
  return {
    event: 'message_created',
    id: 918_273,
    account,
    additional_attributes: {},
    content_attributes: {},
    content_type: 'text',
    content,
    created_at: '2026-11-20T13:05:11.412Z',
    inbox: { id: 31, name: 'WhatsApp Loja' },
    message_type: 'incoming',
    private: false,
    source_id: 'wamid.HBgMMzE5ODgwMDExMjI',
    sender: { ...customer, account, avatar: '' },
    conversation: conversation({ messages: [pushForm(918_273, content, 0)] }),
    ...more,
  };
}

/** B: Instagram, a picture without words. */
export function instagramPicture(more: Json = {}): Json {
  const facts = {
    id: 420,
    inbox_id: 33,
    channel: 'Channel::Instagram',
    labels: ['instagram'],
    contact_inbox: { id: 8830, contact_id: 6244, inbox_id: 33, source_id: '1784140000000009', hmac_verified: false },
    meta: {
      sender: { ...customer, id: 6244, name: 'Iara', phone_number: null, type: 'contact' },
      assignee: null,
      assignee_type: null,
      team: null,
      hmac_verified: false,
    },
    messages: [{ id: 918_301, message_type: 0, content: null, private: false, account_id: 7 }],
  };
  return whatsappText({
    id: 918_301,
    content: null,
    content_attributes: { in_reply_to_external_id: null },
    created_at: '2026-11-20T13:09:40.231Z',
    inbox: { id: 33, name: '@emporio.do.vale' },
    source_id: 'aWdfZAG1faXRlbToxOklHTWVzc2FnZAU',
    sender: { ...customer, account, avatar: '', id: 6244, name: 'Iara', phone_number: null },
    conversation: conversation(facts),
    attachments: [
      {
        id: 30_111,
        message_id: 918_301,
        file_type: 'image',
        account_id: 7,
        extension: 'jpg',
        content_type: 'image/jpeg',
        data_url: 'https://cdn.example.net/foto.jpg?exp=1795266580',
        thumb_url: 'https://cdn.example.net/foto.jpg?exp=1795266580',
        file_size: 184_233,
        width: null,
        height: null,
      },
    ],
    ...more,
  });
}

/** C: web widget, an English visitor without name, phone or e-mail. */
export function widgetText(more: Json = {}): Json {
  return whatsappText({
    id: 918_310,
    content: 'Do you ship abroad?',
    content_attributes: { in_reply_to: null },
    source_id: null,
    sender: { ...customer, account, avatar: '', id: 6300, name: 'silent-lake-77', phone_number: null },
    conversation: conversation({
      id: 431,
      inbox_id: 12,
      channel: 'Channel::WebWidget',
      additional_attributes: {
        browser_language: 'en',
        browser: { browser_name: 'Firefox', browser_version: '145.0', platform_name: 'Linux' },
        initiated_at: { timestamp: 'Fri Nov 20 2026 10:11:00 GMT-0300' },
        referer: 'https://www.example.org/shipping',
      },
      contact_inbox: { id: 8900, contact_id: 6300, inbox_id: 12, source_id: '0b8f1f7e-6f1a', hmac_verified: true },
      meta: {
        sender: { ...customer, id: 6300, name: 'silent-lake-77', phone_number: null, type: 'contact' },
        assignee: null,
        assignee_type: null,
        team: null,
        hmac_verified: true,
      },
      messages: [],
    }),
    ...more,
  });
}

/** D: an API inbox fed by a WhatsApp gateway. */
export function gatewayText(more: Json = {}): Json {
  const sender = {
    ...customer,
    id: 6401,
    name: 'Davi',
    phone_number: '+5521988887777',
    identifier: '5521988887777@s.whatsapp.net',
  };
  return whatsappText({
    id: 918_320,
    content: 'opa, tudo bem?',
    source_id: 'WAID:3EB0A1B2C3D4E5F6',
    sender: { ...sender, account, avatar: '' },
    conversation: conversation({
      id: 440,
      inbox_id: 40,
      channel: 'Channel::Api',
      contact_inbox: { id: 9001, contact_id: 6401, inbox_id: 40, source_id: 'b5b0a7a2-0d8e', hmac_verified: false },
      meta: { sender: { ...sender, type: 'contact' }, assignee: null, assignee_type: null, team: null },
    }),
    ...more,
  });
}

/** E: a person answers in the composer. */
export function personsReply(more: Json = {}): Json {
  return {
    event: 'message_created',
    id: 918_400,
    message_type: 'outgoing',
    private: false,
    content_type: 'text',
    content: 'Abrimos sim, das 9h às 13h.',
    content_attributes: {},
    additional_attributes: {},
    source_id: null,
    created_at: '2026-11-20T13:20:00.655Z',
    sender: { id: 19, name: 'Célia', email: 'celia@example.org', type: 'user' },
    account,
    inbox: { id: 31, name: 'WhatsApp Loja' },
    conversation: conversation({
      status: 'open',
      meta: { sender: { ...customer, type: 'contact' }, assignee: person, assignee_type: 'User', team: null },
    }),
    ...more,
  };
}

/** F: a private note; the conversation's newest message is the public one before it. */
export function privateNote(more: Json = {}): Json {
  return personsReply({
    id: 918_401,
    private: true,
    content: 'cliente pediu desconto',
    conversation: conversation({ messages: [pushForm(918_400, 'Abrimos sim, das 9h às 13h.', 1)] }),
    ...more,
  });
}

/** G: our own message coming back, as Chatwoot from 4.9 on echoes it. */
export function ownEcho(more: Json = {}): Json {
  return personsReply({
    id: 918_290,
    content: 'Vou verificar para você.',
    content_attributes: { ui_turn: 'turn-1', ui_part: 2 },
    sender: { id: 4, name: 'Assistente', type: 'agent_bot' },
    conversation: conversation(),
    ...more,
  });
}

/** H: a person answers on the phone. */
export function phoneEcho(more: Json = {}): Json {
  return personsReply({
    id: 918_455,
    content: 'já te ligo',
    content_attributes: { external_echo: true },
    source_id: 'wamid.HBgNX0VDSE8',
    sender: null,
    conversation: conversation(),
    ...more,
  });
}

/** I: a person took the conversation, up to Chatwoot 4.16: the status stays. */
export function personAssigned(more: Json = {}): Json {
  return {
    ...conversation({
      meta: { sender: { ...customer, type: 'contact' }, assignee: person, assignee_type: 'User', team: null },
    }),
    event: 'conversation_updated',
    changed_attributes: [
      { assignee_id: { previous_value: null, current_value: 19 } },
      { assignee_agent_bot_id: { previous_value: 4, current_value: null } },
      { updated_at: { previous_value: '2026-11-20T13:05:11.498Z', current_value: '2026-11-20T13:19:58.020Z' } },
    ],
    ...more,
  };
}

/** One change of status as the agent bot hears it: three events of one save. */
export function statusEvents(status: string, more: Json = {}): Json[] {
  const changed = { ...conversation({ status, updated_at: 1_795_180_800.25 }), ...more };
  const own = status === 'resolved' ? 'conversation_resolved' : 'conversation_opened';
  const diff = [{ status: { previous_value: 'pending', current_value: status } }];
  return [
    { ...changed, event: own },
    { ...changed, event: 'conversation_status_changed', changed_attributes: null },
    { ...changed, event: 'conversation_updated', changed_attributes: diff },
  ];
}

function pushForm(id: number, content: string, messageType: number): Json {
  return {
    id,
    content,
    account_id: 7,
    inbox_id: 31,
    conversation_id: 412,
    message_type: messageType,
    created_at: 1_795_179_911,
    updated_at: '2026-11-20T13:05:11.412Z',
    private: false,
    status: 'sent',
    source_id: null,
    content_type: 'text',
    content_attributes: {},
    sender_type: messageType === 0 ? 'Contact' : 'User',
    sender_id: messageType === 0 ? 6201 : 19,
    external_source_ids: {},
    additional_attributes: {},
    processed_message_content: content,
    sentiment: {},
    conversation: { assignee_id: null, unread_count: 1, last_activity_at: 1_795_179_911 },
  };
}
