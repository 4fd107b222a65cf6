// A conversation that comes back from people. What they did becomes a dated line in the past tense, because a standing "a
// person has it" would silence the assistant for ever; what was said meanwhile is read once; and what the customer still
// waits for goes back into the mailbox, to be answered like any mail.
import { codeOf } from '../errors.ts';
import type { ConversationState, Exchange } from '../ports/conversation-states.ts';
import type { StoredMail } from '../ports/mailbox.ts';
import { momentText } from '../crew/crew-factory.ts';
import { boundedWindow } from './context.ts';
import type { Burst, HubDeps, Pass } from './pass.ts';

const keptMessages = 10;
/** Older ones nobody expects an answer to any more. */
const answerableMs = 24 * 3_600_000;
const historyMessages = 20;

/**
 * What nobody answers now, kept for when the conversation comes back. A person's words after it are its answer:
 * `personMessageId` is what was seen of them there, 0 when nothing was.
 */
export function withUnanswered(
  state: ConversationState,
  { messages, keys }: Burst,
  personMessageId = 0,
): ConversationState {
  const { unanswered = [], window } = state;
  const answeredUpTo = Math.max(personMessageId, window.findLast(({ from }) => from === 'person')?.messageId ?? 0);
  const known = new Set(unanswered.map(({ entry }) => entry.messageId));
  const fresh = messages.flatMap((entry, index): StoredMail[] => {
    const key = keys[index];
    const isKept = entry.messageId > answeredUpTo && !known.has(entry.messageId);
    return key !== undefined && isKept ? [{ key, entry }] : [];
  });
  return { ...state, unanswered: [...unanswered, ...fresh].slice(-keptMessages) };
}

/** `before` knows whom people had it from; `after` is the assistant's. Returns the state without what went back as mail. */
export async function takeBack(
  deps: HubDeps,
  pass: Pass,
  before: ConversationState,
  after: ConversationState,
): Promise<{ state: ConversationState; broughtBack: number }> {
  const nowMs = deps.clock.now();
  const said = await withHistory(deps, pass, after.window);
  const line = pastLine(pass, before, said);
  const note: Exchange[] = line === null ? [] : [{ from: 'note', text: line, atMs: nowMs, messageId: 0 }];
  const broughtBack = await bringBack(deps, pass, after.unanswered ?? [], nowMs);
  if (before.request) await deps.reminders.clear(pass.conversation, 'handoff_unanswered');
  const window = boundedWindow([...said, ...note]);
  const state: ConversationState = { ...after, owner: 'assistant', request: null, window };
  delete state.unanswered;
  return { state, broughtBack };
}

const mark = '^';

/** Mail that was silent once and is to be answered now, though it is older than what was answered. */
export function isBroughtBack(key: string): boolean {
  return key.includes(mark);
}

/** Its first key was seen before; this one is the same when a crash makes it be done again. */
async function bringBack(deps: HubDeps, pass: Pass, unanswered: StoredMail[], nowMs: number): Promise<number> {
  const { conversation } = pass;
  const { mail } = await deps.mailbox.read(conversation);
  const standing = new Set(mail.map(({ entry }) => entry.messageId));
  let count = 0;
  for (const { key, entry } of unanswered) {
    const isCustomers = entry.kind === 'customer_message' && nowMs - entry.sentAtMs < answerableMs;
    if (!isCustomers || standing.has(entry.messageId)) continue;
    const times = key.split(mark).length;
    const again = `${key.split(mark)[0] ?? key}${mark.repeat(times)}`;
    await deps.mailbox.store({ conversation, key: again, entry, quiet: { quietMs: 0, maxMs: 0 }, nowMs });
    count += 1;
  }
  return count;
}

/** Deliveries may have been lost while people had it. Once per return, and never a reason to fail. */
async function withHistory(deps: HubDeps, pass: Pass, window: Exchange[]): Promise<Exchange[]> {
  try {
    const history = await pass.conversations.history(pass.conversation.conversationId, historyMessages, pass.signal);
    return missedIn(window, history ?? []).reduce(inPlace, window);
  } catch (error) {
    if (pass.signal.aborted) throw error;
    deps.logger.warn({ ...pass.conversation, code: codeOf(error), err: error }, 'hand_back.history_not_read');
    return window;
  }
}

/** What people and the customer said since this window began and no delivery told us. */
function missedIn(window: Exchange[], history: Exchange[]): Exchange[] {
  const known = new Set(window.map(({ messageId }) => messageId));
  const firstId = window.find(({ messageId }) => messageId > 0)?.messageId ?? Infinity;
  // Without a bot's token our own words look like a person's.
  const isOurs = (text: string) => window.some((said) => said.from === 'assistant' && said.text.includes(text));
  return history.filter(
    ({ from, text, messageId }) =>
      (from === 'customer' || (from === 'person' && !isOurs(text))) && !known.has(messageId) && messageId > firstId,
  );
}

/** By message id: times there are whole seconds. */
function inPlace(window: Exchange[], missed: Exchange): Exchange[] {
  const after = window.findIndex(({ messageId }) => messageId > missed.messageId);
  return after < 0 ? [...window, missed] : [...window.slice(0, after), missed, ...window.slice(after)];
}

/** For the model. Null when nobody of the team had it. */
function pastLine({ tenant }: Pass, before: ConversationState, said: Exchange[]): string | null {
  const person = said.findLast(({ from }) => from === 'person');
  const over = 'That is over: the conversation was given back, and you answer the customer now.';
  if (person) {
    const until = person.atMs > 0 ? ` until ${momentText(tenant, person.atMs)}` : '';
    return `A person of the team answered this customer${until}. ${over}`;
  }
  const called = before.request?.atMs ? ` at ${momentText(tenant, before.request.atMs)}` : '';
  if (before.owner === 'requested') return `A person of the team was called${called}, and nobody wrote. ${over}`;
  return before.owner === 'person' ? `A person of the team had this conversation and wrote nothing. ${over}` : null;
}
