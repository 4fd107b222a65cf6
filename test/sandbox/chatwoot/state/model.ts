// The records the Chatwoot simulator keeps. Names are ours; the spelling Chatwoot uses on the wire lives in payloads/ and rest/.
// The border is here so that transitions never read wire shapes: int or string, epoch or ISO is a question of the view.
// All times are milliseconds since 1970. `displayId` counts conversations per account; every other id is global.

export type JsonObject = Record<string, unknown>;
export type ConversationStatus = 'open' | 'resolved' | 'pending' | 'snoozed';
export type MessageType = 'incoming' | 'outgoing' | 'activity' | 'template';
export type MessageStatus = 'sent' | 'delivered' | 'read' | 'failed';
export type Priority = 'low' | 'medium' | 'high' | 'urgent';
export type Role = 'agent' | 'administrator';
export type Availability = 'online' | 'busy' | 'offline';

export interface Account {
  id: number;
  name: string;
  /** The bridge's name for this account, used in page and trace addresses; not known to Chatwoot. */
  tenant: string | null;
  locale: string;
  keepPendingOnBotFailure: boolean;
  assignmentEngine: 'v1' | 'v2';
  lastDisplayId: number;
}

export interface Inbox {
  id: number;
  accountId: number;
  tenant: string | null;
  name: string;
  channelId: number;
  channelType: string;
  /** Twilio only: `sms` or `whatsapp`. */
  medium: string | null;
  provider: string | null;
  phoneNumber: string | null;
  agentBotId: number | null;
  memberIds: number[];
  /** API inboxes only. */
  inboxIdentifier: string | null;
  webhookUrl: string | null;
  secret: string | null;
  hmacToken: string | null;
  channelAttributes: JsonObject;
  messageTemplates: JsonObject[];
  settings: InboxSettings;
}

export interface InboxSettings {
  greeting_enabled: boolean;
  greeting_message: string | null;
  enable_email_collect: boolean;
  csat_survey_enabled: boolean;
  csat_config: JsonObject;
  enable_auto_assignment: boolean;
  working_hours_enabled: boolean;
  out_of_office_message: string | null;
  timezone: string;
  working_hours: WorkingHours[];
  allow_messages_after_resolved: boolean;
  lock_to_single_conversation: boolean;
  sender_name_type: string;
  business_name: string | null;
}

export interface WorkingHours {
  day_of_week: number;
  closed_all_day: boolean;
  open_all_day: boolean;
  open_hour: number | null;
  open_minutes: number | null;
  close_hour: number | null;
  close_minutes: number | null;
}

export interface Contact {
  id: number;
  accountId: number;
  name: string;
  email: string | null;
  phoneNumber: string | null;
  identifier: string | null;
  blocked: boolean;
  additionalAttributes: JsonObject;
  customAttributes: JsonObject;
  labels: string[];
  notes: { id: number; content: string; userId: number | null; createdAtMs: number }[];
  lastActivityAtMs: number | null;
  createdAtMs: number;
}

export interface ContactInbox {
  id: number;
  contactId: number;
  inboxId: number;
  sourceId: string;
  pubsubToken: string;
  createdAtMs: number;
  updatedAtMs: number;
}

export interface Conversation {
  displayId: number;
  uuid: string;
  accountId: number;
  inboxId: number;
  contactId: number;
  contactInboxId: number;
  status: ConversationStatus;
  assigneeId: number | null;
  agentBotId: number | null;
  teamId: number | null;
  priority: Priority | null;
  labels: string[];
  snoozedUntilMs: number | null;
  waitingSinceMs: number | null;
  firstReplyAtMs: number | null;
  lastActivityAtMs: number;
  agentLastSeenAtMs: number | null;
  contactLastSeenAtMs: number | null;
  additionalAttributes: JsonObject;
  customAttributes: JsonObject;
  csatSent: boolean;
  createdAtMs: number;
  updatedAtMs: number;
  /** Ascending by id. */
  messages: Message[];
}

export interface Message {
  id: number;
  accountId: number;
  inboxId: number;
  conversationId: number;
  messageType: MessageType;
  content: string | null;
  contentType: string;
  contentAttributes: JsonObject;
  additionalAttributes: JsonObject;
  private: boolean;
  status: MessageStatus;
  sourceId: string | null;
  senderType: 'Contact' | 'User' | 'AgentBot' | null;
  senderId: number | null;
  createdAtMs: number;
  updatedAtMs: number;
  attachments: Attachment[];
}

export interface Attachment {
  id: number;
  messageId: number;
  fileType: string;
  extension: string | null;
  contentType: string | null;
  fileName: string;
  fileSize: number;
  transcribedText: string;
  /** Location, contact card, fallback: what else the item carries. */
  extra: JsonObject;
  bytes: Buffer | null;
  /** How many downloads are still answered 404 (the file is stored a moment after the event leaves). */
  missingFor: number;
}

export interface User {
  id: number;
  name: string;
  email: string;
  token: string;
  availability: Availability;
  roles: Map<number, Role>;
}

export interface AgentBot {
  id: number;
  accountId: number;
  name: string;
  description: string | null;
  outgoingUrl: string | null;
  token: string;
  secret: string;
  botConfig: JsonObject;
}

export interface AccountWebhook {
  id: number;
  accountId: number;
  inboxId: number | null;
  name: string | null;
  url: string;
  secret: string;
  subscriptions: string[];
}

export interface Team {
  id: number;
  accountId: number;
  name: string;
  description: string | null;
  allowAutoAssign: boolean;
  memberIds: number[];
}

export interface Label {
  id: number;
  accountId: number;
  title: string;
  description: string | null;
  color: string;
}
