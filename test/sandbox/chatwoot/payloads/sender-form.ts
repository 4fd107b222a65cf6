// Who wrote a message, in both forms. `null` for templates, automation and phone echoes.
import type { Message } from '../state/model.ts';
import type { World } from '../world.ts';
import { mustGet } from '../state/sandbox-state.ts';
import {
  botPushForm,
  botWebhookForm,
  contactPushForm,
  contactWebhookForm,
  userPushForm,
  userWebhookForm,
} from './people.ts';

export function senderWebhookForm(world: World, message: Message) {
  const author = authorOf(world, message);
  switch (author?.type) {
    case 'Contact':
      return contactWebhookForm(author.contact, mustGet(world.state.accounts, message.accountId, 'account'));
    case 'User':
      return userWebhookForm(author.user);
    case 'AgentBot':
      return botWebhookForm(author.bot);
    case undefined:
      return null;
  }
}

export function senderPushForm(world: World, message: Message) {
  const author = authorOf(world, message);
  switch (author?.type) {
    case 'Contact':
      return contactPushForm(author.contact);
    case 'User':
      return userPushForm(author.user);
    case 'AgentBot':
      return botPushForm(author.bot);
    case undefined:
      return null;
  }
}

function authorOf(world: World, message: Message) {
  if (message.senderType === null || message.senderId === null) return null;
  switch (message.senderType) {
    case 'Contact':
      return { type: 'Contact' as const, contact: mustGet(world.state.contacts, message.senderId, 'contact') };
    case 'User':
      return { type: 'User' as const, user: mustGet(world.state.users, message.senderId, 'user') };
    case 'AgentBot': {
      const bot = world.state.bots.get(message.senderId);
      return bot === undefined ? null : { type: 'AgentBot' as const, bot };
    }
  }
}
