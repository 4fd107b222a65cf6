// From an answer to what the customer sees: nothing newer in the mailbox, ownership read live once, the intent, the parts,
// and afterwards memory and report, whose failure never repeats the turn.
import type { ConversationState } from '../ports/conversation-states.ts';
import type { LiveConversation } from '../ports/conversations.ts';
import type { StoredMail } from '../ports/mailbox.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import type { TurnDecision } from '../ports/turn-queue.ts';
import type { Turn } from '../turn.ts';
import type { TurnResult } from './answer-turn.ts';
import { withCustomer, withReply } from './context.ts';
import { addNote } from './finish-handoff.ts';
import { handoffNote } from './handoff-note.ts';
import type { NoteScene } from './handoff-note.ts';
import { withUnanswered } from './hand-back.ts';
import { afterwards, completeReply } from './former-reply.ts';
import { lookNow } from './look-now.ts';
import { ownershipAfter } from './ownership-mail.ts';
import { sendDeps } from './pass.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';
import { reportTurn } from './report-turn.ts';
import { sendIntent } from './send-reply.ts';
import { reopen } from './reopen-window.ts';
import { phaseOf } from './takeover.ts';
import type { TurnOutcome } from './turn-outcome.ts';
import { forgetMail, openForPeople, silenceBy, stayQuiet } from './stay-quiet.ts';

export interface Delivery {
  state: ConversationState;
  burst: Burst;
  turn: Turn;
  result: TurnResult;
  /** Absent = an answer. */
  purpose?: NonNullable<ReplyIntent['purpose']>;
}

/** How soon to look again at a conversation whose former reply must be settled first. */
const standingDelayMs = 300;

export async function deliverAnswer(deps: HubDeps, pass: Pass, delivery: Delivery): Promise<TurnDecision> {
  const { state, burst } = delivery;
  if (await isOutdated(deps, pass, delivery)) return { kind: 'again', delayMs: 0, attempt: 0 };
  const live = await lookNow(deps, pass);
  const silence = silenceBy(pass, state, burst, live, delivery.purpose);
  if (silence?.reason === 'window_closed' && (await reopen(deps, pass, delivery, live))) return { kind: 'done' };
  if (silence) return stayQuiet(deps, pass, state, burst, silence);
  const given = await intentFor(deps, pass, delivery, live);
  const outcome = await sendIntent(sendDeps(deps), pass, given, () => isStillOurs(deps, pass, delivery));
  if (outcome.kind === 'standing') return { kind: 'again', delayMs: standingDelayMs, attempt: pass.job.attempt };
  // Stopped in between: a person has it, and what was to follow the reply is theirs to decide.
  const isWhole = outcome.sent === given.parts.length;
  const intent = isWhole ? outcome.intent : { ...outcome.intent, handoff: null, resolves: false };
  await remember(deps, pass, delivery, intent, outcome.sent);
  await completeReply(deps, pass, intent, false);
  await report(deps, pass, delivery, outcomeOf(intent));
  return { kind: 'done' };
}

/** In an observed inbox the draft goes to people as a private note. */
export async function observeAnswer(deps: HubDeps, pass: Pass, delivery: Delivery): Promise<TurnDecision> {
  const { state, burst, result } = delivery;
  if (await isOutdated(deps, pass, delivery)) return { kind: 'again', delayMs: 0, attempt: 0 };
  const opened = await openForPeople(deps, pass, state);
  const note = `👁️ Rascunho do assistente (caixa em observação, nada foi enviado ao cliente):\n${result.parts.join('\n\n')}`;
  await addNote(deps.logger, pass, note);
  await forgetMail(deps, pass, opened, burst);
  await report(deps, pass, delivery, 'observed');
  return { kind: 'done' };
}

async function intentFor(
  deps: HubDeps,
  pass: Pass,
  { state, burst, turn, result, purpose = 'answer' }: Delivery,
  live: LiveConversation | 'people',
): Promise<ReplyIntent> {
  const { answer, route } = result;
  const lastSeen = live === 'people' ? 0 : live.lastMessageId;
  // A burst that came late is older than what was answered already; its reply still needs a place after that one.
  const answeredUpTo = await deps.ledger.answeredUpTo(pass.conversation);
  return {
    version: 1,
    conversation: pass.conversation,
    turnId: turn.id,
    lastMessageId: Math.max(burst.last.messageId, answeredUpTo + 1),
    afterMessageId: Math.max(burst.last.messageId, lastSeen),
    parts: partsOf(result),
    handoff: answer.handoff
      ? {
          reason: answer.handoff.reason,
          note: handoffNote(answer.handoff, answer.sources, sceneOf(deps, pass, state, burst)),
        }
      : null,
    state: 'intended',
    purpose,
    ...(purpose === 'answer' && result.isGoodbye && pass.tenant.config.closing.resolve_after_farewell
      ? { resolves: true }
      : {}),
    atMs: deps.clock.now(),
    memo: {
      keys: burst.keys,
      language: turn.language,
      service: route.service,
      offersPerson: answer.offersPerson,
      ...(result.closed ? { closed: result.closed } : {}),
    },
  };
}

