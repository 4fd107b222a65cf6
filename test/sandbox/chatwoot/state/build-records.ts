// Makes complete records from the few fields a seed or a REST call gives. One place, so that an inbox created over REST
// and one from the seed cannot differ.
import type { ContactConfig, InboxConfig } from '../config.ts';
import { inboxSettings } from '../config.ts';
import type { Account, AgentBot, Contact, ContactInbox, Inbox } from './model.ts';
import type { SandboxState } from './sandbox-state.ts';
import { randomToken } from './tokens.ts';

export function buildInbox(state: SandboxState, account: Account, config: InboxConfig, botId: number | null): Inbox {
  const isApi = config.channel_type === 'Channel::Api';
  return {
    id: state.takeId('inbox', config.id),
    accountId: account.id,
    tenant: config.tenant ?? null,
    name: config.name,
    channelId: state.takeId('channel'),
    channelType: config.channel_type,
    medium: config.channel_type === 'Channel::TwilioSms' ? (config.medium ?? 'sms') : null,
    provider: config.provider ?? (config.channel_type === 'Channel::Whatsapp' ? 'whatsapp_cloud' : null),
    phoneNumber: config.phone_number ?? null,
    agentBotId: botId,
    memberIds: config.members ?? state.usersOf(account.id).map((user) => user.id),
    inboxIdentifier: isApi ? (config.inbox_identifier ?? randomToken()) : null,
    webhookUrl: isApi ? (config.webhook_url ?? null) : null,
    secret: isApi ? (config.secret ?? randomToken()) : null,
    hmacToken: isApi ? randomToken() : null,
    channelAttributes: config.additional_attributes,
    messageTemplates: config.message_templates,
    settings: inboxSettings.parse(config),
  };
}

export function buildContact(state: SandboxState, accountId: number, config: ContactConfig, nowMs: number): Contact {
  return {
    id: state.takeId('contact', config.id),
    accountId,
    name: config.name,
    email: config.email,
    phoneNumber: config.phone_number,
    identifier: config.identifier,
    blocked: config.blocked,
    additionalAttributes: config.additional_attributes,
    customAttributes: config.custom_attributes,
    labels: [],
    notes: [],
    lastActivityAtMs: null,
    createdAtMs: nowMs,
  };
}

export function linkContact(
  state: SandboxState,
  contact: Contact,
  inbox: Inbox,
  sourceId: string,
  nowMs: number,
): ContactInbox {
  const link: ContactInbox = {
    id: state.takeId('contactInbox'),
    contactId: contact.id,
    inboxId: inbox.id,
    sourceId,
    pubsubToken: randomToken(),
    createdAtMs: nowMs,
    updatedAtMs: nowMs,
  };
  state.addContactInbox(link);
  return link;
}

export function buildBot(
  state: SandboxState,
  account: Account,
  given: {
    id?: number | undefined;
    name: string;
    token?: string | undefined;
    secret?: string | undefined;
    outgoing_url: string | null;
  },
): AgentBot {
  return {
    id: state.takeId('bot', given.id),
    accountId: account.id,
    name: given.name,
    description: null,
    outgoingUrl: given.outgoing_url?.replaceAll('{tenant}', account.tenant ?? String(account.id)) ?? null,
    token: given.token ?? randomToken(),
    secret: given.secret ?? randomToken(),
    botConfig: {},
  };
}
