// REST calls that read or create one conversation, and those that change its status, priority, attributes, labels and owner.
import { isoTimeOrNull } from '../payloads/times.ts';
import type { ConversationStatus, JsonObject, Priority } from '../state/model.ts';
import { assignBot, assignPerson, assignTeam, unassign } from '../transitions/assign.ts';
import { addActivity } from '../transitions/activity.ts';
import { changeStatus } from '../transitions/change-status.ts';
import { saveConversation } from '../transitions/save-conversation.ts';
import {
  assignment,
  conversationUpdate,
  customAttributes,
  labels,
  togglePriority,
  toggleStatus,
  toggleTyping,
} from './checks/request-shapes.ts';
import { findConversation } from './find-records.ts';
import { flagOf, numberOf, objectOf, textOf, textsOf } from './params.ts';
import { invalidRecord, serverError } from './rest-error.ts';
import { ok, type RestAnswer, type RestCall, type Route } from './route.ts';
import { agentView, slimBotView } from './views/agent-view.ts';
import { conversationView } from './views/conversation-view.ts';

const ONE = '/conversations/:cid';

export const conversationRoutes: Route[] = [
  {
    endpoint: 'conversations.show',
    method: 'GET',
    path: ONE,
    bot: 'botTokenMayRead',
    run: (call) => ok(conversationView(call, findConversation(call))),
  },
  { endpoint: 'conversations.update', method: 'PATCH', path: ONE, bot: true, body: conversationUpdate, run: update },
  {
    endpoint: 'conversations.toggle_status',
    method: 'POST',
    path: `${ONE}/toggle_status`,
    bot: true,
    body: toggleStatus,
    run: toggle,
  },
  {
    endpoint: 'conversations.toggle_typing_status',
    method: 'POST',
    path: `${ONE}/toggle_typing_status`,
    bot: 'botTokenMayType',
    body: toggleTyping,
    run: typing,
  },
  {
    endpoint: 'conversations.toggle_priority',
    method: 'POST',
    path: `${ONE}/toggle_priority`,
    bot: true,
    body: togglePriority,
    run: priority,
  },
  {
    endpoint: 'conversations.custom_attributes',
    method: 'POST',
    path: `${ONE}/custom_attributes`,
    bot: true,
    body: customAttributes,
    run: replaceAttributes,
  },
  {
    endpoint: 'conversations.labels',
    method: 'GET',
    path: `${ONE}/labels`,
    bot: 'botTokenMayRead',
    run: (call) => ok({ payload: findConversation(call).labels }),
  },
  {
    endpoint: 'conversations.set_labels',
    method: 'POST',
    path: `${ONE}/labels`,
    bot: 'botTokenMayRead',
    body: labels,
    run: replaceLabels,
  },
  {
    endpoint: 'conversations.assignments',
    method: 'POST',
    path: `${ONE}/assignments`,
    bot: true,
    body: assignment,
    run: assign,
  },
];

const STATUSES: readonly string[] = ['open', 'resolved', 'pending', 'snoozed'];

export function isStatus(value: string | null): value is ConversationStatus {
  return value !== null && STATUSES.includes(value);
}

function toggle(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  const asked = textOf(call.body['status']);
  // The model raises on an unknown word and nobody rescues it.
  if (asked !== null && !isStatus(asked)) throw serverError();
  const until = call.body['snoozed_until'];
  if (until !== undefined && until !== null && numberOf(until) === null) throw serverError();
  const untilSeconds = numberOf(until);
  const outcome = changeStatus(
    call.world,
    conversation,
    {
      ...(asked === null ? {} : { status: asked }),
      snoozedUntilMs: untilSeconds === null ? null : untilSeconds * 1000,
    },
    call.actor,
  );
  return ok({
    payload: {
      success: outcome === 'handoff' ? null : true,
      conversation_id: conversation.displayId,
      current_status: conversation.status,
      snoozed_until: isoTimeOrNull(conversation.snoozedUntilMs),
    },
  });
}

function typing(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  const wanted = textOf(call.body['typing_status']);
  if (wanted === 'on' || wanted === 'off') {
    call.world.publish({
      name: wanted === 'on' ? 'conversation_typing_on' : 'conversation_typing_off',
      conversation,
      performer:
        call.actor.kind === 'bot'
          ? { kind: 'agent_bot', id: call.actor.bot.id }
          : { kind: 'user', id: call.actor.user.id },
      isPrivate: flagOf(call.body['is_private']),
    });
  }
  return ok();
}

/** Null or an empty text clears; a word outside the enum is an unhandled exception. */
function readPriority(body: JsonObject): Priority | null {
  const asked = textOf(body['priority']);
  if (asked === null || asked === '') return null;
  if (asked === 'low' || asked === 'medium' || asked === 'high' || asked === 'urgent') return asked;
  throw serverError();
}

function priority(call: RestCall): RestAnswer {
  saveConversation(call.world, findConversation(call), { priority: readPriority(call.body) });
  return ok();
}

function update(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  if ('priority' in call.body) saveConversation(call.world, conversation, { priority: readPriority(call.body) });
  return ok(conversationView(call, conversation));
}

function replaceAttributes(call: RestCall): RestAnswer {
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

function replaceLabels(call: RestCall): RestAnswer {
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

/** Unknown agent or team unassigns, an unknown bot changes nothing; all three answer null. `assignee_id` wins over `team_id`. */
function assign(call: RestCall): RestAnswer {
  const conversation = findConversation(call);
  const { state } = call.world;
  if ('assignee_id' in call.body) {
    const id = numberOf(call.body['assignee_id']);
    if (call.body['assignee_type'] === 'AgentBot') {
      const bot = state.bots.get(id ?? 0);
      if (bot?.accountId !== call.account.id) return ok(null);
      assignBot(call.world, conversation, bot, call.actor);
      return ok(slimBotView(bot));
    }
    const user = state.users.get(id ?? 0);
    if (user?.roles.has(call.account.id) !== true) {
      unassign(call.world, conversation, call.actor);
      return ok(null);
    }
    assignPerson(call.world, conversation, user, call.actor);
    return ok(agentView(user, call.account));
  }
  const team = state.teams.get(numberOf(call.body['team_id']) ?? 0);
  const known = team?.accountId === call.account.id ? team : null;
  assignTeam(call.world, conversation, known, call.actor);
  return ok(
    known === null
      ? null
      : {
          id: known.id,
          name: known.name,
          description: known.description,
          allow_auto_assign: known.allowAutoAssign,
          account_id: known.accountId,
        },
  );
}
