// What people get when a conversation becomes theirs: a private note, labels, priority and team, and the conversation
// opened. The customer's text went out before, as a reply like any other; opening comes last, since it is what people see.
import { handoffReasons } from '../answer.ts';
import type { HandoffReason } from '../answer.ts';
import { codeOf } from '../errors.ts';
import type { Logger } from '../ports/logger.ts';
import type { ReplyIntent } from '../ports/reply-ledger.ts';
import { afterOpenTime } from '../tenants/open-time.ts';
import { labelsFor, reasonRows } from './handoff-reason.ts';
import type { HubDeps, Pass } from './pass.ts';

/** A turn can go on without labels: Chatwoot gets this long to set them. */
const triageMs = 3_000;

/** `isRepeated` = another process may have done part of it before it died. */
export async function finishHandoff(
  deps: HubDeps,
  pass: Pass,
  { handoff, turnId, afterMessageId, atMs }: ReplyIntent,
  isRepeated: boolean,
): Promise<void> {
  if (!handoff) return;
  const reason = handoffReasons.find((known) => known === handoff.reason) ?? 'turn_failed';
  await addNoteOnce(deps.logger, pass, { turnId, text: handoff.note, afterMessageId }, isRepeated);
  const isNew = reason !== 'nobody_came';
  if (isNew) await waitForPerson(deps, pass, atMs);
  await triage(deps.logger, pass, reason);
  // Whoever was waited for in vain stands in an open conversation already, and one resolved meanwhile stays so.
  if (isNew) await pass.conversations.open(pass.conversation.conversationId, pass.signal);
}

/** When nobody of the team has answered by then, the customer is told. Opening time counts, not the night. */
export async function waitForPerson({ reminders }: HubDeps, { tenant, conversation }: Pass, sinceMs: number) {
  const atMs = afterOpenTime(tenant.config, sinceMs, tenant.config.handoff.wait_minutes * 60_000);
  await reminders.set({ conversation, kind: 'handoff_unanswered', atMs });
}

interface Note {
  turnId: string;
  text: string;
  afterMessageId: number;
}

/** After a crash it is looked for first. Where nobody can tell, a note twice is better than none. */
export async function addNoteOnce(logger: Logger, pass: Pass, note: Note, isRepeated: boolean): Promise<void> {
  const { conversationId } = pass.conversation;
  if (isRepeated && (await pass.conversations.findNote(conversationId, note, pass.signal)) === true) return;
  await addNote(logger, pass, note.text, note.turnId);
}

/** A note that is refused for good must not keep the conversation from people. */
export async function addNote(logger: Logger, pass: Pass, note: string, turnId?: string): Promise<void> {
  try {
    await pass.conversations.addNote(pass.conversation.conversationId, note, pass.signal, turnId);
  } catch (error) {
    if (codeOf(error) !== 'upstream_rejected') throw error;
    logger.warn({ ...pass.conversation, err: error }, 'handoff.note_refused');
  }
}

/** The team before the opening, so that whom Chatwoot then picks is of that team. What fails is logged and left. */
async function triage(logger: Logger, pass: Pass, reason: HandoffReason): Promise<void> {
  const { triage: port } = pass.clients;
  if (!port) return;
  const { tenant, conversation } = pass;
  const { conversationId } = conversation;
  const { team } = tenant.config.handoff;
  const labels = labelsFor(tenant, reason);
  const signal = AbortSignal.any([pass.signal, AbortSignal.timeout(triageMs)]);
  const steps: [string, () => Promise<unknown>][] = [
    ['labels', async () => labels.length > 0 && port.addLabels(conversationId, labels, signal)],
    ['priority', () => port.setPriority(conversationId, reasonRows[reason].priority, signal)],
    [
      'team',
      async () =>
        team === undefined || reason === 'nobody_came' || hasTeam(await port.assignTeam(conversationId, team, signal)),
    ],
  ];
  for (const [step, run] of steps) {
    try {
      await run();
    } catch (error) {
      if (pass.signal.aborted) throw error;
      logger.warn({ ...conversation, step, code: codeOf(error), err: error }, 'handoff.triage_failed');
    }
  }
}

function hasTeam(isAssigned: boolean): void {
  if (!isAssigned) throw new Error('There is no team of this name, or our credentials may not see teams');
}
