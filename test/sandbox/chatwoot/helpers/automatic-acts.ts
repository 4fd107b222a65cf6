// Texts Chatwoot sends on somebody's behalf. A bridge must not take them for a person's answer.
import { messageRestForm } from '../payloads/message-forms.ts';
import type { Conversation } from '../state/model.ts';
import { sendMessage } from '../transitions/send-message.ts';
import type { World } from '../world.ts';
import type { MessageView } from './customer-acts.ts';
import { findPerson, type PersonHandle } from './person-acts.ts';

export function automationSends(
  world: World,
  conversation: Conversation,
  given: { text: string; ruleId?: number },
): MessageView {
  const message = sendMessage(world, conversation, {
    content: given.text,
    sender: null,
    contentAttributes: { automation_rule_id: given.ruleId ?? 1 },
  });
  return messageRestForm(world, message);
}

export function campaignSends(
  world: World,
  conversation: Conversation,
  given: { text: string; user?: PersonHandle; campaignId?: number },
): MessageView {
  const person = findPerson(world, conversation.accountId, given.user);
  const message = sendMessage(world, conversation, {
    content: given.text,
    sender: { type: 'User', id: person.user.id },
    additionalAttributes: { campaign_id: given.campaignId ?? 1 },
  });
  return messageRestForm(world, message);
}
