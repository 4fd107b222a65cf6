// Whether the shared stores are there, as this instance sees it. One failed call is a doubt and asks at once; only when
// the asking fails too are they away. When they come back, everybody waits until what was spilled has been handed in.
import { BridgeError, codeOf } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import { afterServedTime } from './served-time.ts';

export interface OutageDeps {
  /** Something small is written to the shared stores; rejects when they do not take it. Bounded by `probeTimeoutMs`. */
  probe(): Promise<unknown>;
  /** They are there again: hands in what was spilled. Rejects when that has to be tried again. */
  drain(): Promise<void>;
  clock: Clock;
  logger: Logger;
  times: OutageTimes;
}

export interface OutageTimes {
  probeEveryMs: number;
  probeTimeoutMs: number;
  /** From such an outage on some instance may have answered without the shared stores. */
  mattersAfterMs: number;
  /** How long after it no instance begins a regular turn: others may notice later, or still be sending. */
  resumeAfterMs: number;
  /** How long after it a conversation may hold answers that the shared stores have not been told of. */
  rememberedMs: number;
}

type Phase = 'up' | 'away' | 'draining';

export class Outage {
  readonly #deps: OutageDeps;
  readonly #onAway: (() => void)[] = [];
  readonly #onBack: (() => void)[] = [];
  #mattered = false;
  #phase: Phase = 'up';
  #awaySinceMs = 0;
  #awayAtMs = 0;
  /** When the last outage that matters ended. */
  #backAtMs = Number.NEGATIVE_INFINITY;
  #asking: Promise<void> | null = null;
  #hasMore = false;
  #timer: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(deps: OutageDeps) {
    this.#deps = deps;
  }

  get isAway(): boolean {
    return this.#phase === 'away';
  }

  /** When it was first noticed; 0 when nothing is amiss. */
  get awaySinceMs(): number {
    return this.#phase === 'away' ? this.#awaySinceMs : 0;
  }

  /** From when on this instance let nobody reach them; 0 when nothing is amiss. Later than the first doubt. */
  get refusedSinceMs(): number {
    return this.#phase === 'away' ? this.#awayAtMs : 0;
  }

  get isUp(): boolean {
    return this.#phase === 'up';
  }

  /** How long regular turns must still wait; 0 = they may go. */
  get pauseMs(): number {
    if (this.#phase !== 'up') return this.#deps.times.probeEveryMs;
    return Math.max(0, this.#backAtMs + this.#deps.times.resumeAfterMs - this.#deps.clock.now());
  }

  /** Some conversation may have been answered by an instance that has not told the shared stores yet. */
  get wasLately(): boolean {
    return this.#deps.clock.now() < this.#backAtMs + this.#deps.times.rememberedMs;
  }

  onAway(listener: () => void): void {
    this.#onAway.push(listener);
  }

  /** Calls back when an outage that matters is over and everything has been handed in. */
  onBack(listener: () => void): void {
    this.#onBack.push(listener);
  }

  /** Runs a call of the shared stores; while they are away it is refused at once, so that nobody waits for nothing. */
  async guard<T>(call: () => Promise<T>): Promise<T> {
    if (this.#phase === 'away') throw new BridgeError('upstream_unavailable', 'the shared stores are away');
    try {
      return await call();
    } catch (error) {
      if (codeOf(error) === 'upstream_unavailable') this.doubt();
      throw error;
    }
  }

  /** A call failed or took too long: asks the stores themselves. */
  doubt(): void {
    if (this.#phase !== 'up' || this.#closed) return;
    this.#asking ??= this.#ask(this.#deps.clock.now()).finally(() => (this.#asking = null));
  }

  /** Something was spilled although the stores may be there: hands it in, now or as soon as they are back. */
  drainSoon(): void {
    this.#hasMore = true;
    if (this.#phase === 'up' && this.#asking === null) this.#handIn();
  }

  /** At the start: what an earlier process left is handed in before anything else. */
  begin(hasSpill: boolean): void {
    if (!hasSpill) return;
    this.#backAtMs = this.#deps.clock.now();
    this.#handIn();
  }

  close(): void {
    this.#closed = true;
    if (this.#timer) clearTimeout(this.#timer);
  }

  async #ask(sinceMs: number): Promise<void> {
    if (await this.#answers()) {
      if (this.#hasMore) this.#handIn();
      return;
    }
    this.#beAway(sinceMs);
    this.#deps.logger.warn({}, 'spill.stores_away');
    for (const listener of this.#onAway) listener();
    this.#askLater();
  }

  #beAway(sinceMs: number): void {
    this.#phase = 'away';
    this.#awaySinceMs = sinceMs;
    this.#awayAtMs = this.#deps.clock.now();
  }

  #askLater(): void {
    if (this.#closed) return;
    this.#timer = setTimeout(() => void this.#look(), this.#deps.times.probeEveryMs);
  }

  async #look(): Promise<void> {
    if (!(await this.#answers())) {
      this.#askLater();
      return;
    }
    const awayMs = this.#deps.clock.now() - this.#awaySinceMs;
    if (awayMs >= this.#deps.times.mattersAfterMs) {
      this.#backAtMs = this.#deps.clock.now();
      this.#mattered = true;
    }
    this.#deps.logger.info({ away_ms: awayMs }, 'spill.stores_back');
    this.#handIn();
  }

  #handIn(): void {
    if (this.#closed) return;
    this.#phase = 'draining';
    void this.#drain();
  }

  async #drain(): Promise<void> {
    try {
      this.#hasMore = false;
      await this.#deps.drain();
      this.#phase = 'up';
      if (this.#takesMore()) this.#handIn();
      else this.#tellBack();
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'spill.drain_failed');
      this.#hasMore = true;
      await this.#afterFailedDrain();
    }
  }

  #tellBack(): void {
    if (!this.#mattered) return;
    this.#mattered = false;
    for (const listener of this.#onBack) listener();
  }

  /** Something came while the rest was handed in. */
  #takesMore(): boolean {
    return this.#hasMore;
  }

  async #afterFailedDrain(): Promise<void> {
    if (this.#closed) return;
    if (await this.#answers()) {
      this.#timer = setTimeout(() => void this.#drain(), this.#deps.times.probeEveryMs);
      return;
    }
    this.#beAway(this.#deps.clock.now());
    for (const listener of this.#onAway) listener();
    this.#askLater();
  }

  async #answers(): Promise<boolean> {
    let stopWaiting = (): void => undefined;
    const late = new Promise<false>((resolve) => {
      stopWaiting = afterServedTime(this.#deps.times.probeTimeoutMs, () => resolve(false));
    });
    const asked = this.#deps.probe().then(
      () => true,
      () => false,
    );
    return Promise.race([asked, late]).finally(() => stopWaiting());
  }
}
