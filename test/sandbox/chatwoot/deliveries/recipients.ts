// Which surface hears of which event. Source: the listeners of upstream 4.15.1.
// Account webhook: by subscription. API inbox: everything of its inbox but contact events. Bot: inbox bot and assigned bot,
// messages always, conversation events since 4.13, opened/resolved always, never conversation_created.
import type { DomainEvent, EventName } from '../events.ts';
import type { AgentBot, Conversation, Inbox, Message } from '../state/model.ts';
import type { World } from '../world.ts';
import type { Surface } from './delivery.ts';

export interface Recipient {
  surface: Surface;
  targetId: number;
  url: string;
  secret: string | null;
}

const BOT_ONLY = new Set<EventName>(['conversation_opened', 'conversation_resolved']);
const API_INBOX_EVENTS = new Set<EventName>([
  'message_created',
  'message_updated',
  'conversation_created',
  'conversation_updated',
  'conversation_status_changed',
  'webwidget_triggered',
  'conversation_typing_on',
  'conversation_typing_off',
]);

export function recipientsOf(world: World, event: DomainEvent): Recipient[] {
  const message = 'message' in event ? event.message : null;
  if (message !== null && !reachesWebhooks(message)) return [];
  return [...botRecipients(world, event), ...accountRecipients(world, event), ...apiInboxRecipients(world, event)];
}

/** Activity lines never leave Chatwoot; private notes do. */
function reachesWebhooks(message: Message): boolean {
  return message.messageType !== 'activity';
}

function accountRecipients(world: World, event: DomainEvent): Recipient[] {
  if (BOT_ONLY.has(event.name)) return [];
  return world.state
    .webhooksOf(accountIdOf(world, event))
    .filter((webhook) => webhook.subscriptions.includes(event.name))
    .map((webhook) => ({
      surface: 'account_webhook',
      targetId: webhook.id,
      url: webhook.url,
      secret: world.features.accountDeliveriesSigned ? webhook.secret : null,
    }));
}

function apiInboxRecipients(world: World, event: DomainEvent): Recipient[] {
  const inbox = inboxOf(world, event);
  if (inbox === null || inbox.webhookUrl === null || inbox.webhookUrl === '' || !API_INBOX_EVENTS.has(event.name)) {
    return [];
  }
  const secret = world.features.botAndApiDeliveriesSigned ? inbox.secret : null;
  return [{ surface: 'api_inbox', targetId: inbox.id, url: inbox.webhookUrl, secret }];
}

function botRecipients(world: World, event: DomainEvent): Recipient[] {
  if (!botHears(world, event.name)) return [];
  const inbox = inboxOf(world, event);
  const conversation = 'conversation' in event && event.name !== 'webwidget_triggered' ? event.conversation : null;
  return botsOf(world, inbox, conversation)
    .filter((bot) => bot.outgoingUrl !== null && bot.outgoingUrl !== '')
    .map((bot) => ({
      surface: 'agent_bot',
      targetId: bot.id,
      url: bot.outgoingUrl ?? '',
      secret: world.features.botAndApiDeliveriesSigned ? bot.secret : null,
    }));
}

function botHears(world: World, name: EventName): boolean {
  if (
    name === 'message_created' ||
    name === 'message_updated' ||
    name === 'webwidget_triggered' ||
    BOT_ONLY.has(name)
  ) {
    return true;
  }
  return (
    world.features.botHearsConversationEvents &&
    (name === 'conversation_updated' || name === 'conversation_status_changed')
  );
}

/** The inbox's bot and the conversation's bot, once when they are the same. */
function botsOf(world: World, inbox: Inbox | null, conversation: Conversation | null): AgentBot[] {
  const ids = new Set([inbox?.agentBotId ?? null, conversation?.agentBotId ?? null]);
  return [...ids].flatMap((id) => (id === null ? [] : (world.state.bots.get(id) ?? [])));
}

function inboxOf(world: World, event: DomainEvent): Inbox | null {
  if (event.name === 'webwidget_triggered') return world.state.inboxes.get(event.contactInbox.inboxId) ?? null;
  return 'conversation' in event ? (world.state.inboxes.get(event.conversation.inboxId) ?? null) : null;
}

export function accountIdOf(world: World, event: DomainEvent): number {
  if (event.name === 'webwidget_triggered') return inboxOf(world, event)?.accountId ?? 0;
  return 'conversation' in event ? event.conversation.accountId : event.contact.accountId;
}
