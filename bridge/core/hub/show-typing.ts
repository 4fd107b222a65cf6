// "Is typing" while an answer is thought of, where somebody sees it: one call, made only when the answer takes its time,
// that nothing waits for and nothing depends on. A message ends it by itself; when none comes it is taken back.
import { profileFor } from '../crew/channels/channel-profile.ts';
import type { TurnDecision } from '../ports/turn-queue.ts';
import type { Burst, Pass } from './pass.ts';

/** An answer that is faster needs no sign that one is coming. */
const showAfterMs = 700;

export async function whileTyping(
  pass: Pass,
  burst: Burst,
  isSilent: boolean,
  work: () => Promise<TurnDecision>,
): Promise<TurnDecision> {
  if (isSilent || !isTypingSeen(burst)) return work();
  const show = (isTyping: boolean) => {
    void pass.conversations.setTyping(pass.conversation.conversationId, isTyping, pass.signal).catch(() => undefined);
  };
  const shown = new Set<'typing'>();
  const timer = setTimeout(() => {
    shown.add('typing');
    show(true);
  }, showAfterMs);
  let decision: TurnDecision | null = null;
  try {
    decision = await work();
    return decision;
  } finally {
    clearTimeout(timer);
    if (shown.size > 0 && decision?.kind !== 'done') show(false);
  }
}

/** Chatwoot's own widget shows it by itself as long as a conversation is pending. */
export function isTypingSeen({ last }: Pick<Burst, 'last'>): boolean {
  if (!profileFor(last.channel, last.isRaw).showsTyping) return false;
  return last.isRaw === true || last.conversation.status !== 'pending';
}
