// Finds what Chatwoot holds and we never handled: deliveries that were lost, and everything said while we were away. What it
// finds goes into the mailbox under the keys deliveries have, so that nothing is done twice whoever comes first; whether to
// speak is decided by the turn, from live state, as for any message.
import { conversationKey } from '../message.ts';
import type { ActiveConversation } from '../ports/past-mail.ts';
import type { ReconcileMark } from '../ports/reconcile-marks.ts';
import type { Tenant } from '../tenant.ts';
import { oldestAnswerMs, reconcileConversation } from './reconcile-conversation.ts';
import type { ReconcileDeps } from './reconcile-conversation.ts';
import { freshRun, skip } from './reconcile-run.ts';
import type { ReconcileRun } from './reconcile-run.ts';

/** Two clocks differ, and a run may have begun in the middle of a delivery. */
const overlapMs = 10 * 60_000;
const conversationsPerRun = 1_000;
const readsPerRun = 60;
const looksKept = 20_000;

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
        await reconcileConversation(this.#deps, { tenant, run, mark, nowMs, signal, pastMail, conversations }, one);
        this.#remember(tenant, one);
      }
    }
    return run;
  }

  /** Everything up to the newest message there is dealt with here: answered, said by us or heard. */
  async #isUpToDate({ accountId }: Tenant, { conversationId, lastMessageId }: ActiveConversation): Promise<boolean> {
    const { ledger, states } = this.#deps;
    const conversation = { accountId, conversationId };
    if (lastMessageId === 0) return false;
    if (this.#looked.get(conversationKey(conversation)) === lastMessageId) return true;
    const reply = await ledger.current(conversation);
    const known = [
      await ledger.answeredUpTo(conversation),
      ...(reply?.parts ?? []).map(({ messageId }) => messageId ?? 0),
      ...((await states.get(conversation))?.window ?? []).map(({ messageId }) => messageId),
    ];
    return lastMessageId <= Math.max(...known);
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

function withInboxes(before: ReconcileMark | null, inboxIds: number[], nowMs: number): ReconcileMark {
  const since = inboxIds.map((id): [string, number] => [String(id), before?.inboxesSinceMs[String(id)] ?? nowMs]);
  return { version: 1, comparedUpToMs: before?.comparedUpToMs ?? nowMs, inboxesSinceMs: Object.fromEntries(since) };
}
