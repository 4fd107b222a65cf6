// A reply that a crash or a lost answer left half way is brought to its end before anything new is said.
import type { HandoffReason } from '../answer.ts';
import { handoffText } from '../crew/handoff-text.ts';
import { languageOf, languages } from '../language.ts';
import type { Language } from '../language.ts';
import type { ConversationState } from '../ports/conversation-states.ts';
import type { StoredMail } from '../ports/mailbox.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import type { TurnDecision } from '../ports/turn-queue.ts';
import { questionOf, withCustomer, withReply } from './context.ts';
import { addNoteOnce, finishHandoff, waitForPerson } from './finish-handoff.ts';
import { handoffNote } from './handoff-note.ts';
import { lookNow, openIfPending } from './look-now.ts';
import { burstOf, sendDeps, stateOf } from './pass.ts';
import type { HubDeps, Pass } from './pass.ts';
import { settle } from './send-reply.ts';
import { gateFor } from './takeover.ts';
import { noteEnd } from './turn-outcome.ts';

type Purpose = NonNullable<ReplyIntent['purpose']>;

/** Null = nothing stands in the way of a new turn. */
export async function settleFormerReply(deps: HubDeps, pass: Pass): Promise<TurnDecision | null> {
  const standing = await deps.ledger.current(pass.conversation);
  const settled = await settle(sendDeps(deps), pass, () => mayStillSpeak(deps, pass, standing?.purpose ?? 'answer'));
  switch (settled.kind) {
    case 'clear':
      return null;
    case 'wait':
      return { kind: 'again', delayMs: settled.delayMs, attempt: pass.job.attempt };
    case 'sent':
      await rememberRecovered(deps, pass, settled.intent);
      await completeReply(deps, pass, settled.intent, true);
      return null;
    case 'undecided':
      if ((settled.intent.purpose ?? 'answer') === 'answer') await leaveToPerson(deps, pass, settled.intent);
      else await letGo(deps, pass, settled.intent);
      return null;
  }
}

/** The parts are out: what follows them, then the ledger, then the mail. Any other order loses or repeats something. */
export async function completeReply(
  deps: HubDeps,
  pass: Pass,
  intent: ReplyIntent,
  isRepeated: boolean,
): Promise<void> {
  if (intent.handoff) await finishHandoff(deps, pass, intent, isRepeated);
  else await watchCustomer(deps, pass, intent);
  if (intent.resolves && !(await wroteMeanwhile(deps, pass, intent))) {
    await pass.conversations.resolve(pass.conversation.conversationId, pass.signal);
  }
  await deps.ledger.finish(pass.conversation, intent.turnId, 'done');
  await removeAnswered(deps, pass, intent);
}

async function mayStillSpeak(deps: HubDeps, pass: Pass, purpose: Purpose): Promise<boolean> {
  const live = await lookNow(deps, pass);
  return live !== 'people' && gateFor(pass.tenant, await stateOf(deps, pass.conversation), live, purpose).speak;
}

/** A goodbye is not the end when the customer goes on. */
async function wroteMeanwhile(deps: HubDeps, pass: Pass, intent: ReplyIntent): Promise<boolean> {
  const { mail } = await deps.mailbox.read(pass.conversation);
  return mail.some((stored) => stored.entry.kind === 'ownership' || !isAnsweredBy(intent, stored));
}

/** Where the tenant wants quiet conversations to end by themselves, the quiet begins with our answer. */
async function watchCustomer({ reminders }: HubDeps, { tenant, conversation }: Pass, intent: ReplyIntent) {
  const { inactivity_minutes: minutes } = tenant.config.closing;
  if (minutes === undefined || (intent.purpose ?? 'answer') !== 'answer' || intent.resolves) return;
  await reminders.set({ conversation, kind: 'inactive', atMs: intent.atMs + minutes * 60_000 });
}

/** What was said unasked and cannot be settled is not worth a second try; what people must know of it they still get. */
async function letGo(deps: HubDeps, pass: Pass, intent: ReplyIntent): Promise<void> {
  const state = await stateOf(deps, pass.conversation);
  await deps.states.set(pass.conversation, { ...state, ...afterwards(intent, state) });
  if (intent.handoff) await finishHandoff(deps, pass, intent, true);
  await deps.ledger.finish(pass.conversation, intent.turnId, 'undecided');
  await removeAnswered(deps, pass, intent);
  const { turnId } = intent;
  await noteEnd(deps, { conversation: pass.conversation, outcome: 'let_go', turnId, level: 'warn' });
}

/** The turn that knew the details died; what was said is in the ledger and what was asked still in the mailbox. */
async function rememberRecovered(deps: HubDeps, pass: Pass, intent: ReplyIntent): Promise<void> {
  const asked = burstOf(await answeredMail(deps, pass, intent))?.messages ?? [];
  const state = withCustomer(await stateOf(deps, pass.conversation), asked);
  const text = intent.parts.map((part) => part.text).join('\n\n');
  const messageId = intent.parts.findLast((part) => part.messageId !== null)?.messageId ?? 0;
  await deps.states.set(pass.conversation, {
    ...withReply(state, text, intent.atMs, messageId),
    ...afterwards(intent, state),
    personOffered: intent.memo?.offersPerson ?? false,
    lastService: intent.memo?.service ?? state.lastService,
    failures: 0,
    updatedAtMs: deps.clock.now(),
  });
  const { turnId, parts } = intent;
  const fields = { parts: parts.length };
  await noteEnd(deps, { conversation: pass.conversation, outcome: 'recovered', turnId, fields });
}

