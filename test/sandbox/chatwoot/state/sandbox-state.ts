// Every record of one simulated Chatwoot, in maps, with the look-ups its behaviour needs.
// Ids of the global tables start far apart, so that a mixed-up id is noticed instead of fitting by chance.
import type {
  Account,
  AccountWebhook,
  AgentBot,
  Contact,
  ContactInbox,
  Conversation,
  Inbox,
  Label,
  Message,
  Team,
  User,
} from './model.ts';

const FIRST_IDS = {
  account: 1,
  inbox: 101,
  contact: 5001,
  contactInbox: 8001,
  message: 900001,
  attachment: 30001,
  user: 11,
  bot: 41,
  webhook: 61,
  team: 71,
  label: 81,
  channel: 201,
  note: 601,
} as const;

/** Room for each earlier start's numbers. */
const MESSAGES_A_START = 100_000;
const CONVERSATIONS_A_START = 1_000;

export type Table = keyof typeof FIRST_IDS;

export class SandboxState {
  readonly accounts = new Map<number, Account>();
  readonly inboxes = new Map<number, Inbox>();
  readonly contacts = new Map<number, Contact>();
  readonly contactInboxes = new Map<number, ContactInbox>();
  readonly users = new Map<number, User>();
  readonly bots = new Map<number, AgentBot>();
  readonly webhooks = new Map<number, AccountWebhook>();
  readonly teams = new Map<number, Team>();
  readonly labels = new Map<number, Label>();
  readonly messages = new Map<number, Message>();
  readonly attachmentOwners = new Map<number, Message>();
  private readonly conversations = new Map<number, Map<number, Conversation>>();
  private readonly byContactInbox = new Map<number, Conversation[]>();
  private readonly contactInboxBySource = new Map<string, ContactInbox>();
  private readonly contactInboxByContact = new Map<number, ContactInbox[]>();
  private readonly next = new Map<Table, number>();
  /** Of each account's first conversation. */
  readonly firstDisplayId: number;

  constructor(earlierStarts = 0) {
    this.firstDisplayId = 1 + earlierStarts * CONVERSATIONS_A_START;
    this.next.set('message', FIRST_IDS.message + earlierStarts * MESSAGES_A_START);
  }

  /** @param wanted an id the seed asks for; later generated ids stay clear of it */
  takeId(table: Table, wanted?: number): number {
    const next = this.next.get(table) ?? FIRST_IDS[table];
    const id = wanted ?? next;
    this.next.set(table, Math.max(next, id + 1));
    return id;
  }

  addConversation(conversation: Conversation): void {
    const ofAccount = this.conversations.get(conversation.accountId) ?? new Map<number, Conversation>();
    ofAccount.set(conversation.displayId, conversation);
    this.conversations.set(conversation.accountId, ofAccount);
    const siblings = this.byContactInbox.get(conversation.contactInboxId) ?? [];
    siblings.push(conversation);
    this.byContactInbox.set(conversation.contactInboxId, siblings);
  }

  conversation(accountId: number, displayId: number): Conversation | undefined {
    return this.conversations.get(accountId)?.get(displayId);
  }

  conversationsOf(accountId: number): Conversation[] {
    return [...(this.conversations.get(accountId)?.values() ?? [])];
  }

  conversationsOfContactInbox(contactInboxId: number): readonly Conversation[] {
    return this.byContactInbox.get(contactInboxId) ?? [];
  }

  removeConversation(conversation: Conversation): void {
    this.conversations.get(conversation.accountId)?.delete(conversation.displayId);
    const siblings = this.byContactInbox.get(conversation.contactInboxId) ?? [];
    this.byContactInbox.set(
      conversation.contactInboxId,
      siblings.filter((sibling) => sibling !== conversation),
    );
  }

  inboxesOf(accountId: number): Inbox[] {
    return [...this.inboxes.values()].filter((inbox) => inbox.accountId === accountId);
  }

  contactsOf(accountId: number): Contact[] {
    return [...this.contacts.values()].filter((contact) => contact.accountId === accountId);
  }

  addContactInbox(link: ContactInbox): void {
    this.contactInboxes.set(link.id, link);
    this.contactInboxBySource.set(`${link.inboxId}:${link.sourceId}`, link);
    this.contactInboxByContact.set(link.contactId, [...this.contactInboxesOf(link.contactId), link]);
  }

  /** Merging contacts moves what the loser had. */
  moveContactInboxes(fromContactId: number, toContactId: number): void {
    const moved = this.contactInboxesOf(fromContactId);
    for (const link of moved) link.contactId = toContactId;
    this.contactInboxByContact.set(toContactId, [...this.contactInboxesOf(toContactId), ...moved]);
    this.contactInboxByContact.delete(fromContactId);
  }

  contactInboxesOf(contactId: number): ContactInbox[] {
    return this.contactInboxByContact.get(contactId) ?? [];
  }

  findContactInbox(inboxId: number, sourceId: string): ContactInbox | undefined {
    return this.contactInboxBySource.get(`${inboxId}:${sourceId}`);
  }

  usersOf(accountId: number): User[] {
    return [...this.users.values()].filter((user) => user.roles.has(accountId));
  }

  botsOf(accountId: number): AgentBot[] {
    return [...this.bots.values()].filter((bot) => bot.accountId === accountId);
  }

  webhooksOf(accountId: number): AccountWebhook[] {
    return [...this.webhooks.values()].filter((webhook) => webhook.accountId === accountId);
  }

  teamsOf(accountId: number): Team[] {
    return [...this.teams.values()].filter((team) => team.accountId === accountId);
  }

  labelsOf(accountId: number): Label[] {
    return [...this.labels.values()].filter((label) => label.accountId === accountId);
  }
}

/** A record that must exist because another record names it. @throws Error naming the missing one */
export function mustGet<T>(records: ReadonlyMap<number, T>, id: number, what: string): T {
  const record = records.get(id);
  if (record === undefined) throw new Error(`no ${what} with id ${id} in the sandbox`);
  return record;
}
