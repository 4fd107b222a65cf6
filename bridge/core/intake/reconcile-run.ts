// What one look at one tenant's conversations found and did: the numbers of its closing line.

export type SkipReason =
  'up_to_date' | 'known' | 'too_old' | 'person_answered' | 'resolved' | 'own_reply' | 'left_to_people';

export interface ReconcileRun {
  /** Conversations looked at. */
  checked: number;
  /** Messages after the last one that needs no answer any more. */
  found: number;
  /** Of these, what went into a mailbox. */
  handled: number;
  /** Persons' replies among them. */
  takeovers: number;
  skipped: Partial<Record<SkipReason, number>>;
  /** There was more than one run may read: the next one goes on. */
  isCut: boolean;
}

export function freshRun(): ReconcileRun {
  return { checked: 0, found: 0, handled: 0, takeovers: 0, skipped: {}, isCut: false };
}

export function skip(run: ReconcileRun, reason: SkipReason): void {
  run.skipped[reason] = (run.skipped[reason] ?? 0) + 1;
}
