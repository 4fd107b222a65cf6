// A conversation and its messages as REST shows them, in our words.
import type { Exchange } from '../../core/ports/conversation-states.ts';
import type { LiveConversation } from '../../core/ports/conversations.ts';
import { assigneeKind } from './conversation-facts.ts';
import type { OurSide } from './conversation-facts.ts';
import { isByPerson, outgoing } from './rest-shapes.ts';
import type { RestConversation, RestMessage } from './rest-shapes.ts';
import { whyClosed } from './why-closed.ts';

/** `speaksAsBot`: without a bot's token our own words are a person's, and only Chatwoot from 4.9 on keeps the tag. */
export function toLive(conversation: RestConversation, ours: OurSide, speaksAsBot: boolean): LiveConversation {
  const { assignee, assignee_type: type, team, channel } = conversation.meta ?? {};
  const last = conversation.messages?.[0];
  const canReply = conversation.can_reply ?? true;
  return {
    status: conversation.status,
    assignee: assignee ? { kind: assigneeKind(type ?? null, assignee.id, ours), id: assignee.id } : null,
    teamId: team?.id ?? null,
    canReply,
    ...(canReply ? {} : { closedWindow: whyClosed(channel ?? null) }),
    lastMessageId: last?.id ?? 0,
    personMessageId: last && speaksAsBot && isByPerson(last) ? last.id : 0,
    ownTurnId: ownTurnOf(last),
  };
}

function ownTurnOf(last: RestMessage | undefined): string | null {
  const turnId = last?.private ? undefined : last?.content_attributes?.['ui_turn'];
  return typeof turnId === 'string' ? turnId : null;
}

export function toExchange(message: RestMessage): Exchange {
  return {
    from: speakerOf(message),
    text: message.content ?? '',
    atMs: (message.created_at ?? 0) * 1000,
    messageId: message.id,
  };
}

function speakerOf({ private: isNote, message_type: type, sender }: RestMessage): Exchange['from'] {
  if (isNote) return 'note';
  if (type !== outgoing) return 'customer';
  return sender?.type === 'user' ? 'person' : 'assistant';
}
