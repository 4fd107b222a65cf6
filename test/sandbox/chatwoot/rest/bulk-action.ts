// The only REST call that adds or removes single labels. It answers at once and works in the background.
import { assignPerson, assignTeam, unassign } from '../transitions/assign.ts';
import { changeStatus } from '../transitions/change-status.ts';
import { saveConversation } from '../transitions/save-conversation.ts';
import type { Conversation } from '../state/model.ts';
import { isStatus } from './conversations/conversation-status.ts';
import { numberOf, numbersOf, objectOf, textOf, textsOf } from './params.ts';
import { unprocessable } from './rest-error.ts';
import { ok, type RestAnswer, type RestCall } from './route.ts';

export function runBulkAction(call: RestCall): RestAnswer {
  if (call.body['type'] !== 'Conversation') throw unprocessable('Invalid type');
  const ids = numbersOf(call.body['ids']);
  call.world.tasks.later(0, () => {
    for (const id of ids) {
      const conversation = call.world.state.conversation(call.account.id, id);
      if (conversation !== undefined) apply(call, conversation);
    }
  });
  return ok();
}

function apply(call: RestCall, conversation: Conversation): void {
  const fields = objectOf(call.body['fields']) ?? {};
  const labels = objectOf(call.body['labels']) ?? {};
  const status = textOf(fields['status']);
  if (isStatus(status)) changeStatus(call.world, conversation, { status }, { kind: 'system' });
  if ('assignee_id' in fields) {
    const user = call.world.state.users.get(numberOf(fields['assignee_id']) ?? 0);
    if (user === undefined) unassign(call.world, conversation, call.actor);
    else assignPerson(call.world, conversation, user, call.actor);
  }
  if ('team_id' in fields) {
    assignTeam(
      call.world,
      conversation,
      call.world.state.teams.get(numberOf(fields['team_id']) ?? 0) ?? null,
      call.actor,
    );
  }
  const removed = textsOf(labels['remove']);
  const wanted = [...new Set([...conversation.labels, ...textsOf(labels['add'])])].filter(
    (title) => !removed.includes(title),
  );
  saveConversation(call.world, conversation, { labels: wanted });
}
