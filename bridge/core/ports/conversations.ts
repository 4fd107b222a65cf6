// The other side of a conversation, bound to the credentials of one tenant.
import type { ConversationFacts } from '../message.ts';
import type { Exchange } from './conversation-states.ts';
import type { IntegrationCheck } from './integration-check.ts';

/** Which rule keeps us from writing; `hours` since the customer's last message, null when only the inbox knows them. */
export interface ClosedWindow {
  rule: 'whatsapp' | 'messenger' | 'instagram' | 'tiktok' | 'inbox_setting';
  hours: number | null;
}

export interface LiveConversation extends ConversationFacts {
  /** The newest message there, whoever wrote it; 0 when unknown. */
  lastMessageId: number;
  /** The same, when a person of the team wrote it in public; else 0. Its delivery may still be on the way. */
  personMessageId: number;
  /** The turn whose part is the newest message there; null when that message is not one of ours. */
  ownTurnId: string | null;
  /** Why `canReply` is false; absent when it is true or nobody knows. */
  closedWindow?: ClosedWindow;
}

/** One message of a reply. Choices are buttons; whoever shapes the reply knows whether the channel has them. */
export interface OutgoingPart {
  text: string;
  turnId: string;
  part: number;
  choices?: string[];
  /** At most 15 and without choices. WhatsApp takes one file a message, and an audio there takes no text. */
  files?: OutgoingFile[];
}

export interface OutgoingFile {
  name: string;
  contentType: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** A message the channel approved beforehand, the only thing that gets through a closed window. */
export interface OutgoingTemplate {
  inboxId: number;
  /** As approved; compared regardless of case. */
  name: string;
  language: string;
  category?: string;
  /** The places of its body, in order; none may be empty. */
  values: string[];
  /** What the customer reads, for the people in Chatwoot and for reading back. */
  text: string;
  turnId: string;
  part: number;
}

export interface SentPart {
  turnId: string;
  part: number;
  messageId: number;
}

/** A reply to be found again: by its tag, and by text where the other side is too old to keep tags. */
export interface SoughtReply {
  turnId: string;
  texts: string[];
  afterMessageId: number;
}

/** A private note to be found again: by its tag, and by text where the other side is too old to keep tags. */
export interface SoughtNote {
  turnId: string;
  text: string;
  afterMessageId: number;
}

/**
 * The tenant's conversations on the other side, bound to the tenant's own credentials.
 * `upstream_rejected` = the other side said no for good (wrong token, gone); `upstream_unavailable` = later, and for
 * `sendPart` also "nobody knows whether it was stored".
 */
export interface Conversations {
  /**
   * Live state. 'people' when it cannot be read in a way that itself says people have it; 'unreadable' when our
   * credentials may never read here, so that what deliveries told must do.
   */
  readLive(conversationId: number, signal: AbortSignal): Promise<LiveConversation | 'people' | 'unreadable'>;
  /**
   * One part of a reply, tagged with turn and part. Parts are sent in order, so a stored part proves those before it.
   * Not repeated by the adapter: the caller reads back first.
   */
  sendPart(conversationId: number, part: OutgoingPart, signal: AbortSignal): Promise<{ messageId: number }>;
  /**
   * The same for a template. `upstream_rejected` also when the inbox is known to have no such approved one; without a user's
   * token nobody can know, and it is sent.
   */
  sendTemplate(conversationId: number, template: OutgoingTemplate, signal: AbortSignal): Promise<{ messageId: number }>;
  /** Our parts of this reply that are stored there, looking only after `afterMessageId`; 'unknown' = cannot tell. */
  findSent(conversationId: number, sought: SoughtReply, signal: AbortSignal): Promise<SentPart[] | 'unknown'>;
  /** For the team's eyes. `turnId` tags it, so that it can be found again. */
  addNote(conversationId: number, text: string, signal: AbortSignal, turnId?: string): Promise<void>;
  /** Whether the note of this turn is stored there, looking only after `afterMessageId`; 'unknown' = cannot tell. */
  findNote(conversationId: number, sought: SoughtNote, signal: AbortSignal): Promise<boolean | 'unknown'>;
  /** Opens it for people; doing it twice is harmless. */
  open(conversationId: number, signal: AbortSignal): Promise<void>;
  /** Ends the conversation; doing it twice is harmless. */
  resolve(conversationId: number, signal: AbortSignal): Promise<void>;
  /** Shows or ends "is typing" where the channel can show it. Nothing depends on it: it never rejects. */
  setTyping(conversationId: number, isTyping: boolean, signal: AbortSignal): Promise<void>;
  /** Nobody is assigned any more; doing it twice is harmless. */
  unassign(conversationId: number, signal: AbortSignal): Promise<void>;
  /** The latest messages, oldest first, or null when our credentials cannot read history. */
  history(conversationId: number, limit: number, signal: AbortSignal): Promise<Exchange[] | null>;
  check(signal: AbortSignal): Promise<IntegrationCheck>;
}
