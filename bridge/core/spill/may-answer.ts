// May a turn that cannot read our own memory answer here? What the other side shows must leave no doubt that it is the
// assistant's turn; whatever is not certain waits for the shared stores, which know.
import type { InboxMode, Tenant } from '../tenant.ts';
import { surfaceOf } from '../hub/takeover.ts';
import type { Exchange } from '../ports/conversation-states.ts';
import type { LiveConversation } from '../ports/conversations.ts';

export type Verdict =
  /** Everything the customer wrote after this message waits for an answer; 0 = from the beginning. */
  { kind: 'ours'; afterMessageId: number } | { kind: 'unsure'; reason: string };

/** `page` = the newest messages, oldest first, notes included. */
export function mayAnswer(
  tenant: Tenant,
  live: LiveConversation | 'people' | 'unreadable',
  page: readonly Exchange[] | null,
): Verdict {
  if (live === 'people' || live === 'unreadable' || page === null) return unsure('not_readable');
  if (!live.canReply) return unsure('window_closed');
  if (live.assignee?.kind === 'other_bot') return unsure('other_bot');
  const lastReply = page.findLast(({ from }) => from === 'assistant' || from === 'person');
  if (surfaceOf(tenant) === 'agent_bot') {
    if (live.status !== 'pending') return unsure('not_pending');
    // They took it over, or they ended it and the customer came back: our memory could tell, this page cannot.
    if (lastReply?.from === 'person') return unsure('person_wrote');
  } else {
    if (live.status !== 'open' || live.assignee !== null || live.teamId !== null) return unsure('not_ours');
    // Open and nobody's is also how a conversation looks that we handed over; the note of it, or a person's words, say so.
    if (page.some(({ from }) => from === 'person' || from === 'note')) return unsure('people_around');
  }
  return { kind: 'ours', afterMessageId: lastReply?.messageId ?? 0 };
}

/** In the other modes nobody waits for words from us, or only our memory knows whether we may speak. */
export function isAnsweredMeanwhile(mode: InboxMode | null): boolean {
  return mode === 'live';
}

function unsure(reason: string): Verdict {
  return { kind: 'unsure', reason };
}
