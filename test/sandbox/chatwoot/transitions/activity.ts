// The grey lines people see in a conversation ("resolved by Bia"). They are messages of type activity: they show up in the REST
// list and as a conversation's last message, and never reach a webhook.
import type { Conversation } from '../state/model.ts';
import type { World } from '../world.ts';
import { type Actor, actorName } from './actor.ts';
import { storeMessage } from './store-message.ts';

const LINES = {
  en: {
    open: '{name} reopened the conversation',
    resolved: 'Conversation was marked resolved by {name}',
    pending: 'Conversation was marked as pending by {name}',
    snoozed: 'Conversation was snoozed by {name}',
    bot_failure: 'Conversation was marked open by system due to an error with the agent bot',
    assigned: 'Assigned to {about} by {name}',
    unassigned: 'Conversation unassigned by {name}',
    team: 'Assigned to team {about} by {name}',
    labels_added: '{name} added {about}',
    labels_removed: '{name} removed {about}',
  },
  pt_BR: {
    open: '{name} reabriu a conversa',
    resolved: 'Conversa resolvida por {name}',
    pending: 'Conversa marcada como pendente por {name}',
    snoozed: 'Conversa adiada por {name}',
    bot_failure: 'Conversa aberta pelo sistema por causa de um erro no robô',
    assigned: 'Atribuída a {about} por {name}',
    unassigned: 'Conversa sem responsável, por {name}',
    team: 'Atribuída ao time {about} por {name}',
    labels_added: '{name} adicionou {about}',
    labels_removed: '{name} removeu {about}',
  },
} as const;

export type ActivityKind = keyof (typeof LINES)['en'];

export function addActivity(
  world: World,
  conversation: Conversation,
  kind: ActivityKind,
  actor: Actor,
  about = '',
): void {
  const locale = world.state.accounts.get(conversation.accountId)?.locale;
  const lines = locale === 'pt_BR' ? LINES.pt_BR : LINES.en;
  const content = lines[kind].replace('{name}', actorName(actor)).replace('{about}', about);
  storeMessage(world, conversation, { messageType: 'activity', content });
  world.bus.emit('change');
}
