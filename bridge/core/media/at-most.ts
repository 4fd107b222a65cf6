// So many at once and no more: a file is held in memory while it is read, and a burst of albums from many conversations must
// not fill it. Nor may one tenant take all places: each has a share, and who comes later goes past those that used theirs.

interface Waiting {
  key: string;
  enter: () => void;
}

export class AtMost {
  readonly #places: number;
  readonly #share: number;
  readonly #running = new Map<string, number>();
  #waiting: Waiting[] = [];
  #count = 0;

  /** `share` = of those places, how many one key may have. */
  constructor(places: number, share = places) {
    this.#places = places;
    this.#share = share;
  }

  async run<T>(key: string, work: () => Promise<T>): Promise<T> {
    await new Promise<void>((enter) => {
      this.#waiting.push({ key, enter });
      this.#letIn();
    });
    try {
      return await work();
    } finally {
      this.#count -= 1;
      const left = this.#of(key) - 1;
      if (left > 0) this.#running.set(key, left);
      else this.#running.delete(key);
      this.#letIn();
    }
  }

  #letIn(): void {
    while (this.#count < this.#places) {
      const next = this.#waiting.find(({ key }) => this.#of(key) < this.#share);
      if (!next) return;
      this.#waiting = this.#waiting.filter((other) => other !== next);
      this.#count += 1;
      this.#running.set(next.key, this.#of(next.key) + 1);
      next.enter();
    }
  }

  #of(key: string): number {
    return this.#running.get(key) ?? 0;
  }
}
