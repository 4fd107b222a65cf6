// A reply that a crash or a lost answer left half way is brought to its end before anything new is said.
import type { HandoffReason } from '../answer.ts';
import { phrases } from '../crew/phrases.ts';
import type { ReplyIntent, TurnDecision } from '../ports.ts';
import { withCustomer, withReply } from './context.ts';
import { finishHandoff, noteFor } from './finish-handoff.ts';
import { burstOf, sendDeps, stateOf } from './pass.ts';
import type { HubDeps, Pass } from './pass.ts';
import { settle } from './send-reply.ts';
import { gateFor } from './takeover.ts';

/** Null = nothing stands in the way of a new turn. */
export async function settleFormerReply(deps: HubDeps, pass: Pass): Promise<TurnDecision | null> {
  const state = await stateOf(deps, pass.conversation);
  const settled = await settle(
    sendDeps(deps),
    pass,
    (live) => live !== 'people' && gateFor(pass.tenant, state, live).speak,
  );
  switch (settled.kind) {
    case 'clear':
      return null;
    case 'wait':
      return { kind: 'again', delayMs: settled.delayMs, attempt: pass.job.attempt };
    case 'sent':
      await rememberRecovered(deps, pass, settled.intent);
      await completeReply(deps, pass, settled.intent);
      return null;
    case 'undecided':
      await leaveToPerson(deps, pass, settled.intent);
      return null;
  }
}

/** The parts are out: what follows them, then the ledger, then the mail. Any other order loses or repeats something. */
export async function completeReply(deps: HubDeps, pass: Pass, intent: ReplyIntent): Promise<void> {
  if (intent.handoff) await finishHandoff(pass.conversations, pass.conversation, intent.handoff.note, pass.signal);
  await deps.ledger.finish(pass.conversation, intent.turnId, 'done');
  await removeUpTo(deps, pass, intent.lastMessageId);
}

/** The turn that knew the details died; what was said is in the ledger and what was asked still in the mailbox. */
async function rememberRecovered(deps: HubDeps, pass: Pass, intent: ReplyIntent): Promise<void> {
  const { mail } = await deps.mailbox.read(pass.conversation);
  const asked = burstOf(mail.filter(({ entry }) => entry.messageId <= intent.lastMessageId))?.messages ?? [];
  const state = withCustomer(await stateOf(deps, pass.conversation), asked);
  const said = withReply(state, intent.parts.map((part) => part.text).join('\n\n'), intent.atMs);
  await deps.states.set(pass.conversation, { ...said, owner: intent.handoff ? 'requested' : said.owner, failures: 0 });
  deps.metrics.count('turns', { outcome: 'recovered' });
  deps.logger.info(
    { ...pass.conversation, turn_id: intent.turnId, outcome: 'recovered', parts: intent.parts.length },
    'turn.finished',
  );
}

/** Never out twice: the fixed text is no second answer, and the draft is for people's eyes only. */
async function leaveToPerson(deps: HubDeps, pass: Pass, intent: ReplyIntent): Promise<void> {
  const reason: HandoffReason = 'send_undecided';
  const draft = intent.parts.map((part) => part.text).join('\n\n');
  const note = noteFor({
    handoff: { reason, note: `Rascunho que talvez não tenha chegado ao cliente:\n${draft}` },
    sources: [],
  });
  await deps.ledger.finish(pass.conversation, intent.turnId, 'undecided');
  const { conversationId } = pass.conversation;
  const live = await pass.conversations.readLive(conversationId, pass.signal);
  const state = await stateOf(deps, pass.conversation);
  if (live !== 'people' && gateFor(pass.tenant, state, live).speak) {
    const part = { text: phrases.pt.handoffOpen, turnId: `${intent.turnId}-person`, part: 1 };
    await pass.conversations.sendPart(conversationId, part, pass.signal);
  }
  await finishHandoff(pass.conversations, pass.conversation, note, pass.signal);
  await removeUpTo(deps, pass, intent.lastMessageId);
  deps.metrics.count('turns', { outcome: 'handed_over' });
  deps.logger.warn({ ...pass.conversation, turn_id: intent.turnId, outcome: 'handed_over', reason }, 'turn.finished');
}

async function removeUpTo(deps: HubDeps, pass: Pass, messageId: number): Promise<void> {
  const { mail } = await deps.mailbox.read(pass.conversation);
  const covered = mail.filter(({ entry }) => entry.kind === 'customer_message' && entry.messageId <= messageId);
  const keys = covered.map(({ key }) => key);
  await deps.mailbox.remove(pass.conversation, keys);
}
