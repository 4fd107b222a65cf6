// People and bots as the REST API shows them (no `type`, with e-mail and role), unlike the webhook forms.
import type { Account, AgentBot, User } from '../../state/model.ts';

export function agentView(user: User, account: Account) {
  return {
    id: user.id,
    account_id: account.id,
    availability_status: user.availability,
    auto_offline: true,
    confirmed: true,
    email: user.email,
    provider: 'email',
    available_name: user.name,
    name: user.name,
    role: user.roles.get(account.id) ?? 'agent',
    thumbnail: '',
    custom_role_id: null,
  };
}

/** A bot where a conversation shows its assignee. */
export function slimBotView(bot: AgentBot) {
  return {
    id: bot.id,
    name: bot.name,
    description: bot.description,
    thumbnail: '',
    outgoing_url: bot.outgoingUrl,
    bot_type: 'webhook',
    bot_config: bot.botConfig,
    account_id: bot.accountId,
  };
}
