// The best few of many, kept sorted while they come. Limits are small (tens), so insertion beats a heap; equal scores
// keep the order of arrival, which keeps results the same from run to run.

export class TopList {
  readonly #limit: number;
  readonly #items: { slot: number; score: number }[] = [];

  constructor(limit: number) {
    this.#limit = limit;
  }

  wants(score: number): boolean {
    const last = this.#items[this.#limit - 1];
    return this.#limit > 0 && (last === undefined || score > last.score);
  }

  add(slot: number, score: number): void {
    let at = this.#items.length;
    while (at > 0 && (this.#items[at - 1]?.score ?? 0) < score) at--;
    this.#items.splice(at, 0, { slot, score });
    if (this.#items.length > this.#limit) this.#items.pop();
  }

  sorted(): readonly { slot: number; score: number }[] {
    return this.#items;
  }
}
