// Finds what Chatwoot holds and we never handled: deliveries that were lost, and everything said while we were away. What it
// finds goes into the mailbox under the keys deliveries have, so that nothing is done twice whoever comes first; whether to
// speak is decided by the turn, from live state, as for any message.
import { conversationLock } from '../conversation-lock.ts';
import { conversationKey } from '../message.ts';
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
import { freshRun, skip } from './reconcile-run.ts';
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

const hourMs = 3_600_000;
/** A customer who waited longer has gone elsewhere, and an answer out of the blue does harm. */
export const oldestAnswerMs = 6 * hourMs;
/** Two clocks differ, and a run may have begun in the middle of a delivery. */
const overlapMs = 10 * 60_000;
const conversationsPerRun = 1_000;
const readsPerRun = 60;
const messagesPerConversation = 60;
const lockTtlMs = 5_000;
const looksKept = 20_000;

const missedNote =
  '⚠️ O assistente ficou fora do ar e há mais mensagens nesta conversa do que ele consegue recuperar. Nada foi enviado: por favor, confiram.';

export class Reconcile {
  readonly #deps: ReconcileDeps;
  /** The newest message of conversations that were read: nothing new there, nothing to read again. */
  readonly #looked = new Map<string, number>();
  /** Tenants that were told that their credentials cannot list conversations. */
  readonly #told = new Set<string>();

  constructor(deps: ReconcileDeps) {
    this.#deps = deps;
  }

  /** One look at one tenant; null when there is nothing to look at. Rejects when the other side cannot be asked. */
  async run(tenant: Tenant, signal: AbortSignal): Promise<ReconcileRun | null> {
    const inboxes = tenant.config.integrations.chatwoot?.inboxes ?? [];
    if (inboxes.length === 0) return null;
    const startedMs = this.#deps.clock.now();
    const before = await this.#deps.marks.get(tenant.accountId);
    const mark = withInboxes(
      before,
      inboxes.map(({ id }) => id),
      startedMs,
    );
    // The first look ever only begins the count: what is older was never ours to answer.
    const run = before === null ? freshRun() : await this.#look(tenant, mark, startedMs, signal);
    if (run === null) return null;
    await this.#deps.marks.set(tenant.accountId, run.isCut ? mark : { ...mark, comparedUpToMs: startedMs });
    this.#report(tenant, run, startedMs);
    return run;
  }

