// Contacts, users and bots in their two webhook forms: "webhook form" (top level of an event) and "push form" (nested, and REST
// messages). The differences are real: a contact at top level has no `type`, a user there has an e-mail.
import type { Account, AgentBot, Contact, User } from '../state/model.ts';

export function accountForm(account: Account) {
  return { id: account.id, name: account.name };
}

export function contactWebhookForm(contact: Contact, account: Account) {
  return {
    account: accountForm(account),
    additional_attributes: contact.additionalAttributes,
    avatar: '',
    custom_attributes: contact.customAttributes,
    email: contact.email,
    id: contact.id,
    identifier: contact.identifier,
    name: contact.name,
    phone_number: contact.phoneNumber,
    thumbnail: '',
    blocked: contact.blocked,
  };
}

export function contactPushForm(contact: Contact) {
  return {
    additional_attributes: contact.additionalAttributes,
    custom_attributes: contact.customAttributes,
    email: contact.email,
    id: contact.id,
    identifier: contact.identifier,
    name: contact.name,
    phone_number: contact.phoneNumber,
    thumbnail: '',
    blocked: contact.blocked,
    type: 'contact',
  };
}

export function userWebhookForm(user: User) {
  return { id: user.id, name: user.name, email: user.email, type: 'user' };
}

export function userPushForm(user: User) {
  return {
    id: user.id,
    name: user.name,
    available_name: user.name,
    avatar_url: '',
    type: 'user',
    availability_status: user.availability,
    thumbnail: '',
  };
}

export function botWebhookForm(bot: AgentBot) {
  return { id: bot.id, name: bot.name, type: 'agent_bot' };
}

export function botPushForm(bot: AgentBot) {
  return { id: bot.id, name: bot.name, avatar_url: '', type: 'agent_bot' };
}
