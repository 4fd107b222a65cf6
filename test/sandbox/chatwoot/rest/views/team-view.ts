// A team as the REST API shows it. It asks whether the caller is a member, which is why a bot token's read of a conversation with
// a team ends in a 500 (see conversation-view).
import type { Team } from '../../state/model.ts';
import type { World } from '../../world.ts';

export function teamView(world: World, team: Team, callerId: number | null) {
  return {
    id: team.id,
    name: team.name,
    description: team.description,
    allow_auto_assign: team.allowAutoAssign,
    ...(world.features.teamHasIcon ? { icon: null, icon_color: null } : {}),
    account_id: team.accountId,
    is_member: callerId !== null && team.memberIds.includes(callerId),
  };
}