/** Buttons stand under the last part. */
function partsOf({ parts, choices = [] }: TurnResult): ReplyIntent['parts'] {
  return parts.map((text, index) => {
    const isLast = index === parts.length - 1;
    return { text, messageId: null, ...(isLast && choices.length > 0 ? { choices } : {}) };
  });
}

async function remember(
  deps: HubDeps,
  pass: Pass,
  delivery: Delivery,
  intent: ReplyIntent,
  sent: number,
): Promise<void> {
  const { state, burst, turn, result } = delivery;
  const nowMs = deps.clock.now();
  const out = intent.parts.slice(0, sent);
  const text = out.map((part) => part.text).join('\n\n');
  const said = withReply(withCustomer(state, burst.messages, turn.language), text, nowMs, out.at(-1)?.messageId ?? 0);
  try {
    await deps.states.set(pass.conversation, {
      ...(intent.purpose === 'waiting' ? withUnanswered(said, burst) : { ...said, owner: 'assistant', request: null }),
      ...afterwards(intent, { ...state, owner: intent.purpose === 'waiting' ? state.owner : 'assistant' }),
      personOffered: result.answer.offersPerson,
      lastService: result.route.service,
      failures: 0,
      ...(state.windowNoted || state.isReopening ? { windowNoted: false, isReopening: false } : {}),
      updatedAtMs: nowMs,
    });
  } catch (error) {
    deps.logger.error({ ...pass.conversation, turn_id: turn.id, err: error }, 'turn.not_remembered');
  }
}

async function report(
  deps: HubDeps,
  pass: Pass,
  { turn, result, burst }: Delivery,
  outcome: TurnOutcome,
): Promise<void> {
  try {
    await reportTurn(deps, { turn, result, outcome, startedMs: pass.startedMs, arrivedMs: burst.last.sentAtMs });
  } catch (error) {
    deps.logger.error({ ...pass.conversation, turn_id: turn.id, err: error }, 'turn.not_reported');
  }
}

/**
 * A draft that does not know the newest message is thrown away; all of them are answered together. News that leaves the
 * conversation whose it was (our own unassigning comes back as such) spoils no draft. Mail that is gone was answered by
 * somebody else, while we did not notice that our lock was lost.
 */
async function isOutdated(deps: HubDeps, pass: Pass, { state, burst }: Delivery): Promise<boolean> {
  const { mail } = await deps.mailbox.read(pass.conversation);
  const keys = new Set(mail.map(({ key }) => key));
  if (burst.keys.some((key) => !keys.has(key)) || isEdited(burst, mail)) return true;
  const fresh = mail.filter(({ key }) => !burst.keys.includes(key));
  if (fresh.length === 0) return false;
  if (fresh.some(({ entry }) => entry.kind !== 'ownership')) return true;
  const now = ownershipAfter(state, fresh, await deps.ledger.current(pass.conversation));
  return phaseOf(now) !== phaseOf(state);
}

/** The customer changed their words while we thought about the old ones. */
function isEdited({ keys, messages }: Burst, mail: readonly StoredMail[]): boolean {
  const said = new Map(keys.map((key, index) => [key, messages[index]?.text]));
  return mail.some(({ key, entry }) => {
    return entry.kind === 'customer_message' && said.has(key) && said.get(key) !== entry.text;
  });
}

/** Between two parts: a person's reply changes nothing in Chatwoot, so the mailbox is asked as well. */
async function isStillOurs(deps: HubDeps, pass: Pass, { state, burst }: Delivery): Promise<boolean> {
  const { mail } = await deps.mailbox.read(pass.conversation);
  const now = ownershipAfter(state, mail, await deps.ledger.current(pass.conversation));
  return silenceBy(pass, now, burst, await lookNow(deps, pass)) === null;
}

/** What people are told of the conversation: all that was said, the words that are answered now included. */
export function sceneOf(deps: HubDeps, pass: Pass, state: ConversationState, burst: Burst | null): NoteScene {
  const { window } = withCustomer(state, burst?.messages ?? []);
  return { tenant: pass.tenant, atMs: deps.clock.now(), window };
}

function outcomeOf({ purpose, handoff }: ReplyIntent): 'replied' | 'handed_over' | 'reassured' {
  if (purpose === 'waiting') return 'reassured';
  return handoff ? 'handed_over' : 'replied';
}
