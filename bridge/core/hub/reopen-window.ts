// Sends the tenant's approved message through a closed window, once an episode: the customer's answer opens it again.
import { codeOf } from '../errors.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { LiveConversation } from '../ports/conversations.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import { languageOf } from '../language.ts';
import { questionOf, withCustomer, withReply } from './context.ts';
import { completeReply } from './former-reply.ts';
import { sendDeps } from './pass.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';
import { sendIntent } from './send-reply.ts';
import { noteEnd } from './turn-outcome.ts';
import { reopeningPart } from './window-closed.ts';

/** True = it went out and is the answer of this turn. */
export async function reopen(
  deps: HubDeps,
  pass: Pass,
  { state, burst }: { state: ConversationState; burst: Burst },
  live: LiveConversation | 'people' | null,
): Promise<boolean> {
  const part = state.isReopening ? null : reopeningPart(pass.tenant, burst.last);
  if (!part || live === 'people') return false;
  const intent = await intentFor(deps, pass, burst, live, part);
  try {
    const outcome = await sendIntent(sendDeps(deps), pass, intent, async () => true);
    if (outcome.kind === 'standing') return false;
    await remember(deps, pass, state, burst, outcome.intent);
    await completeReply(deps, pass, outcome.intent, false);
  } catch (error) {
    if (codeOf(error) !== 'upstream_rejected') throw error;
    // Not approved, or unknown there: nothing went out, and people are told instead.
    deps.logger.warn({ ...pass.conversation, err: error }, 'window.template_refused');
    await deps.ledger.finish(pass.conversation, intent.turnId, 'undecided');
    return false;
  }
  await noteEnd(deps, { conversation: pass.conversation, outcome: 'reopened', turnId: intent.turnId });
  return true;
}

async function intentFor(
  deps: HubDeps,
  pass: Pass,
  burst: Burst,
  live: LiveConversation | null,
  part: Omit<ReplyIntent['parts'][number], 'messageId'>,
): Promise<ReplyIntent> {
  const answeredUpTo = await deps.ledger.answeredUpTo(pass.conversation);
  const language = languageOf(questionOf(burst.messages), pass.tenant.config.language);
  return {
    version: 1,
    conversation: pass.conversation,
    turnId: deps.newId(),
    lastMessageId: Math.max(burst.last.messageId, answeredUpTo + 1),
    afterMessageId: Math.max(burst.last.messageId, live?.lastMessageId ?? 0),
    parts: [{ ...part, messageId: null }],
    handoff: null,
    state: 'intended',
    purpose: 'reopening',
    atMs: deps.clock.now(),
    memo: { keys: burst.keys, language, service: 'info', offersPerson: false },
  };
}

async function remember(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  burst: Burst,
  { parts, atMs }: ReplyIntent,
) {
  const text = parts.map((part) => part.text).join('\n\n');
  const said = withReply(withCustomer(state, burst.messages), text, atMs, parts[0]?.messageId ?? 0);
  await deps.states.set(pass.conversation, { ...said, isReopening: true, failures: 0, updatedAtMs: atMs });
}
