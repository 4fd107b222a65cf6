// Looks at a conversation because its time has come, under its lock and only when no mail waits: mail says more than a
// clock. A reminder is moved ahead before anything is done, so that a crash or an outage brings it back and no loop does.
import { codeOf } from '../errors.ts';
import type { ReminderKind } from '../ports/reminders.ts';
import { customerQuiet } from './customer-quiet.ts';
import { nobodyCame } from './nobody-came.ts';
import type { HubDeps, Pass } from './pass.ts';

/** Longer than a turn may take, and long enough to read back what may be on its way. */
const againMs = 75_000;

const acts: Record<ReminderKind, (deps: HubDeps, pass: Pass) => Promise<void>> = {
  handoff_unanswered: nobodyCame,
  inactive: customerQuiet,
};

export async function doDueReminders(deps: HubDeps, pass: Pass): Promise<void> {
  const nowMs = deps.clock.now();
  const standing = await deps.reminders.of(pass.conversation);
  for (const { conversation, kind, atMs } of standing) {
    if (atMs > nowMs) continue;
    const leaseMs = nowMs + againMs;
    await deps.reminders.set({ conversation, kind, atMs: leaseMs });
    if (!(await isDone(deps, pass, kind))) continue;
    const after = (await deps.reminders.of(conversation)).find((reminder) => reminder.kind === kind);
    // Moved meanwhile = to be looked at again then.
    if (after?.atMs === leaseMs) await deps.reminders.clear(conversation, kind);
  }
}

/** False = later again. A refusal for good ends it: there is nothing left to look at. */
async function isDone(deps: HubDeps, pass: Pass, kind: ReminderKind): Promise<boolean> {
  try {
    await acts[kind](deps, pass);
    return true;
  } catch (error) {
    if (pass.signal.aborted) throw error;
    const code = codeOf(error);
    const isOver = code === 'upstream_rejected' || code === 'internal';
    const fields = { ...pass.conversation, kind, code, will_retry: !isOver, err: error };
    if (code === 'internal') deps.logger.error({ ...fields, alert: true }, 'reminder.failed');
    else deps.logger.info(fields, 'reminder.failed');
    return isOver;
  }
}
