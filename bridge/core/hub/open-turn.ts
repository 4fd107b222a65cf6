// Builds the Turn for a burst of a real conversation.
import { languageOf } from '../language.ts';
import type { CustomerMessage } from '../message.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { InboxMode } from '../tenant.ts';
import { freshUsage } from '../turn.ts';
import type { Turn } from '../turn.ts';
import { markedQuestionOf, questionOf, unreadKindsOf } from './context.ts';
import { withoutTestWord } from './inbox-mode.ts';
import type { HubDeps, Pass } from './pass.ts';

export function openTurn(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  messages: CustomerMessage[],
  mode: InboxMode,
): Turn {
  const { tenant, conversation, clients, signal } = pass;
  const question = mode === 'test' ? withoutTestWord(questionOf(messages)) : questionOf(messages);
  const last = messages.at(-1);
  // What was silent once and is answered now stands in the window already.
  const asked = new Set(messages.map(({ messageId }) => messageId));
  const window = state.window.filter(({ from, messageId }) => from !== 'customer' || !asked.has(messageId));
  const before = window.findLast(({ from }) => from === 'customer')?.text ?? '';
  const language = languageOf(`${before} ${question}`, tenant.config.language);
  const unread = unreadKindsOf(messages);
  const id = deps.newId();
  return {
    id,
    tenant,
    conversation,
    channel: last?.channel ?? 'default',
    isRaw: last?.isRaw ?? false,
    contact: last?.contact ?? null,
    question,
    asWritten: markedQuestionOf(messages, language),
    unreadFiles: unread.length,
    unreadKinds: unread,
    language,
    window,
    isFirstReply: !window.some((exchange) => exchange.from === 'assistant'),
    personOffered: state.personOffered,
    ...(state.closed ? { closed: state.closed } : {}),
    lastService: state.lastService,
    atMs: deps.clock.now(),
    dryRun: mode === 'observe',
    signal,
    logger: deps.logger.child({
      account_id: tenant.accountId,
      conversation_id: conversation.conversationId,
      turn_id: id,
    }),
    clock: deps.clock,
    knowledge: deps.knowledge,
    business: clients.business,
    model: clients.model,
    usage: freshUsage(),
    toolRuns: [],
  };
}
