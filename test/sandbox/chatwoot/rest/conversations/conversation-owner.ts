// Who owns a conversation, over REST: a person, a bot, a team or nobody.
import { assignBot, assignPerson, assignTeam, unassign } from '../../transitions/assign.ts';
import { findConversation } from '../find-records.ts';
import { numberOf } from '../params.ts';
import { ok, type RestAnswer, type RestCall } from '../route.ts';
import { agentView, slimBotView } from '../views/agent-view.ts';

/** Unknown agent or team unassigns, an unknown bot changes nothing; all three answer null. `assignee_id` wins over `team_id`. */
export function assignConversation(call: RestCall): RestAnswer {
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
