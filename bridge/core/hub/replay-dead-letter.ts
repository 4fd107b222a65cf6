// A dead letter run again, safely: what was answered meanwhile, by us or by a person, is not answered once more. Its mail
// goes back into the mailbox, and everything after that is a turn like any other.
import { conversationLock } from '../conversation-lock.ts';
import { codeOf } from '../errors.ts';
import { modeOf } from './inbox-mode.ts';
import { freshState, gateFor } from './takeover.ts';
import type { ConnectTenant, TenantClients } from './tenant-clients.ts';
import type { CustomerMessage } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConversationStates } from '../ports/conversation-states.ts';
import type { DeadLetter, DeadLetters } from '../ports/dead-letters.ts';
import type { Locks } from '../ports/locks.ts';
import type { Logger } from '../ports/logger.ts';
import type { Mailbox, StoredMail } from '../ports/mailbox.ts';
import type { ReplyLedger } from '../ports/reply-ledger.ts';
import type { TurnQueue } from '../ports/turn-queue.ts';
import type { Tenant, TenantRegistry } from '../tenant.ts';
import { withLock } from '../with-lock.ts';

export interface ReplayDeps {
  deadLetters: DeadLetters;
  mailbox: Mailbox;
  queue: TurnQueue;
  ledger: ReplyLedger;
  states: ConversationStates;
  locks: Locks;
  tenants: Pick<TenantRegistry, 'find'>;
  connect: ConnectTenant;
  clock: Clock;
  logger: Logger;
}

export interface ReplayResult {
  id: string;
  /** `dropped` = nothing of it needs an answer any more; `kept` = it could not be run again now. */
  outcome: 'replayed' | 'dropped' | 'kept';
  /** One word of why, for `dropped` and `kept`. */
  reason: string | null;
}

const lockTtlMs = 5_000;
const lookMs = 10_000;
const pageSize = 50;
/** Reasons that say people have it. */
const theirs: readonly string[] = ['person_owns', 'person_requested', 'not_ours_now'];

export async function replayDeadLetter(deps: ReplayDeps, id: string): Promise<ReplayResult> {
  const result = await replayed(deps, id);
  deps.logger.info({ dead_letter: id, outcome: result.outcome, reason: result.reason }, 'dead_letter.replayed');
  return result;
}

async function replayed(deps: ReplayDeps, id: string): Promise<ReplayResult> {
  const letter = await deps.deadLetters.get(id);
  if (!letter) return { id, outcome: 'kept', reason: 'no_such_letter' };
  const tenant = await deps.tenants.find(letter.conversation.accountId);
  if (!tenant) return { id, outcome: 'kept', reason: 'tenant_not_ready' };
  try {
    const held = await withLock(deps.locks, conversationLock(letter.conversation), lockTtlMs, () =>
      putBackOrDrop(deps, tenant, letter),
    );
    return held?.result ?? { id, outcome: 'kept', reason: 'busy' };
  } catch (error) {
    deps.logger.warn({ dead_letter: id, code: codeOf(error), err: error }, 'dead_letter.not_replayed');
    return { id, outcome: 'kept', reason: codeOf(error) };
  }
}

async function putBackOrDrop(deps: ReplayDeps, tenant: Tenant, letter: DeadLetter): Promise<ReplayResult> {
  const { id, conversation } = letter;
  const answeredUpTo = await deps.ledger.answeredUpTo(conversation);
  const waiting = letter.mail.filter(({ entry }) => entry.kind === 'ownership' || entry.messageId > answeredUpTo);
  const reason = await reasonToDrop(deps, tenant, letter, waiting);
  if (reason === null) await putBack(deps, letter, waiting);
  await deps.deadLetters.remove([id]);
  return { id, outcome: reason === null ? 'replayed' : 'dropped', reason };
}

/** The keys were seen before, so the mail comes back under new ones, the same ones when this is cut short and done again. */
async function putBack(deps: ReplayDeps, letter: DeadLetter, waiting: StoredMail[]): Promise<void> {
  const { mailbox, queue, clock } = deps;
  const { conversation, lastAtMs } = letter;
  const standing = new Set((await mailbox.read(conversation)).mail.flatMap(({ entry }) => customerIds(entry)));
  for (const { key, entry } of waiting) {
    if (entry.kind === 'customer_message' && standing.has(entry.messageId)) continue;
    const quiet = entry.kind === 'customer_message' ? { quietMs: 0, maxMs: 0 } : null;
    const again = `${key.replace(/~[0-9a-z]+$/, '')}~${lastAtMs.toString(36)}`;
    await mailbox.store({ conversation, key: again, entry, quiet, nowMs: clock.now() });
  }
  // What cannot be woken now is found by the sweeper.
  await queue.wake(conversation, 0).catch(() => undefined);
}

async function reasonToDrop(
  deps: ReplayDeps,
  tenant: Tenant,
  { conversation, mail }: DeadLetter,
  waiting: StoredMail[],
): Promise<string | null> {
  if (waiting.length === 0) return 'answered_already';
  const last = waiting.flatMap(({ entry }) => (entry.kind === 'customer_message' ? [entry] : [])).at(-1);
  // Only news of ownership: applying it once more changes nothing that a person did since.
  if (!last) return mail.some(({ entry }) => entry.kind === 'customer_message') ? 'answered_already' : null;
  const mode = modeOf(tenant, last.inboxId);
  if (mode === null) return 'inbox_not_listed';
  const clients = await deps.connect(tenant);
  const state = (await deps.states.get(conversation)) ?? freshState(deps.clock.now());
  const live = await readLive(clients, conversation.conversationId);
  if (live === 'people') return 'people_have_it';
  if (live !== null) {
    if (live.status === 'resolved') return 'conversation_resolved';
    if (live.personMessageId > last.messageId) return 'person_answered';
    const gate = gateFor(tenant, state, live);
    const isTheirs = !gate.speak && theirs.includes(gate.reason);
    if (mode === 'live' && isTheirs) return gate.reason;
  }
  return (await didPersonAnswer(clients, conversation.conversationId, last)) ? 'person_answered' : null;
}

/** Null = it can never be read with these credentials, so that what deliveries told must do. */
async function readLive({ conversations }: TenantClients, conversationId: number) {
  const live = await conversations?.readLive(conversationId, AbortSignal.timeout(lookMs));
  return live === undefined || live === 'unreadable' ? null : live;
}

/** Their words may be followed by others, and then the live read does not show them. */
async function didPersonAnswer({ pastMail }: TenantClients, conversationId: number, last: CustomerMessage) {
  const signal = AbortSignal.timeout(lookMs);
  const since = await pastMail?.mailAfter(conversationId, last.messageId, pageSize, signal);
  return since?.mail.some(({ entry }) => entry.kind === 'ownership' && entry.change === 'person_replied') ?? false;
}

function customerIds(entry: StoredMail['entry']): number[] {
  return entry.kind === 'customer_message' ? [entry.messageId] : [];
}
