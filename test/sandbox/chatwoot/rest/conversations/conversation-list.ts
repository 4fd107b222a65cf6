// The lists of conversations: by query parameters, by filter rows, and their counts.
import type { Conversation } from '../../state/model.ts';
import { filterConversations } from '../filter-records.ts';
import { maySee } from '../find-records.ts';
import { pageOf, pageSlice } from '../params.ts';
import { ok, type RestAnswer, type RestCall } from '../route.ts';
import { conversationView } from '../views/conversation-view.ts';
import { matchingConversations, sortConversations, withStatus } from './conversation-query.ts';

const PER_PAGE = 25;

export function listConversations(call: RestCall): RestAnswer {
  const matching = matchingConversations(call);
  const shown = sortConversations(withStatus(call, matching), call.query.get('sort_by'));
  const page = call.query.has('updated_within') ? shown : pageSlice(shown, pageOf(call.query), PER_PAGE);
  return ok({
    data: { meta: counts(call, matching), payload: page.map((conversation) => conversationView(call, conversation)) },
  });
}

function counts(call: RestCall, matching: readonly Conversation[]) {
  const withState = withStatus(call, matching);
  const mine =
    call.actor.kind === 'user' ? withState.filter((conversation) => conversation.assigneeId === callerId(call)) : [];
  return {
    mine_count: mine.length,
    assigned_count: withState.filter((conversation) => conversation.assigneeId !== null).length,
    unassigned_count: withState.filter((conversation) => conversation.assigneeId === null).length,
    all_count: withState.length,
  };
}

function callerId(call: RestCall): number {
  return call.actor.kind === 'user' ? call.actor.user.id : call.actor.bot.id;
}

/** Not the list form: no `data`, no `assigned_count`. */
export function filterConversationList(call: RestCall): RestAnswer {
  const visible = call.world.state
    .conversationsOf(call.account.id)
    .filter((conversation) => maySee(call, conversation));
  const found = sortConversations(filterConversations(visible, call.body['payload']), null);
  const { mine_count, unassigned_count, all_count } = countAll(call, found);
  const page = pageSlice(found, pageOf(call.query), PER_PAGE);
  return ok({
    meta: { mine_count, unassigned_count, all_count },
    payload: page.map((conversation) => conversationView(call, conversation)),
  });
}

function countAll(call: RestCall, found: readonly Conversation[]) {
  return {
    mine_count: found.filter((conversation) => conversation.assigneeId === callerId(call)).length,
    unassigned_count: found.filter((conversation) => conversation.assigneeId === null).length,
    all_count: found.length,
  };
}

export function conversationCounts(call: RestCall): RestAnswer {
  return ok({ meta: counts(call, matchingConversations(call)) });
}
