// A reply of an outage is written into the shared ledger as if it had been given there: then everything that asks the
// ledger (an echo that comes late, a message that comes twice, a turn that finds it unfinished) gets the right answer.
import type { ReplyIntent, ReplyLedger } from '../ports/reply-ledger.ts';

/**
 * True when the shared ledger knows of it. False when an older reply stands there half way: it must be settled first.
 * `settled` = keys of what was answered meanwhile.
 */
export async function handInReply(
  ledger: ReplyLedger,
  reply: ReplyIntent,
  settled: ReadonlySet<string>,
): Promise<boolean> {
  const isFinished = reply.state !== 'intended';
  // What followed the parts of a finished reply has been done as well.
  const given: ReplyIntent = isFinished ? { ...reply, handoff: null, state: 'intended' } : reply;
  const begun = await ledger.begin(given);
  if (!begun.begun && begun.standing.turnId !== reply.turnId) {
    const { standing } = begun;
    if (standing.state === 'intended') {
      if (!isSuperseded(standing, settled)) return false;
      await ledger.finish(reply.conversation, standing.turnId, 'undecided');
    } else if (isFinished) {
      // A newer reply than ours stands there, and it knows more.
      return true;
    }
    // Whether it is out must still be found out, and for that it needs a place after the one that stands there.
    await ledger.begin({ ...given, lastMessageId: Math.max(given.lastMessageId, standing.lastMessageId + 1) });
  }
  if (isFinished) await ledger.finish(reply.conversation, reply.turnId, reply.state === 'done' ? 'done' : 'undecided');
  return true;
}

/** Begun before the outage, never seen on the other side, and what it was to answer has been answered since. */
function isSuperseded({ parts, memo }: ReplyIntent, settled: ReadonlySet<string>): boolean {
  const isOut = parts.some(({ messageId }) => messageId !== null);
  return !isOut && memo !== undefined && memo.keys.every((key) => settled.has(key));
}
