// The query parameters of the conversation list: which conversations match, in which state, in which order.
import type { Conversation } from '../../state/model.ts';
import { maySee } from '../find-records.ts';
import { numberOf } from '../params.ts';
import type { RestCall } from '../route.ts';

/** Everything but the status, which the counts of the answer apply by themselves. */
export function matchingConversations(call: RestCall): Conversation[] {
  const conditions = conditionsOf(call);
  return call.world.state
    .conversationsOf(call.account.id)
    .filter((conversation) => maySee(call, conversation) && conditions.every((condition) => condition(conversation)));
}

/** Default `open`; `all` or a text search look at every status. */
export function withStatus(call: RestCall, conversations: readonly Conversation[]): Conversation[] {
  const wanted = call.query.get('status') ?? 'open';
  if (wanted === 'all' || call.query.has('q')) return [...conversations];
  return conversations.filter((conversation) => conversation.status === wanted);
}

export function sortConversations(conversations: readonly Conversation[], sortBy: string | null): Conversation[] {
  const [, column = 'last_activity_at', direction = 'desc'] = /^(.+)_(asc|desc)$/.exec(sortBy ?? '') ?? [];
  const sign = direction === 'asc' ? 1 : -1;
  return [...conversations].sort((left, right) => sign * (sortValue(left, column) - sortValue(right, column)));
}

const PRIORITIES = { low: 1, medium: 2, high: 3, urgent: 4 };

function sortValue(conversation: Conversation, column: string): number {
  switch (column) {
    case 'created_at':
      return conversation.createdAtMs;
    case 'waiting_since':
      return conversation.waitingSinceMs ?? Number.MAX_SAFE_INTEGER;
    case 'priority':
      return conversation.priority === null ? 0 : PRIORITIES[conversation.priority];
    default:
      return conversation.lastActivityAtMs;
  }
}

type Condition = (conversation: Conversation) => boolean;

function conditionsOf(call: RestCall): Condition[] {
  const { query } = call;
  const conditions: Condition[] = [assigneeCondition(call, query.get('assignee_type'))];
  const inboxId = numberOf(query.get('inbox_id'));
  if (inboxId !== null) conditions.push((conversation) => conversation.inboxId === inboxId);
  const teamId = numberOf(query.get('team_id'));
  if (teamId !== null) conditions.push((conversation) => conversation.teamId === teamId);
  const labels = query.getAll('labels[]');
  if (labels.length > 0) conditions.push((conversation) => labels.some((label) => conversation.labels.includes(label)));
  const text = query.get('q')?.toLowerCase();
  if (text !== undefined) {
    conditions.push((conversation) =>
      conversation.messages.some((message) => message.content?.toLowerCase().includes(text) === true),
    );
  }
  const sourceId = query.get('source_id');
  if (sourceId !== null) {
    conditions.push(
      (conversation) => call.world.state.contactInboxes.get(conversation.contactInboxId)?.sourceId === sourceId,
    );
  }
  const withinSeconds = numberOf(query.get('updated_within'));
  if (withinSeconds !== null) {
    conditions.push((conversation) => Date.now() - conversation.updatedAtMs <= withinSeconds * 1000);
  }
  if (query.get('conversation_type') === 'unattended') {
    conditions.push((conversation) => conversation.firstReplyAtMs === null || conversation.waitingSinceMs !== null);
  }
  return conditions;
}

/** Owned by a bot counts as unassigned. */
function assigneeCondition(call: RestCall, type: string | null): Condition {
  switch (type) {
    case 'me':
      return (conversation) => call.actor.kind === 'user' && conversation.assigneeId === call.actor.user.id;
    case 'unassigned':
      return (conversation) => conversation.assigneeId === null;
    case 'assigned':
      return (conversation) => conversation.assigneeId !== null;
    case null:
    default:
      return () => true;
  }
}
