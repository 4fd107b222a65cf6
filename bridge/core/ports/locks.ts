// Named locks with a fencing token, shared by every instance.
export interface HeldLock {
  /** Grows with every acquisition of this name; a later holder has a larger one. */
  readonly fence: number;
  /** Until when the lock is certainly ours if it is not renewed. */
  readonly heldUntilMs: number;
  /** False when the lock was lost meanwhile. */
  renew(ttlMs: number): Promise<boolean>;
  release(): Promise<void>;
}

export interface Locks {
  /** Takes the lock or returns null at once; never waits. */
  acquire(name: string, ttlMs: number): Promise<HeldLock | null>;
}
