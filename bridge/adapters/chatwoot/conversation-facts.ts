// What a webhook or a read tells about a conversation, in our words: status, who holds it, whether we may still write.
import type { ConversationFacts } from '../../core/message.ts';
import type { ConversationPayload } from './payload.ts';

/** Whose installation this is: our bot's id where it is known. */
export interface OurSide {
  chatwootAccountId: number | null;
  botId: number | null;
}

export function factsOf(conversation: ConversationPayload, ours: OurSide): ConversationFacts {
  const assignee = conversation.meta?.assignee;
  const type = conversation.meta?.assignee_type ?? assignee?.type;
  return {
    status: conversation.status,
    assignee: assignee ? { kind: assigneeKind(type ?? null, assignee.id, ours), id: assignee.id } : null,
    teamId: conversation.meta?.team?.id ?? null,
    canReply: conversation.can_reply ?? true,
  };
}

/** An unknown own bot id counts every agent bot as ours: one bot per inbox is Chatwoot's rule. */
export function assigneeKind(type: string | null, id: number, ours: OurSide): 'person' | 'assistant' | 'other_bot' {
  if (type === 'AgentBot' || type === 'agent_bot') {
    return ours.botId === null || ours.botId === id ? 'assistant' : 'other_bot';
  }
  return type === null || type === 'User' || type === 'user' ? 'person' : 'other_bot';
}
