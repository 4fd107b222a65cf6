// Silence on purpose, always with a name: the customer's words are remembered and nothing waits for an answer any more.
import type { ConversationState, TurnDecision } from '../ports.ts';
import { withCustomer } from './context.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';
import { gateFor } from './takeover.ts';
import type { SilenceReason } from './takeover.ts';

const windowClosedNote = '⏳ O cliente escreveu, mas a janela de resposta deste canal está fechada. Nada foi enviado.';

export async function stayQuiet(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  burst: Burst,
  reason: SilenceReason,
): Promise<TurnDecision> {
  if (reason === 'window_closed')
    await pass.conversations.addNote(pass.conversation.conversationId, windowClosedNote, pass.signal);
  const nowMs = deps.clock.now();
  await deps.states.set(pass.conversation, { ...withCustomer(state, burst.messages), failures: 0, updatedAtMs: nowMs });
  await deps.ledger.markAnswered(pass.conversation, burst.last.messageId);
  await deps.mailbox.remove(pass.conversation, burst.keys);
  deps.metrics.count('turns', { outcome: `silent_${reason}` });
  deps.logger.info({ ...pass.conversation, outcome: `silent_${reason}`, ms: nowMs - pass.startedMs }, 'turn.finished');
  return { kind: 'done' };
}

/** In test and observe inboxes people answer, so they must see the conversation. */
export async function openForPeople(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  burst: Burst,
  reason: SilenceReason,
): Promise<TurnDecision> {
  const live = await pass.conversations.readLive(pass.conversation.conversationId, pass.signal);
  if (live !== 'people' && live.status === 'pending')
    await pass.conversations.open(pass.conversation.conversationId, pass.signal);
  return stayQuiet(deps, pass, state, burst, reason);
}

/** What the deliveries told is enough to go on; to stay silent it is not, since it may be old. */
export async function reasonToStayQuiet(
  pass: Pass,
  state: ConversationState,
  burst: Burst,
): Promise<SilenceReason | null> {
  if (gateFor(pass.tenant, state, burst.last.conversation).speak) return null;
  const live = await pass.conversations.readLive(pass.conversation.conversationId, pass.signal);
  if (live === 'people') return 'person_owns';
  const now = gateFor(pass.tenant, state, live);
  return now.speak ? null : now.reason;
}
