// The rules of the mailbox written down a second time, as plainly as possible, to compare adapters with.
export type MailboxStep =
  | { do: 'store'; id: number; quiet: { quietMs: number; maxMs: number } | null; afterMs: number }
  | { do: 'amend'; id: number; quiet: { quietMs: number; maxMs: number } | null; isFromNow: boolean }
  | { do: 'remove'; ids: number[] }
  | { do: 'postpone'; toMs: number };

export class MailboxModel {
  nowMs = 10_000;
  notBeforeMs = 0;
  #wakeAtMs = 0;
  readonly #seen = new Set<number>();
  readonly #entries = new Map<number, { atMs: number; quiet: boolean }>();

  store(step: Extract<MailboxStep, { do: 'store' }>): { outcome: 'stored' | 'duplicate'; wakeAtMs: number } {
    this.nowMs += step.afterMs;
    if (this.#seen.has(step.id)) return { outcome: 'duplicate', wakeAtMs: this.#wakeAtMs };
    const wakesAtOnce = this.#some(false);
    const wasEmpty = this.#entries.size === 0;
    this.#seen.add(step.id);
    this.#entries.set(step.id, { atMs: this.nowMs, quiet: step.quiet !== null });
    if (step.quiet === null) {
      this.#wakeAtMs = wasEmpty ? this.nowMs : Math.min(this.nowMs, this.#wakeAtMs);
    } else {
      const began = Math.min(...[...this.#entries.values()].filter(({ quiet }) => quiet).map(({ atMs }) => atMs));
      this.notBeforeMs = Math.min(this.nowMs + step.quiet.quietMs, began + step.quiet.maxMs);
      this.#wakeAtMs = wakesAtOnce ? Math.min(this.#wakeAtMs, this.notBeforeMs) : this.notBeforeMs;
    }
    return { outcome: 'stored', wakeAtMs: this.#wakeAtMs };
  }

  amend({ id, quiet, isFromNow }: Extract<MailboxStep, { do: 'amend' }>): { amended: boolean; wakeAtMs: number } {
    const entry = this.#entries.get(id);
    if (entry === undefined) return { amended: false, wakeAtMs: this.#wakeAtMs };
    const arrivals = [...this.#entries.values()].filter((other) => other.quiet).map(({ atMs }) => atMs);
    if (quiet !== null && entry.quiet && arrivals.every((atMs) => atMs <= entry.atMs)) {
      const fromMs = isFromNow ? this.nowMs : entry.atMs;
      this.notBeforeMs = Math.min(fromMs + quiet.quietMs, Math.min(...arrivals) + quiet.maxMs);
      this.#wakeAtMs = this.#some(false) ? Math.min(this.#wakeAtMs, this.notBeforeMs) : this.notBeforeMs;
    }
    return { amended: true, wakeAtMs: this.#wakeAtMs };
  }

  remove(ids: number[]): void {
    if (!ids.some((id) => this.#entries.has(id))) return;
    for (const id of ids) this.#entries.delete(id);
    if (!this.#some(true)) this.notBeforeMs = 0;
    if (!this.#some(false)) this.#wakeAtMs = this.notBeforeMs;
  }

  postpone(toMs: number): void {
    if (this.#entries.size === 0) return;
    this.notBeforeMs = toMs;
    this.#wakeAtMs = toMs;
  }

  keys(): string[] {
    return [...this.#entries.keys()].map((id) => `k${id}`).sort();
  }

  #some(quiet: boolean): boolean {
    return [...this.#entries.values()].some((entry) => entry.quiet === quiet);
  }
}
