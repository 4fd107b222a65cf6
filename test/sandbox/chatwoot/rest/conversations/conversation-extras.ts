// The smaller calls on one conversation: mute, transcript, seen, attachments, participants, delete.
import { attachmentForm } from '../../payloads/attachment-form.ts';
import { saveConversation } from '../../transitions/save-conversation.ts';
import { findContact, findConversation } from '../find-records.ts';
import { numbersOf, pageOf, pageSlice, textOf } from '../params.ts';
import { invalidRecord, unprocessable } from '../rest-error.ts';
import { ok, type RestAnswer, type RestCall } from '../route.ts';
import { agentView } from '../views/agent-view.ts';
import { conversationView } from '../views/conversation-view.ts';

export function setMuted(call: RestCall, blocked: boolean): RestAnswer {
  const conversation = findConversation(call);
  const contact = findContact(call, conversation.contactId);
  contact.blocked = blocked;
  if (blocked) saveConversation(call.world, conversation, { status: 'resolved' });
  call.world.publish({
    name: 'contact_updated',
    contact,
    changed: [{ blocked: { previous_value: !blocked, current_value: blocked } }],
  });
  return ok();
}

export function sendTranscript(call: RestCall): RestAnswer {
  findConversation(call);
  if (textOf(call.body['email']) === null) throw unprocessable('email param missing');
  return ok();
}

export function markSeen(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  conversation.agentLastSeenAtMs = Date.now();
  return ok(conversationView(call, conversation));
}

export function listAttachments(call: RestCall): RestAnswer {
  const items = findConversation(call).messages.flatMap((message) =>
    message.attachments.map((attachment) => attachmentForm(call.world, message, attachment)),
  );
  return ok({ meta: { total_count: items.length }, payload: pageSlice(items, pageOf(call.query), 100) });
}

export function addParticipants(call: RestCall): RestAnswer {
  findConversation(call);
  const users = numbersOf(call.body['user_ids']).flatMap((id) => call.world.state.users.get(id) ?? []);
  if (users.some((user) => !user.roles.has(call.account.id))) {
    throw invalidRecord('User must have inbox access', ['user']);
  }
  return ok(users.map((user) => agentView(user, call.account)));
}

/** The sandbox keeps no participants beside the assignee. */
export function listParticipants(call: RestCall): RestAnswer {
  const assignee = call.world.state.users.get(findConversation(call).assigneeId ?? 0);
  return ok(assignee === undefined ? [] : [agentView(assignee, call.account)]);
}

export function deleteConversation(call: RestCall): RestAnswer {
  call.world.state.removeConversation(findConversation(call));
  return ok();
}
