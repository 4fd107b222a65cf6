// Priority, custom attributes and labels of one conversation over REST. Attributes and labels are replaced whole.
import type { JsonObject, Priority } from '../../state/model.ts';
import { addActivity } from '../../transitions/activity.ts';
import { saveConversation } from '../../transitions/save-conversation.ts';
import { findConversation } from '../find-records.ts';
import { objectOf, textOf, textsOf } from '../params.ts';
import { invalidRecord, serverError } from '../rest-error.ts';
import { ok, type RestAnswer, type RestCall } from '../route.ts';
import { conversationView } from '../views/conversation-view.ts';

/** Null or an empty text clears; a word outside the enum is an unhandled exception. */
function readPriority(body: JsonObject): Priority | null {
  const asked = textOf(body['priority']);
  if (asked === null || asked === '') return null;
  if (asked === 'low' || asked === 'medium' || asked === 'high' || asked === 'urgent') return asked;
  throw serverError();
}

export function togglePriority(call: RestCall): RestAnswer {
  saveConversation(call.world, findConversation(call), { priority: readPriority(call.body) });
  return ok();
}

export function updateConversation(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  if ('priority' in call.body) saveConversation(call.world, conversation, { priority: readPriority(call.body) });
  return ok(conversationView(call, conversation));
}

export function replaceAttributes(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  const given = objectOf(call.body['custom_attributes']);
  if (given === null) throw serverError();
  const tooLong = Object.values(given).some(
    (value) =>
      (typeof value === 'string' && value.length > 1500) || (typeof value === 'number' && value > 9_999_999_999),
  );
  if (tooLong) throw invalidRecord('Custom attributes length should be < 1500', ['custom_attributes']);
  saveConversation(call.world, conversation, { customAttributes: given });
  return ok({ custom_attributes: conversation.customAttributes });
}

export function replaceLabels(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  const before = conversation.labels;
  const wanted = [...new Set(textsOf(call.body['labels']))];
  saveConversation(call.world, conversation, { labels: wanted });
  const added = wanted.filter((title) => !before.includes(title));
  const removed = before.filter((title) => !wanted.includes(title));
  if (added.length > 0) addActivity(call.world, conversation, 'labels_added', call.actor, added.join(', '));
  if (removed.length > 0) addActivity(call.world, conversation, 'labels_removed', call.actor, removed.join(', '));
  return ok({ payload: conversation.labels });
}
