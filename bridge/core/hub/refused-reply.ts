// The channel refused, minutes later, what Chatwoot had stored: the customer never saw it and nobody would notice. A refused
// file is said again in the same words, once; everything else becomes people's, with what was not delivered and why.
import type { ConversationState } from '../ports/conversation-states.ts';
import type { LiveConversation } from '../ports/conversations.ts';
import type { TurnDecision } from '../ports/turn-queue.ts';
import type { RefusalKind, RefusedReply } from '../message.ts';
import { codeOf } from '../errors.ts';
import { addNoteOnce } from './finish-handoff.ts';
import { lookNow, openIfPending } from './look-now.ts';
import { sendDeps, stateOf } from './pass.ts';
import type { HubDeps, Pass } from './pass.ts';
import { sendIntent } from './send-reply.ts';
import { gateFor } from './takeover.ts';

export const refusedLabel = 'entrega-falhou';
const triageMs = 3_000;
const standingDelayMs = 300;
/** Ends the turn id of words that were said again without their file. */
const againMark = '-text-';

/** Null = nothing stands in the way of a new turn. Doing it twice after a crash is harmless. */
export async function applyRefusedReplies(deps: HubDeps, pass: Pass): Promise<TurnDecision | null> {
  const { mail } = await deps.mailbox.read(pass.conversation);
  for (const { key, entry } of mail) {
    if (entry.kind !== 'refused_reply') continue;
    const live = await lookNow(deps, pass);
    const state = await stateOf(deps, pass.conversation);
    const isSaidAgain = maySayAgain(pass, state, entry, live) && (await sayAgain(deps, pass, key, entry));
    if (isSaidAgain === 'standing') return { kind: 'again', delayMs: standingDelayMs, attempt: pass.job.attempt };
    if (!isSaidAgain) await tellPeople(deps, pass, state, entry, live);
    deps.logger.info(
      { ...pass.conversation, turn_id: entry.turnId, ...entry.refusal, said_again: isSaidAgain },
      'reply.refusal_handled',
    );
    await deps.mailbox.remove(pass.conversation, [key]);
  }
  return null;
}

function maySayAgain(
  { tenant }: Pass,
  state: ConversationState,
  { refusal, text, hasFiles, turnId }: RefusedReply,
  live: LiveConversation | 'people',
): boolean {
  const isWorthIt = refusal.kind === 'media_refused' && hasFiles && text.trim() !== '' && !turnId.includes(againMark);
  return isWorthIt && live !== 'people' && gateFor(tenant, state, live).speak;
}

/** As a reply of its own in the ledger, so that it goes out once like any other. */
async function sayAgain(
  deps: HubDeps,
  pass: Pass,
  key: string,
  { turnId, part, text, messageId }: RefusedReply,
): Promise<true | 'standing'> {
  const { conversation } = pass;
  const again = `${turnId}${againMark}${part}`;
  // A process that died here had begun it, and what was left of it is settled by now.
  if ((await deps.ledger.current(conversation))?.turnId === again) return true;
  const outcome = await sendIntent(
    sendDeps(deps),
    pass,
    {
      version: 1,
      conversation,
      turnId: again,
      lastMessageId: (await deps.ledger.answeredUpTo(conversation)) + 1,
      afterMessageId: messageId,
      parts: [{ text, messageId: null }],
      handoff: null,
      state: 'intended',
      atMs: deps.clock.now(),
      memo: { keys: [key], language: pass.tenant.config.language.slice(0, 2), service: 'info', offersPerson: false },
    },
    async () => true,
  );
  if (outcome.kind === 'standing') return 'standing';
  await deps.ledger.finish(conversation, again, 'done');
  return true;
}

async function tellPeople(
  deps: HubDeps,
  pass: Pass,
  state: ConversationState,
  refused: RefusedReply,
  live: LiveConversation | 'people',
): Promise<void> {
  const { turnId, part, messageId } = refused;
  await mark(deps, pass);
  if ((await openIfPending(pass, live)) && state.owner !== 'person') {
    const updatedAtMs = deps.clock.now();
    const owner = 'requested' as const;
    await deps.states.set(pass.conversation, {
      ...state,
      owner,
      lastStatus: 'open',
      personOffered: false,
      updatedAtMs,
    });
  }
  // Last: a bot alone sees the newest message only, and must find the note there when it comes again after a crash.
  const note = { turnId: `${turnId}-refused-${part}`, text: noteFor(refused), afterMessageId: messageId };
  await addNoteOnce(deps.logger, pass, note, true);
}

/** People find it in their lists; without labels they still have the note. */
async function mark({ logger }: HubDeps, { clients, conversation, signal }: Pass): Promise<void> {
  const { triage } = clients;
  if (!triage) return;
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(triageMs)]);
  const steps = [
    () => triage.addLabels(conversation.conversationId, [refusedLabel], bounded),
    () => triage.setPriority(conversation.conversationId, 'high', bounded),
  ];
  for (const step of steps) {
    try {
      await step();
    } catch (error) {
      if (signal.aborted) throw error;
      logger.warn({ ...conversation, code: codeOf(error), err: error }, 'reply.refusal_not_marked');
    }
  }
}

const whyTexts: Record<RefusalKind, string> = {
  window_closed: 'a janela de resposta do canal já estava fechada',
  unreachable: 'o canal não consegue entregar mensagens a este contato',
  media_refused: 'o canal recusou o arquivo',
  rate_limited: 'foram mensagens demais em pouco tempo para o canal',
  access_lost:
    'o canal recusou o acesso da empresa (token, pagamento ou número); nada será entregue até alguém corrigir',
  content_refused: 'o canal recusou o conteúdo ou o formato',
  gateway_failed: 'o gateway do canal não confirmou o envio, e talvez o cliente tenha recebido',
  unknown: 'o canal recusou o envio',
};

/** `[kind code]` stays fixed so that reports can count it. */
function noteFor({ refusal, text }: RefusedReply): string {
  const what = text.trim() === '' ? '(somente um arquivo)' : text;
  return `⚠️ O cliente não recebeu esta resposta: ${whyTexts[refusal.kind]} [${refusal.kind} ${refusal.code}]\n${what}`;
}
