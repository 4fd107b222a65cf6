// Who does something: a person with a user token, a bot with a bot token, the customer, or Chatwoot itself.
// Many rules differ by exactly this, so it travels with every change.
import type { AgentBot, Role, User } from '../state/model.ts';

export type Actor =
  | { kind: 'user'; user: User; role: Role }
  | { kind: 'bot'; bot: AgentBot }
  | { kind: 'contact'; name: string }
  | { kind: 'system' };

export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'user':
      return actor.user.name;
    case 'bot':
      return actor.bot.name;
    case 'contact':
      return actor.name;
    case 'system':
      return 'Chatwoot';
  }
}
