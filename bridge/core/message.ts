// Our own words for what arrives and what we say. Chatwoot's field names stop at adapters/chatwoot; everything stored
// carries a version so that an older build can be read by a newer one and the other way round.

export const channelKeys = [
  'whatsapp',
  'instagram',
  'facebook',
  'email',
  'web',
  'telegram',
  'sms',
  'marketplace',
  'default',
] as const;
export type ChannelKey = (typeof channelKeys)[number];

/** A conversation inside a tenant. `conversationId` is the number people see in Chatwoot. */
export interface ConversationRef {
  accountId: string;
  conversationId: number;
}

/** Stable text form, used in keys and logs. Account ids hold no slash. */
export function conversationKey(ref: ConversationRef): string {
  return `${ref.accountId}/${ref.conversationId}`;
}

export function parseConversationKey(key: string): ConversationRef {
  const slash = key.indexOf('/');
  return { accountId: key.slice(0, slash), conversationId: Number(key.slice(slash + 1)) };
}

export type ConversationStatus = 'open' | 'pending' | 'snoozed' | 'resolved';

/** Who holds the conversation according to the other side: nobody, a person, our assistant or somebody else's bot. */
export interface Assignee {
  kind: 'person' | 'assistant' | 'other_bot';
  id: number;
}

/** What a delivery, or a live read, told about the conversation at its own time. */
export interface ConversationFacts {
  status: ConversationStatus;
  assignee: Assignee | null;
  teamId: number | null;
  /** False when the channel's reply window is closed. */
  canReply: boolean;
}

export interface Contact {
  id: number;
  name: string | null;
  phone: string | null;
  email: string | null;
  identifier: string | null;
  /** The id the channel itself gave this person in this inbox. */
  sourceId: string | null;
  /** True when the site that embeds the widget vouched for the identity with an HMAC. */
  hmacVerified: boolean;
  blocked: boolean;
}

export interface Attachment {
  kind: 'image' | 'audio' | 'video' | 'file' | 'location' | 'contact' | 'other';
  url: string | null;
  /** What was said in a voice note, by the other side's ears or by ours: untrusted text of the customer. */
  transcript: string | null;
  /** The other side's number of the file; absent when it has none. */
  id?: number;
  /** What a model saw in a picture: untrusted like everything in it. */
  description?: string;
  /** A place or a contact card, as its own words. */
  card?: string;
  /** It was tried and could not be read, so that it is not tried again. */
  unread?: UnreadReason;
}

export type UnreadReason =
  'too_large' | 'wrong_type' | 'too_many' | 'not_downloaded' | 'refused_address' | 'not_read' | 'nothing_in_it';

/** Something the customer said. Ordered by `messageId`, never by arrival. */
export interface CustomerMessage {
  kind: 'customer_message';
  version: 1;
  messageId: number;
  inboxId: number;
  channel: ChannelKey;
  /** The channel is an API inbox: what is behind it gets our words as they are. Absent = it is not. */
  isRaw?: boolean;
  text: string;
  /** The customer pressed a button or chose from a list: nothing more will follow. */
  isChoice: boolean;
  attachments: Attachment[];
  contact: Contact;
  sentAtMs: number;
  conversation: ConversationFacts;
}

/** A person took part: wrote in public (composer or phone), or changed status or assignee. */
export interface OwnershipEvent {
  kind: 'ownership';
  version: 1;
  change: 'person_replied' | 'status_changed' | 'assignee_changed';
  /** The person's message, when there is one; 0 otherwise. */
  messageId: number;
  inboxId: number;
  text: string | null;
  /** By the other side's clock alone, so that news can be put in order; 0 when it did not say. */
  atMs: number;
  conversation: ConversationFacts;
}

export type MailboxEntry = CustomerMessage | OwnershipEvent;

/** One of our own messages seen again: the proof that it was stored, or the news that the channel refused it. */
export interface OwnSendEvent {
  kind: 'own_send';
  turnId: string;
  part: number;
  messageId: number;
  refusal: { code: string; text: string } | null;
}

export interface Ignored {
  kind: 'ignored';
  reason: string;
}

/** Everything a verified delivery can mean. `key` names it for idempotency, whatever surface it came by. */
export interface DeliveryReading {
  /** Null only for what belongs to no conversation, which is always ignored. */
  conversationId: number | null;
  key: string;
  event: MailboxEntry | OwnSendEvent | Ignored;
}
