// Who is signed in at the operator's page. Sessions are random names in this process's memory: a restart signs everybody
// out, and there is nothing to steal from disk.
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../core/ports/clock.ts';

export const sessionMs = 8 * 60 * 60 * 1000;
const mostSessions = 100;

export class Sessions {
  readonly #clock: Clock;
  /** Kept by hash, oldest first. */
  readonly #endsAtMs = new Map<string, number>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Returns the name of the session, which only the browser keeps. */
  open(): string {
    const [oldest] = this.#endsAtMs.keys();
    if (this.#endsAtMs.size >= mostSessions && oldest !== undefined) this.#endsAtMs.delete(oldest);
    const id = randomBytes(32).toString('base64url');
    this.#endsAtMs.set(hashOf(id), this.#clock.now() + sessionMs);
    return id;
  }

  isOpen(id: string): boolean {
    const hash = hashOf(id);
    const endsAtMs = this.#endsAtMs.get(hash);
    if (endsAtMs === undefined) return false;
    if (this.#clock.now() < endsAtMs) return true;
    this.#endsAtMs.delete(hash);
    return false;
  }

  close(id: string): void {
    this.#endsAtMs.delete(hashOf(id));
  }
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
