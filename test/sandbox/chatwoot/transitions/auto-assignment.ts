// Whom Chatwoot's auto-assignment would pick when a conversation becomes open: an online member of the inbox,
// and of the team when there is one. Nobody when the inbox or the team switched it off, or somebody has it already.
import type { Conversation } from '../state/model.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

export function pickOnlineAgent(state: SandboxState, conversation: Conversation): number | null {
  const inbox = state.inboxes.get(conversation.inboxId);
  if (inbox?.settings.enable_auto_assignment !== true) return null;
  if (conversation.assigneeId !== null && inbox.memberIds.includes(conversation.assigneeId)) return null;
  const team = conversation.teamId === null ? undefined : state.teams.get(conversation.teamId);
  if (team !== undefined && !team.allowAutoAssign) return null;
  const candidates = team === undefined ? inbox.memberIds : inbox.memberIds.filter((id) => team.memberIds.includes(id));
  return firstOnline(state, candidates);
}

/** A team change picks at once, in any status, even with auto-assignment off for the inbox. */
export function pickFromTeam(state: SandboxState, conversation: Conversation, teamId: number): number | null {
  const team = state.teams.get(teamId);
  const inbox = state.inboxes.get(conversation.inboxId);
  if (team?.allowAutoAssign !== true || inbox === undefined) return null;
  return firstOnline(
    state,
    team.memberIds.filter((id) => inbox.memberIds.includes(id)),
  );
}

function firstOnline(state: SandboxState, userIds: readonly number[]): number | null {
  return userIds.find((id) => state.users.get(id)?.availability === 'online') ?? null;
}
