// One conversation that holds more than we know of: what is ours to answer goes into its mailbox, a person's reply too, and
// what cannot be read back whole is left to people.
import { conversationLock } from '../conversation-lock.ts';
import type { ConversationRef, CustomerMessage, MailboxEntry } from '../message.ts';
import type { ConversationStates } from '../ports/conversation-states.ts';
import type { Conversations } from '../ports/conversations.ts';
import type { Locks } from '../ports/locks.ts';
import type { StoredMail } from '../ports/mailbox.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { ActiveConversation, PastMail } from '../ports/past-mail.ts';
import type { ReconcileMark, ReconcileMarks } from '../ports/reconcile-marks.ts';
import type { ReplyLedger } from '../ports/reply-ledger.ts';
import type { Tenant } from '../tenant.ts';
import { withLock } from '../with-lock.ts';
import { skip } from './reconcile-run.ts';
import type { ReconcileRun, SkipReason } from './reconcile-run.ts';
import { storeMail } from './store-mail.ts';
import type { StoreMailDeps } from './store-mail.ts';

export interface OtherSide {
  conversations: Conversations | null;
  pastMail: PastMail | null;
}

export interface ReconcileDeps extends StoreMailDeps {
  ledger: ReplyLedger;
  states: ConversationStates;
  locks: Locks;
  marks: ReconcileMarks;
  metrics: Metrics;
  connect(tenant: Tenant): Promise<OtherSide>;
}

export interface Look extends OtherSide {
  tenant: Tenant;
  run: ReconcileRun;
  mark: ReconcileMark;
  nowMs: number;
  signal: AbortSignal;
  pastMail: PastMail;
  conversations: Conversations;
}

const hourMs = 3_600_000;
/** A customer who waited longer has gone elsewhere, and an answer out of the blue does harm. */
export const oldestAnswerMs = 6 * hourMs;
const messagesPerConversation = 60;
const lockTtlMs = 5_000;

const missedNote =
  '⚠️ O assistente ficou fora do ar e há mais mensagens nesta conversa do que ele consegue recuperar. Nada foi enviado: por favor, confiram.';

export async function reconcileConversation(
  deps: ReconcileDeps,
  look: Look,
  { conversationId, inboxId }: ActiveConversation,
): Promise<void> {
  const { tenant, run, mark, nowMs, signal, pastMail } = look;
  const conversation = { accountId: tenant.accountId, conversationId };
  const after = await deps.ledger.answeredUpTo(conversation);
  const page = await pastMail.mailAfter(conversationId, after, messagesPerConversation, signal);
  if (!page) return;
  run.found += page.mail.length;
  // The other side's clock counts whole seconds.
  const oursSinceMs = Math.max(nowMs - oldestAnswerMs, (mark.inboxesSinceMs[String(inboxId)] ?? nowMs) - 1_000);
  const oldest = page.mail[0];
  // A takeover may be among what the page does not show, unless it shows all that is ours to answer.
  if (!page.isWhole && oldest && saidAtMs(oldest.entry) > oursSinceMs) {
    await leaveToPeople(deps, look, conversation, page.mail);
  } else if (await hasUnknownReply(deps, look, conversation, page.lastOwnTurnId)) {
    skip(run, 'own_reply');
  } else {
    await handle(deps, look, conversationId, page.mail, oursSinceMs);
  }
}

async function handle(
  deps: ReconcileDeps,
  look: Look,
  conversationId: number,
  mail: StoredMail[],
  oursSinceMs: number,
): Promise<void> {
  const { tenant, run } = look;
  const lastByPerson = mail.findLast(({ entry }) => entry.kind === 'ownership')?.entry.messageId ?? 0;
  for (const { key, entry } of mail) {
    const reason = reasonToSkip(entry, lastByPerson, oursSinceMs);
    const isNew = reason === null && (await storeMail(deps, tenant, { conversationId, key, entry })) === 'stored';
    if (!isNew) {
      skip(run, reason ?? 'known');
      continue;
    }
    run.handled += 1;
    if (entry.kind === 'ownership') run.takeovers += 1;
  }
}

/** Our own words after the watermark that the ledger knows nothing of: it was lost, or another system answers here too. */
async function hasUnknownReply(
  deps: ReconcileDeps,
  { conversations, signal }: Look,
  conversation: ConversationRef,
  lastOwnTurnId: string | null,
): Promise<boolean> {
  if (lastOwnTurnId === null) return false;
  if ((await deps.ledger.current(conversation))?.turnId === lastOwnTurnId) return false;
  const live = await conversations.readLive(conversation.conversationId, signal);
  return live !== 'people' && live !== 'unreadable' && live.ownTurnId !== null;
}

async function leaveToPeople(
  deps: ReconcileDeps,
  look: Look,
  conversation: ConversationRef,
  mail: StoredMail[],
): Promise<void> {
  const { run, conversations, signal } = look;
  const newest = mail.at(-1)?.entry.messageId ?? 0;
  await withLock(deps.locks, conversationLock(conversation), lockTtlMs, async () => {
    await conversations.addNote(conversation.conversationId, missedNote, signal);
    await conversations.open(conversation.conversationId, signal);
    await deps.ledger.markAnswered(conversation, newest);
  });
  skip(run, 'left_to_people');
}

function reasonToSkip(entry: MailboxEntry, lastByPerson: number, oursSinceMs: number): SkipReason | null {
  if (saidAtMs(entry) < oursSinceMs) return 'too_old';
  if (entry.kind !== 'customer_message') return null;
  if (entry.messageId < lastByPerson) return 'person_answered';
  return isOver(entry) ? 'resolved' : null;
}

/** A customer's message reopens what was resolved: resolved now means that somebody ended it afterwards. */
function isOver({ conversation }: CustomerMessage): boolean {
  return conversation.status === 'resolved';
}

function saidAtMs(entry: MailboxEntry): number {
  return entry.kind === 'customer_message' ? entry.sentAtMs : entry.atMs;
}
