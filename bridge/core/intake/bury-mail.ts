// Mail that nobody can handle leaves the mailbox for the dead letters, so that it is not tried for ever and not lost either.
// It stands beside the mailbox and not in the hub: a turn knows how to fail, not when to stop trying.
import { createHash } from 'node:crypto';
import { conversationLock } from '../conversation-lock.ts';
import { BridgeError, codeOf } from '../errors.ts';
import type { ErrorCode } from '../errors.ts';
import { conversationKey } from '../message.ts';
import type { ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConversationStates } from '../ports/conversation-states.ts';
import type { DeadLetter, DeadLetterKind, DeadLetters } from '../ports/dead-letters.ts';
import type { Locks } from '../ports/locks.ts';
import type { Logger } from '../ports/logger.ts';
import type { Mailbox, StoredMail } from '../ports/mailbox.ts';
import type { Metrics } from '../ports/metrics.ts';
import { withLock } from '../with-lock.ts';

export interface BuryDeps {
  deadLetters: DeadLetters;
  mailbox: Mailbox;
  states: ConversationStates;
  locks: Locks;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
}

export interface Failure {
  conversation: ConversationRef;
  error: unknown;
  attempts: number;
}

const lockTtlMs = 5_000;
/** Room for a bad day of a large installation; older ones nobody will answer any more. */
const mostLetters = 10_000;
const keptMs = 90 * 24 * 3_600_000;

/** Codes after which trying again can help by itself: such mail is kept for hours, the rest for minutes. */
const passing: readonly ErrorCode[] = ['upstream_unavailable', 'busy', 'rate_limited'];
/** Failed tries at the pace of one a minute after the first ones: about six hours, or about five minutes. */
const triesWhilePassing = 364;
const triesOtherwise = 8;

export function isWorthTrying(error: unknown, attempts: number): boolean {
  return attempts < (passing.includes(codeOf(error)) ? triesWhilePassing : triesOtherwise);
}

/** False when somebody else holds the conversation: its mail stays where it is. */
export async function buryMail(deps: BuryDeps, failure: Failure): Promise<boolean> {
  const { conversation } = failure;
  const held = await withLock(deps.locks, conversationLock(conversation), lockTtlMs, async () => {
    const { mail } = await deps.mailbox.read(conversation);
    if (mail.length > 0) await bury(deps, failure, mail);
  });
  return held !== null;
}

/** The letter is stored before the mail goes: a crash in between leaves both, and burying again gives the same letter. */
async function bury(deps: BuryDeps, failure: Failure, mail: StoredMail[]): Promise<void> {
  const { deadLetters, mailbox, states, clock, logger, metrics } = deps;
  const { conversation, error } = failure;
  const letter = letterOf(failure, mail, clock.now());
  const trimmed = await deadLetters.put(letter, { most: mostLetters, notBeforeMs: clock.now() - keptMs });
  await mailbox.remove(
    conversation,
    mail.map(({ key }) => key),
  );
  const state = await states.get(conversation);
  if (state) await states.set(conversation, { ...state, failures: 0 });
  metrics.count('dead_letters', { kind: letter.kind });
  const fields = { ...conversation, dead_letter: letter.id, kind: letter.kind, code: letter.code, mail: mail.length };
  logger.error({ ...fields, alert: true, fix: 'scripts/replay --list', err: error }, 'mail.buried');
  if (trimmed > 0) logger.error({ trimmed, alert: true, fix: 'scripts/replay --list' }, 'dead_letters.trimmed');
}

function letterOf({ conversation, error, attempts }: Failure, mail: StoredMail[], nowMs: number): DeadLetter {
  const code = codeOf(error);
  const keys = mail.map(({ key }) => key).sort();
  const name = createHash('sha256').update(keys.join('\n')).digest('hex').slice(0, 10);
  return {
    version: 1,
    id: `${conversationKey(conversation)}/${name}`,
    kind: kindOf(code),
    conversation,
    code,
    // What is not ours to word may quote a customer.
    message: error instanceof BridgeError ? error.message : 'The bridge made a mistake; its log says where.',
    attempts,
    firstAtMs: Math.min(nowMs, ...mail.map(arrivedMs).filter((atMs) => atMs > 0)),
    lastAtMs: nowMs,
    mail,
  };
}

function kindOf(code: ErrorCode): DeadLetterKind {
  if (code === 'internal') return 'bridge_failed';
  return code === 'upstream_rejected' ? 'conversation_refused' : 'turn_undeliverable';
}

function arrivedMs({ entry }: StoredMail): number {
  return entry.kind === 'customer_message' ? entry.sentAtMs : entry.atMs;
}