  async #look(tenant: Tenant, mark: ReconcileMark, nowMs: number, signal: AbortSignal): Promise<ReconcileRun | null> {
    const side = await this.#deps.connect(tenant);
    const sinceMs = Math.max(nowMs - oldestAnswerMs, mark.comparedUpToMs - overlapMs);
    const active = (await side.pastMail?.activeSince(sinceMs, conversationsPerRun, signal)) ?? null;
    if (!side.pastMail || !side.conversations || active === null) {
      this.#tellOnce(tenant);
      return null;
    }
    const { pastMail, conversations } = side;
    const run = freshRun();
    let reads = 0;
    // The oldest has waited longest, and a run that is cut short goes on with the rest.
    for (const one of active.toReversed()) {
      signal.throwIfAborted();
      run.checked += 1;
      if (await this.#isUpToDate(tenant, one)) {
        skip(run, 'up_to_date');
      } else if ((reads += 1) > readsPerRun) {
        run.isCut = true;
        break;
      } else {
        await this.#lookAt({ tenant, run, mark, nowMs, signal, pastMail, conversations }, one);
        this.#remember(tenant, one);
      }
    }
    return run;
  }

  /** Everything up to the newest message there is known here: answered, said by us, heard or waiting. */
  async #isUpToDate({ accountId }: Tenant, { conversationId, lastMessageId }: ActiveConversation): Promise<boolean> {
    const { ledger, mailbox, states } = this.#deps;
    const conversation = { accountId, conversationId };
    if (lastMessageId === 0) return false;
    if (this.#looked.get(conversationKey(conversation)) === lastMessageId) return true;
    const reply = await ledger.current(conversation);
    const { mail } = await mailbox.read(conversation);
    const known = [
      await ledger.answeredUpTo(conversation),
      ...(reply?.parts ?? []).map(({ messageId }) => messageId ?? 0),
      ...mail.map(({ entry }) => entry.messageId),
      ...((await states.get(conversation))?.window ?? []).map(({ messageId }) => messageId),
    ];
    return lastMessageId <= Math.max(...known);
  }

  async #lookAt(look: Look, { conversationId, inboxId }: ActiveConversation): Promise<void> {
    const { tenant, run, mark, nowMs, signal, pastMail } = look;
    const conversation = { accountId: tenant.accountId, conversationId };
    const after = await this.#deps.ledger.answeredUpTo(conversation);
    const page = await pastMail.mailAfter(conversationId, after, messagesPerConversation, signal);
    if (!page) return;
    run.found += page.mail.length;
    // The other side's clock counts whole seconds.
    const oursSinceMs = Math.max(nowMs - oldestAnswerMs, (mark.inboxesSinceMs[String(inboxId)] ?? nowMs) - 1_000);
    const oldest = page.mail[0];
    // A takeover may be among what the page does not show, unless it shows all that is ours to answer.
    if (!page.isWhole && oldest && saidAtMs(oldest.entry) > oursSinceMs) {
      await this.#leaveToPeople(look, conversation, page.mail);
    } else if (await this.#hasUnknownReply(look, conversation, page.lastOwnTurnId)) {
      skip(run, 'own_reply');
    } else {
      await this.#handle(look, conversationId, page.mail, oursSinceMs);
    }
  }

  async #handle(look: Look, conversationId: number, mail: StoredMail[], oursSinceMs: number): Promise<void> {
    const { tenant, run } = look;
    const lastByPerson = mail.findLast(({ entry }) => entry.kind === 'ownership')?.entry.messageId ?? 0;
    for (const { key, entry } of mail) {
      const reason = reasonToSkip(entry, lastByPerson, oursSinceMs);
      const isNew =
        reason === null && (await storeMail(this.#deps, tenant, { conversationId, key, entry })) === 'stored';
      if (!isNew) {
        skip(run, reason ?? 'known');
        continue;
      }
      run.handled += 1;
      if (entry.kind === 'ownership') run.takeovers += 1;
    }
  }

  /** Our own words after the watermark that the ledger knows nothing of: it was lost, or another system answers here too. */
  async #hasUnknownReply(
    { conversations, signal }: Look,
    conversation: ConversationRef,
    lastOwnTurnId: string | null,
  ): Promise<boolean> {
    if (lastOwnTurnId === null) return false;
    if ((await this.#deps.ledger.current(conversation))?.turnId === lastOwnTurnId) return false;
    const live = await conversations.readLive(conversation.conversationId, signal);
    return live !== 'people' && live !== 'unreadable' && live.ownTurnId !== null;
  }

  async #leaveToPeople(look: Look, conversation: ConversationRef, mail: StoredMail[]): Promise<void> {
    const { run, conversations, signal } = look;
    const newest = mail.at(-1)?.entry.messageId ?? 0;
    await withLock(this.#deps.locks, conversationLock(conversation), lockTtlMs, async () => {
      await conversations.addNote(conversation.conversationId, missedNote, signal);
      await conversations.open(conversation.conversationId, signal);
      await this.#deps.ledger.markAnswered(conversation, newest);
    });
    skip(run, 'left_to_people');
  }

  #remember({ accountId }: Tenant, { conversationId, lastMessageId }: ActiveConversation): void {
    if (this.#looked.size >= looksKept) this.#looked.clear();
    this.#looked.set(conversationKey({ accountId, conversationId }), lastMessageId);
  }

  #tellOnce({ accountId, fingerprint }: Tenant): void {
    const key = `${accountId}\n${fingerprint}`;
    if (this.#told.has(key)) return;
    this.#told.add(key);
    const fix = 'Save a user_token beside the bot token: with the bot alone, lost deliveries cannot be found.';
    this.#deps.logger.warn({ account_id: accountId, fix }, 'reconcile.cannot_list');
  }

  #report({ accountId }: Tenant, run: ReconcileRun, startedMs: number): void {
    const { logger, metrics, clock } = this.#deps;
    const line = { account_id: accountId, ...run, ms: clock.now() - startedMs };
    metrics.count('reconciled_messages', { outcome: 'handled' }, run.handled);
    if (run.checked === 0) logger.debug(line, 'reconcile.finished');
    else logger.info(line, 'reconcile.finished');
  }
}

interface Look extends OtherSide {
  tenant: Tenant;
  run: ReconcileRun;
  mark: ReconcileMark;
  nowMs: number;
  signal: AbortSignal;
  pastMail: PastMail;
  conversations: Conversations;
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

function withInboxes(before: ReconcileMark | null, inboxIds: number[], nowMs: number): ReconcileMark {
  const since = inboxIds.map((id): [string, number] => [String(id), before?.inboxesSinceMs[String(id)] ?? nowMs]);
  return { version: 1, comparedUpToMs: before?.comparedUpToMs ?? nowMs, inboxesSinceMs: Object.fromEntries(since) };
}
