// What waits after an outage until everything is handed in: regular turns, and comparing with the other side, to which what
// is not handed in yet looks like mail nobody told of.
import type { ReconcileSchedule } from '../intake/reconcile-schedule.ts';
import type { TurnQueue } from '../ports/turn-queue.ts';
import type { Tenant } from '../tenant.ts';
import type { Outage } from './outage.ts';
import { replacing } from './replacing.ts';
import type { TurnGate } from './turn-gate.ts';

/** `gate` = null while turns cannot look at the other side yet. */
export function gatedQueue(queue: TurnQueue, outage: Outage, gate: () => TurnGate | null): TurnQueue {
  return replacing(queue, {
    process: (concurrency, handle) =>
      queue.process(concurrency, async (job) => {
        const gated = gate();
        const delayMs = gated ? await gated.waitMs(job) : outage.pauseMs;
        if (delayMs > 0) return { kind: 'again', delayMs, attempt: job.attempt };
        const decision = await handle(job);
        gated?.ended(job, decision);
        return decision;
      }),
  });
}

export type ComparingSchedule = Pick<ReconcileSchedule, 'runDue' | 'close' | 'afterOutage'>;

/** After an outage everybody is compared anew. */
export function heldBack(schedule: ComparingSchedule, outage: Outage): Pick<ReconcileSchedule, 'runDue' | 'close'> {
  outage.onBack(() => schedule.afterOutage());
  return {
    runDue: async (tenants: readonly Tenant[]) => {
      if (outage.pauseMs === 0) await schedule.runDue(tenants);
    },
    close: () => schedule.close(),
  };
}
