// The customer said nothing more after our answer: where the tenant says so, the conversation ends by itself, with one last
// word or with none. Never while people have it or are waited for.
import { languageOf } from '../language.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import { withReply } from './context.ts';
import { completeReply } from './former-reply.ts';
import { lookNow } from './look-now.ts';
import { stateOf } from './pass.ts';
import type { HubDeps, Pass } from './pass.ts';
import { isSaid, sayUnasked } from './say-unasked.ts';
import { gateFor, phaseOf } from './takeover.ts';
import { noteEnd } from './turn-outcome.ts';

export async function customerQuiet(deps: HubDeps, pass: Pass): Promise<void> {
  const { inactivity_minutes: minutes, inactivity_message: message } = pass.tenant.config.closing;
  const state = await stateOf(deps, pass.conversation);
  const last = state.window.at(-1);
  if (minutes === undefined || last?.from !== 'assistant' || phaseOf(state) !== 'assistant') return;
  const dueMs = last.atMs + minutes * 60_000;
  if (dueMs > deps.clock.now()) {
    return deps.reminders.set({ conversation: pass.conversation, kind: 'inactive', atMs: dueMs });
  }
  const live = await lookNow(deps, pass);
  if (live === 'people' || !gateFor(pass.tenant, state, live, 'reopening').speak) return;
  const turnId = `quiet-${pass.conversation.conversationId}-${last.messageId}-${last.atMs}`;
  if (await isSaid(deps, pass, turnId)) return;
  if (message && live.canReply) await sayAndEnd(deps, pass, state, { live, message, turnId });
  else await pass.conversations.resolve(pass.conversation.conversationId, pass.signal);
  await noteEnd(deps, { conversation: pass.conversation, outcome: 'closed_inactive', turnId });
}

async function sayAndEnd(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  { live, message, turnId }: { live: Parameters<typeof sayUnasked>[2]; message: string; turnId: string },
): Promise<void> {
  const language = languageOf('', pass.tenant.config.language);
  const unasked = { text: message, language, turnId, handoff: null, purpose: 'closing' as const, resolves: true };
  const intent = await sayUnasked(deps, pass, live, unasked);
  if (!intent) return;
  const said = withReply(state, message, intent.atMs, intent.parts[0]?.messageId ?? 0);
  await deps.states.set(pass.conversation, { ...said, updatedAtMs: intent.atMs });
  await completeReply(deps, pass, intent, false);
}
