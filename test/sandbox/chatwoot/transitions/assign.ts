// Who owns a conversation: a person, a bot, a team, nobody. Up to 4.16 assigning never touches the status; from 4.17 a person's
// assignment opens and a bot's makes pending.
import type { AgentBot, Conversation, Team, User } from '../state/model.ts';
import type { World } from '../world.ts';
import { addActivity } from './activity.ts';
import type { Actor } from './actor.ts';
import { pickFromTeam } from './auto-assignment.ts';
import { type ConversationPatch, saveConversation } from './save-conversation.ts';

export function assignPerson(world: World, conversation: Conversation, user: User, actor: Actor): void {
  const patch: ConversationPatch = { assigneeId: user.id };
  if (world.features.humanAssignmentOpens && conversation.agentBotId !== null && conversation.status === 'pending') {
    patch.status = 'open';
    if (conversation.waitingSinceMs === null) patch.waitingSinceMs = Date.now();
  }
  if (saveConversation(world, conversation, patch)) addActivity(world, conversation, 'assigned', actor, user.name);
}

export function assignBot(world: World, conversation: Conversation, bot: AgentBot, actor: Actor): void {
  const patch: ConversationPatch = { assigneeId: null, agentBotId: bot.id };
  if (world.features.botAssignmentMakesPending) patch.status = 'pending';
  if (saveConversation(world, conversation, patch)) addActivity(world, conversation, 'assigned', actor, bot.name);
}

export function unassign(world: World, conversation: Conversation, actor: Actor): void {
  if (saveConversation(world, conversation, { assigneeId: null, agentBotId: null })) {
    addActivity(world, conversation, 'unassigned', actor);
  }
}

/** The person stays if he is in the team, otherwise somebody of the team is picked at once, in any status. */
export function assignTeam(world: World, conversation: Conversation, team: Team | null, actor: Actor): void {
  const patch: ConversationPatch = { teamId: team?.id ?? null };
  if (team !== null) {
    const stays = conversation.assigneeId !== null && team.memberIds.includes(conversation.assigneeId);
    if (!stays) patch.assigneeId = pickFromTeam(world.state, conversation, team.id);
  }
  const changed = saveConversation(world, conversation, patch, { keepBotOwner: true });
  if (changed && team !== null) addActivity(world, conversation, 'team', actor, team.name);
}
