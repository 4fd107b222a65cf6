// Hands one conversation in: under its shared lock, and in an order that may break off anywhere and begin again. First
// what is answered, so that nobody answers it once more; then memory; then what still waits, under the keys it came with.
import { conversationKey } from '../message.ts';
import type { ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { HeldLock, Locks } from '../ports/locks.ts';
import type { Mail } from '../ports/mailbox.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import type { SpilledMail, SpillRecord } from '../ports/spill-record.ts';
import type { Stores } from '../stores.ts';
import { handInReply } from './hand-in-reply.ts';
import { mergedState } from './merge-state.ts';

export interface DrainDeps {
  shared: Stores;
  work: Stores;
  record: SpillRecord;
  clock: Clock;
}

const lockTtlMs = 5_000;
const tries = 40;
const pauseMs = 250;

/** False when it cannot be handed in yet: somebody holds it, or an older reply must be settled first. */
export async function drainConversation(deps: DrainDeps, conversation: ConversationRef): Promise<boolean> {
  const name = `conversation:${conversationKey(conversation)}`;
  // Our own turn there ends first; then no other instance begins one.
  const own = await acquire(deps.work.locks, name);
  if (!own) return false;
  const held = await acquire(deps.shared.locks, name);
  try {
    return held !== null && (await handIn(deps, conversation, held));
  } finally {
    await held?.release().catch(() => undefined);
    await own.release();
  }
}

async function acquire(locks: Locks, name: string): Promise<HeldLock | null> {
  for (let attempt = 0; attempt < tries; attempt++) {
    const lock = await locks.acquire(name, lockTtlMs);
    if (lock) return lock;
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  return null;
}

async function handIn(deps: DrainDeps, conversation: ConversationRef, held: HeldLock): Promise<boolean> {
  const { shared, work, record } = deps;
  const content = await record.read(conversation);
  const reply = await work.ledger.current(conversation);
  const answered = answeredIn(content.mail, reply);
  for (const proof of content.proofs) {
    await shared.ledger.confirmPart(conversation, proof.turnId, proof.part, proof.messageId);
  }
  await forgetAnswered(deps, conversation, answered);
  const keys = new Set(answered.map(({ key }) => key));
  if (reply && !(await handInReply(shared.ledger, reply, new Set([...keys, ...(reply.memo?.keys ?? [])])))) {
    return false;
  }
  await shared.ledger.markAnswered(conversation, await work.ledger.answeredUpTo(conversation));
  await handInState(deps, conversation);
  if (!(await held.renew(lockTtlMs))) return false;
  const open = content.mail.map(({ mail }) => mail).filter((mail) => !keys.has(mail.key) && !isOurs(reply, mail));
  for (const mail of open) await shared.mailbox.store(asHandedIn(mail, deps.clock.now()));
  for (const reminder of await work.reminders.of(conversation)) await shared.reminders.set(reminder);
  await handInTraces(deps, conversation).catch(() => undefined);
  await forgetHere(deps, conversation, content);
  // A job that cannot be made is made by the sweeper from the wake mark.
  if (open.length > 0) await shared.queue.wake(conversation, 0).catch(() => undefined);
  return true;
}

/** Customers' messages that need no answer any more; a takeover is always handed in. */
function answeredIn(mail: readonly SpilledMail[], reply: ReplyIntent | null): Mail[] {
  const byReply = reply && reply.state !== 'intended' ? (reply.memo?.keys ?? []) : [];
  return mail
    .filter(({ settled, mail: { key } }) => settled || byReply.includes(key))
    .map((spilled) => spilled.mail)
    .filter(({ entry }) => entry.kind === 'customer_message');
}

/** Whether the shared mailbox had them or not: from now on it has seen them, and none of them waits. */
async function forgetAnswered({ shared }: DrainDeps, conversation: ConversationRef, answered: Mail[]): Promise<void> {
  for (const mail of answered) await shared.mailbox.store(mail);
  if (answered.length > 0) {
    await shared.mailbox.remove(
      conversation,
      answered.map(({ key }) => key),
    );
  }
}

async function handInState({ shared, work }: DrainDeps, conversation: ConversationRef): Promise<void> {
  const meanwhile = await work.states.get(conversation);
  if (!meanwhile || (await work.ledger.answeredUpTo(conversation)) === 0) return;
  await shared.states.set(conversation, mergedState(await shared.states.get(conversation), meanwhile));
}

/** Its quiet time has long passed. */
function asHandedIn(mail: Mail, nowMs: number): Mail {
  return { ...mail, nowMs, quiet: mail.quiet === null ? null : { quietMs: 0, maxMs: 0 } };
}

/** With a user's token our own words come back as a person's, and only the local ledger knew better. */
function isOurs(reply: ReplyIntent | null, { entry }: Mail): boolean {
  if (entry.kind !== 'ownership' || entry.change !== 'person_replied' || !reply) return false;
  return reply.parts.some((part) => part.messageId === entry.messageId);
}

async function handInTraces({ shared, work }: DrainDeps, conversation: ConversationRef): Promise<void> {
  const traces = await work.traces.list(conversation.accountId, conversation.conversationId, 20);
  for (const trace of traces.toReversed()) await shared.traces.add(trace);
}

async function forgetHere(
  { record, work }: DrainDeps,
  conversation: ConversationRef,
  content: Awaited<ReturnType<SpillRecord['read']>>,
): Promise<void> {
  const { mail } = await work.mailbox.read(conversation);
  const handedIn = new Set(content.mail.map((spilled) => spilled.mail.key));
  const keys = mail.filter(({ key }) => handedIn.has(key)).map(({ key }) => key);
  if (keys.length > 0) await work.mailbox.remove(conversation, keys);
  await record.forget(conversation, content);
}
