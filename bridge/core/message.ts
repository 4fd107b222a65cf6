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
  /** As the other side says, which it may learn only later. */
  sizeBytes?: number;
  contentType?: string;
  /** Without the dot. */
  extension?: string;
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

/** What the channel's refusal means for us, whatever words and numbers it uses. */
export const refusalKinds = [
  /** The customer's last message is too long ago. */
  'window_closed',
  /** This person cannot be reached there: no account, blocked us, opted out. */
  'unreachable',
  /** The file, not the words. */
  'media_refused',
  /** Too many in too short a time, to this person or at all. */
  'rate_limited',
  /** The business's own access: token, payment, number. Nothing gets out until somebody mends it. */
  'access_lost',
  /** What was said in that form: a template, a button, a forbidden text. */
  'content_refused',
  /** The gateway behind an API inbox did not take it; it may have all the same. */
  'gateway_failed',
  'unknown',
] as const;
export type RefusalKind = (typeof refusalKinds)[number];

/** Our own message, stored long ago, that the channel would not carry: the customer never saw it. */
export interface RefusedReply {
  kind: 'refused_reply';
  version: 1;
  messageId: number;
  inboxId: number;
  turnId: string;
  part: number;
  /** What the customer did not get. */
  text: string;
  hasFiles: boolean;
  /** `code` is the channel's number, or `none`; its words stay out, they may quote the customer. */
  refusal: { kind: RefusalKind; code: string };
  atMs: number;
  conversation: ConversationFacts;
}

export type MailboxEntry = CustomerMessage | OwnershipEvent | RefusedReply;

/** One of our own messages seen again: the proof that it was stored. */
export interface OwnSendEvent {
  kind: 'own_send';
  turnId: string;
  part: number;
  messageId: number;
}

/** A customer's message says something else now: edited, taken back, or heard. It never starts work by itself. */
export interface MessageChanged {
  kind: 'message_changed';
  /** The key the message came by. */
  of: string;
  messageId: number;
  text: string;
  attachments: Attachment[];
  isTakenBack: boolean;
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
  event: MailboxEntry | MessageChanged | OwnSendEvent | Ignored;
}