/** A handoff opens the conversation; a person who took it meanwhile keeps it. */
export function afterwards(
  intent: Pick<ReplyIntent, 'handoff' | 'purpose' | 'memo' | 'atMs' | 'lastMessageId'>,
  { owner, request }: Pick<ConversationState, 'owner' | 'request'>,
): Partial<ConversationState> {
  const { handoff, atMs, memo } = intent;
  if (intent.purpose === 'waiting') {
    return request ? { request: { ...request, saidMs: atMs, toldMs: handoff ? atMs : request.toldMs } } : {};
  }
  const closed = memo?.closed ? { closed: memo.closed } : {};
  if (!handoff || owner === 'person') return closed;
  const asked = { reason: handoff.reason, messageId: intent.lastMessageId, language: memo?.language ?? 'pt' };
  return {
    ...closed,
    owner: 'requested',
    lastStatus: 'open',
    request: { ...asked, atMs, saidMs: atMs, toldMs: 0 },
  };
}

/**
 * Never out twice: the fixed text is no second answer, and the draft is for people's eyes only. The ledger comes after
 * all of it, so that a crash in between repeats a sentence rather than leave a customer to nobody.
 */
async function leaveToPerson(deps: HubDeps, pass: Pass, intent: ReplyIntent): Promise<void> {
  const reason: HandoffReason = 'send_undecided';
  const draft = intent.parts.map((part) => part.text).join('\n\n');
  const handoff = { reason, note: `Rascunho que talvez não tenha chegado ao cliente:\n${draft}` };
  const live = await lookNow(deps, pass);
  const state = await stateOf(deps, pass.conversation);
  const mail = await answeredMail(deps, pass, intent);
  const { window } = withCustomer(state, burstOf(mail)?.messages ?? []);
  const own = handoffNote(handoff, [], { tenant: pass.tenant, atMs: intent.atMs, window });
  const note = [own, intent.handoff?.note ?? ''].join('\n').trim();
  const isOurs = live !== 'people' && gateFor(pass.tenant, state, live).speak;
  if (isOurs) await sayFixedText(deps, pass, intent, mail);
  const turnId = `${intent.turnId}-person`;
  await addNoteOnce(deps.logger, pass, { turnId, text: note, afterMessageId: intent.afterMessageId }, true);
  if (isOurs) await waitForPerson(deps, pass, deps.clock.now());
  const isOpened = await openIfPending(pass, live);
  const asked = burstOf(mail)?.messages ?? [];
  await deps.states.set(pass.conversation, {
    ...withCustomer(state, asked),
    ...(isOurs || isOpened ? afterwards({ ...intent, handoff, atMs: deps.clock.now() }, state) : {}),
    personOffered: false,
    failures: 0,
    updatedAtMs: deps.clock.now(),
  });
  await deps.ledger.finish(pass.conversation, intent.turnId, 'undecided');
  await removeAnswered(deps, pass, intent);
  const { conversation } = pass;
  await noteEnd(deps, { conversation, outcome: 'handed_over', turnId, handoff: reason, level: 'warn' });
}

async function sayFixedText(deps: HubDeps, pass: Pass, intent: ReplyIntent, mail: StoredMail[]): Promise<void> {
  const { conversationId } = pass.conversation;
  const { tenant } = pass;
  const text = handoffText({ tenant, atMs: deps.clock.now(), language: languageFor(pass, intent, mail) });
  const part = { text, turnId: `${intent.turnId}-person`, part: 1 };
  const sought = { turnId: part.turnId, texts: [text], afterMessageId: intent.afterMessageId };
  const found = await pass.conversations.findSent(conversationId, sought, pass.signal);
  if (found === 'unknown' || found.length === 0) await pass.conversations.sendPart(conversationId, part, pass.signal);
}

function languageFor(pass: Pass, intent: ReplyIntent, mail: StoredMail[]): Language {
  const known = languages.find((language) => language === intent.memo?.language);
  return known ?? languageOf(questionOf(burstOf(mail)?.messages ?? []), pass.tenant.config.language);
}

async function removeAnswered(deps: HubDeps, pass: Pass, intent: ReplyIntent): Promise<void> {
  const keys = (await answeredMail(deps, pass, intent)).map(({ key }) => key);
  if (keys.length > 0) await deps.mailbox.remove(pass.conversation, keys);
}

async function answeredMail(deps: HubDeps, pass: Pass, intent: ReplyIntent): Promise<StoredMail[]> {
  const { mail } = await deps.mailbox.read(pass.conversation);
  return mail.filter((stored) => isAnsweredBy(intent, stored));
}

/** Mail that came late, older than the last message and not known to the turn, is not answered by it. */
export function isAnsweredBy({ memo, lastMessageId }: ReplyIntent, { key, entry }: StoredMail): boolean {
  if (entry.kind !== 'customer_message') return false;
  return memo ? memo.keys.includes(key) : entry.messageId <= lastMessageId;
}
