// The one way a conversation's own fields change. It applies what Chatwoot's model does around every save
// (a person takes the bot's place, opening looks for an online person) and raises the events in Chatwoot's order:
// opened or resolved (bots only), status_changed, updated with the difference.
// Source: state table and automatic transitions as read in upstream 4.15.1; version differences are flags.
import type { ChangedAttributes } from '../events.ts';
import type { Conversation, ConversationStatus, JsonObject, Priority } from '../state/model.ts';
import type { World } from '../world.ts';
import { pickOnlineAgent } from './auto-assignment.ts';

export interface ConversationPatch {
  status?: ConversationStatus;
  assigneeId?: number | null;
  agentBotId?: number | null;
  teamId?: number | null;
  snoozedUntilMs?: number | null;
  customAttributes?: JsonObject;
  labels?: string[];
  waitingSinceMs?: number | null;
  firstReplyAtMs?: number | null;
  priority?: Priority | null;
}

interface SaveOptions {
  /** A team's pick leaves the bot as owner in the same save (up to 4.15.1). */
  keepBotOwner?: boolean;
}

/** @returns true when something changed */
export function saveConversation(
  world: World,
  conversation: Conversation,
  patch: ConversationPatch,
  options: SaveOptions = {},
): boolean {
  const before = trackedColumns(conversation);
  const statusBefore = conversation.status;
  const picked = applyPatch(world, conversation, patch, options);
  const changed = difference(before, trackedColumns(conversation));
  const statusChanged = conversation.status !== statusBefore;
  if (changed.length === 0) return false;
  const updatedBefore = isoTime(conversation.updatedAtMs);
  conversation.updatedAtMs = Date.now();
  // The second save of the old assignment engine hides the status change from everyone (fixed in 4.17).
  const swallowed = picked && world.features.assignmentSwallowsStatusEvents;
  if (statusChanged && !swallowed) raiseStatusEvents(world, conversation);
  const visible = swallowed ? changed.filter((entry) => !('status' in entry)) : changed;
  if (statusChanged && conversation.status === 'resolved') clearWaitingSilently(conversation);
  world.publish({
    name: 'conversation_updated',
    conversation,
    changed: [
      ...visible,
      { updated_at: { previous_value: updatedBefore, current_value: isoTime(conversation.updatedAtMs) } },
    ],
  });
  return true;
}

function applyPatch(world: World, conversation: Conversation, patch: ConversationPatch, options: SaveOptions): boolean {
  const statusBefore = conversation.status;
  Object.assign(conversation, patch);
  if (typeof patch.assigneeId === 'number' && options.keepBotOwner !== true) conversation.agentBotId = null;
  if (conversation.status !== 'snoozed' && statusBefore === 'snoozed') conversation.snoozedUntilMs = null;
  const opened = conversation.status === 'open' && statusBefore !== 'open';
  return opened && assignOnOpen(world, conversation);
}

/** V1 picks inside the same save; V2 is a job of its own and shows up as a second update. */
function assignOnOpen(world: World, conversation: Conversation): boolean {
  const account = world.state.accounts.get(conversation.accountId);
  if (account?.assignmentEngine === 'v2') {
    world.tasks.later(0, () => assignLater(world, conversation));
    return false;
  }
  const agentId = pickOnlineAgent(world.state, conversation);
  if (agentId === null) return false;
  conversation.assigneeId = agentId;
  conversation.agentBotId = null;
  return true;
}

function assignLater(world: World, conversation: Conversation): void {
  if (conversation.status !== 'open' || conversation.assigneeId !== null) return;
  const agentId = pickOnlineAgent(world.state, conversation);
  if (agentId !== null) saveConversation(world, conversation, { assigneeId: agentId });
}

function raiseStatusEvents(world: World, conversation: Conversation): void {
  if (conversation.status === 'open') world.publish({ name: 'conversation_opened', conversation });
  if (conversation.status === 'resolved') world.publish({ name: 'conversation_resolved', conversation });
  world.publish({ name: 'conversation_status_changed', conversation });
}

/** Resolving empties the waiting clock without any event or difference. */
function clearWaitingSilently(conversation: Conversation): void {
  conversation.waitingSinceMs = null;
}

function trackedColumns(conversation: Conversation): Map<string, unknown> {
  return new Map<string, unknown>([
    ['team_id', conversation.teamId],
    ['assignee_id', conversation.assigneeId],
    ['assignee_agent_bot_id', conversation.agentBotId],
    ['status', conversation.status],
    ['snoozed_until', isoTime(conversation.snoozedUntilMs)],
    ['custom_attributes', conversation.customAttributes],
    ['label_list', conversation.labels],
    ['waiting_since', isoTime(conversation.waitingSinceMs)],
    ['first_reply_created_at', isoTime(conversation.firstReplyAtMs)],
    ['priority', conversation.priority],
  ]);
}

function difference(before: Map<string, unknown>, after: Map<string, unknown>): ChangedAttributes {
  const changed: ChangedAttributes = [];
  for (const [column, current] of after) {
    const previous = before.get(column);
    if (JSON.stringify(previous) === JSON.stringify(current)) continue;
    changed.push({ [column]: { previous_value: previous ?? null, current_value: current ?? null } });
  }
  return changed;
}

function isoTime(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
