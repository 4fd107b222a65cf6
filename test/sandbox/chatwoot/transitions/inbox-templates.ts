// Texts Chatwoot sends by itself after a customer's message: greeting, out of office, e-mail question, and the survey on resolve.
// A bot inbox gets them too, which is why a set-up check has to warn about them.
import { DateTime } from 'luxon';
import type { Conversation, Inbox } from '../state/model.ts';
import { mustGet } from '../state/sandbox-state.ts';
import type { World } from '../world.ts';
import { canReply } from './message-window.ts';
import { storeMessage } from './store-message.ts';

const FIVE_MINUTES_MS = 300_000;

export function sendInboxTemplates(world: World, conversation: Conversation): void {
  const inbox = mustGet(world.state.inboxes, conversation.inboxId, 'inbox');
  if (wantsGreeting(inbox, conversation)) sendTemplate(world, conversation, inbox.settings.greeting_message ?? '');
  if (wantsOutOfOffice(inbox, conversation)) {
    sendTemplate(world, conversation, inbox.settings.out_of_office_message ?? '');
  }
  if (wantsEmailBox(world, inbox, conversation)) {
    sendTemplate(world, conversation, 'Give the team a way to reach you.');
    sendTemplate(world, conversation, 'Get notified by email', 'input_email');
  }
}

/** On any resolve, once per conversation ever, when the inbox asks for it. */
export function sendSurvey(world: World, conversation: Conversation): void {
  const inbox = mustGet(world.state.inboxes, conversation.inboxId, 'inbox');
  if (!inbox.settings.csat_survey_enabled || conversation.csatSent || !canReply(inbox, conversation)) return;
  conversation.csatSent = true;
  sendTemplate(world, conversation, 'Please rate the conversation', 'input_csat');
}

function sendTemplate(world: World, conversation: Conversation, content: string, contentType = 'text'): void {
  const message = storeMessage(world, conversation, { messageType: 'template', content, contentType });
  world.publish({ name: 'message_created', conversation, message });
}

function wantsGreeting(inbox: Inbox, conversation: Conversation): boolean {
  if (!inbox.settings.greeting_enabled || inbox.settings.greeting_message === null) return false;
  return !conversation.messages.some(
    (message) => message.messageType === 'outgoing' || message.messageType === 'template',
  );
}

function wantsOutOfOffice(inbox: Inbox, conversation: Conversation): boolean {
  const { working_hours_enabled: enabled, out_of_office_message: text } = inbox.settings;
  if (!enabled || text === null || isOpenNow(inbox)) return false;
  const nowMs = Date.now();
  const today = DateTime.now().setZone(inbox.settings.timezone).startOf('day').toMillis();
  return !conversation.messages.some(
    (message) =>
      (message.messageType === 'template' && message.createdAtMs >= today) ||
      (message.messageType === 'outgoing' && !message.private && nowMs - message.createdAtMs < FIVE_MINUTES_MS),
  );
}

function isOpenNow(inbox: Inbox): boolean {
  const now = DateTime.now().setZone(inbox.settings.timezone);
  const day = inbox.settings.working_hours.find((hours) => hours.day_of_week === now.weekday % 7);
  if (day === undefined || day.open_all_day) return true;
  if (day.closed_all_day) return false;
  const minute = now.hour * 60 + now.minute;
  return (
    minute >= (day.open_hour ?? 0) * 60 + (day.open_minutes ?? 0) &&
    minute < (day.close_hour ?? 24) * 60 + (day.close_minutes ?? 0)
  );
}

function wantsEmailBox(world: World, inbox: Inbox, conversation: Conversation): boolean {
  if (inbox.channelType !== 'Channel::WebWidget' || !inbox.settings.enable_email_collect) return false;
  if (world.state.contacts.get(conversation.contactId)?.email !== null) return false;
  return !conversation.messages.some((message) => message.contentType === 'input_email');
}
