// Up to when a tenant's conversations were compared with its Chatwoot; a comparison that never was is told from a store that
// cannot be asked.
import type { ReconcileMarks } from '../../core/ports/reconcile-marks.ts';

export type Compared = { state: 'at'; at: string } | { state: 'never' } | { state: 'unknown' };

export async function compared(marks: Pick<ReconcileMarks, 'get'>, accountId: string): Promise<Compared> {
  try {
    const mark = await marks.get(accountId);
    return mark === null ? { state: 'never' } : { state: 'at', at: new Date(mark.comparedUpToMs).toISOString() };
  } catch {
    return { state: 'unknown' };
  }
}
