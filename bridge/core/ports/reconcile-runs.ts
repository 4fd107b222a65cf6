// The pages of a reconcile that comes in several calls.
import type { ManifestItem } from './business-system.ts';

/** The pages of reconcile runs, whichever instance took them; forgotten a day after the last page. */
export interface ReconcileRuns {
  add(accountId: string, run: string, items: ManifestItem[]): Promise<void>;
  /** Every item of the run so far; pages that came twice may be in it twice. */
  items(accountId: string, run: string): Promise<ManifestItem[]>;
}
