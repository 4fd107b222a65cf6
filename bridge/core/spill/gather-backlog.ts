// Brings together what a turn without our own memory has to answer: what the other side holds since the last reply there,
// and what was delivered here meanwhile. One key names one message, whichever way it came.
import { boundedWindow } from '../hub/context.ts';
import { modeOf } from '../hub/inbox-mode.ts';
import { freshState } from '../hub/takeover.ts';
import type { TenantClients } from '../hub/tenant-clients.ts';
import type { ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Exchange } from '../ports/conversation-states.ts';
import type { LiveConversation } from '../ports/conversations.ts';
import type { Mail } from '../ports/mailbox.ts';
import type { SpillRecord } from '../ports/spill-record.ts';
import type { Stores } from '../stores.ts';
import type { Tenant } from '../tenant.ts';
import { isAnsweredMeanwhile, mayAnswer } from './may-answer.ts';
import type { RecentConversations } from './recent-conversations.ts';

export interface GatherDeps {
  record: SpillRecord;
  work: Pick<Stores, 'mailbox' | 'states'>;
  recent: RecentConversations;
  clock: Clock;
  /** When the shared stores went away. */
  awaySinceMs: number;
  /** Mail kept here so soon after that may have been taken up by somebody before it. */
  unsureForMs: number;
}

export type Backlog =
  /** It lies in the mailbox of the turns. `isAllNew` = all of it came after the shared stores went away. */
  { kind: 'gathered'; isAllNew: boolean } | { kind: 'nothing' } | { kind: 'unsure'; reason: string };

const pageSize = 20;
const messagesAtMost = 50;

export async function gatherBacklog(
  deps: GatherDeps,
  tenant: Tenant,
  clients: TenantClients,
  conversation: ConversationRef,
  signal: AbortSignal,
): Promise<Backlog> {
  const { conversations, pastMail } = clients;
  const { conversationId } = conversation;
  if (!conversations || !pastMail) return { kind: 'unsure', reason: 'not_connected' };
  const live = await conversations.readLive(conversationId, signal);
  const page = await conversations.history(conversationId, pageSize, signal);
  const verdict = mayAnswer(tenant, live, page);
  if (verdict.kind === 'unsure') return verdict;
  const past = await pastMail.mailAfter(conversationId, verdict.afterMessageId, messagesAtMost, signal);
  if (!past?.isWhole) return { kind: 'unsure', reason: 'not_readable' };
  const { mail: kept } = await deps.record.read(conversation);
  const here = kept.filter(({ settled, mail }) => !settled && mail.entry.kind === 'customer_message');
  const isAfter = (messageId: number) => messageId > verdict.afterMessageId;
  const isNew = ({ nowMs }: Mail) => nowMs >= deps.awaySinceMs + deps.unsureForMs;
  // The last reply may have been on its way when they came: whether it covers them only our memory knows. What is new here
  // no reply of before can cover, and those of this time are noted.
  const doubtful = [
    ...deps.recent.openSince(conversation, deps.awaySinceMs - replyTakesMs).map(({ messageId }) => messageId),
    ...here.filter(({ mail }) => !isNew(mail)).map(({ mail }) => mail.entry.messageId),
  ];
  if (doubtful.some((messageId) => !isAfter(messageId))) return { kind: 'unsure', reason: 'perhaps_unanswered' };
  const known = new Set(kept.map(({ mail }) => mail.key));
  const fetched = past.mail
    .filter(({ key, entry }) => entry.kind === 'customer_message' && isAfter(entry.messageId) && !known.has(key))
    .map(({ key, entry }): Mail => ({ conversation, key, entry, quiet: noQuiet, nowMs: deps.clock.now() }));
  const open = [...here.map(({ mail }) => mail), ...fetched];
  if (open.length === 0) return { kind: 'nothing' };
  if (open.some(({ entry }) => !isAnsweredMeanwhile(modeOf(tenant, entry.inboxId)))) {
    return { kind: 'unsure', reason: 'inbox_mode' };
  }
  await makeReady(deps, conversation, { live, page: page ?? [], open, upTo: verdict.afterMessageId });
  return { kind: 'gathered', isAllNew: fetched.length === 0 && here.every(({ mail }) => isNew(mail)) };
}

/** A regular turn, from taking the mail to the reply's place in the conversation. */
const replyTakesMs = 15_000;
const noQuiet = { quietMs: 0, maxMs: 0 };

interface Gathered {
  live: LiveConversation | 'people' | 'unreadable';
  page: readonly Exchange[];
  open: Mail[];
  /** The last reply there. */
  upTo: number;
}

/** The mailbox of the turns holds exactly what is to be answered, and their memory what the other side shows. */
async function makeReady(
  { record, work, clock, awaySinceMs }: GatherDeps,
  conversation: ConversationRef,
  { live, page, open, upTo }: Gathered,
): Promise<void> {
  for (const mail of open) {
    await record.keep(mail);
    await work.mailbox.store(mail);
  }
  const { mail: waiting } = await work.mailbox.read(conversation);
  // Read after the mailbox: what came while the backlog was gathered is recorded before it lies there, and stays.
  const { mail: kept } = await record.read(conversation);
  const unsettled = new Set(kept.filter(({ settled }) => !settled).map(({ mail }) => mail.key));
  const foreign = waiting.filter(({ key, entry }) => entry.kind === 'customer_message' && !unsettled.has(key));
  if (foreign.length > 0) {
    await work.mailbox.remove(
      conversation,
      foreign.map(({ key }) => key),
    );
  }
  const state = await work.states.get(conversation);
  if (state && state.updatedAtMs >= awaySinceMs) return;
  const window = boundedWindow(page.filter(({ from, messageId }) => from !== 'note' && messageId <= upTo));
  const lastStatus = typeof live === 'string' ? null : live.status;
  await work.states.set(conversation, { ...freshState(clock.now()), lastStatus, window });
}
