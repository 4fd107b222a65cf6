// A budget of events per time, shared by every instance. It delays, it never drops.

export interface Rate {
  count: number;
  perMs: number;
}

export interface RateLimiter {
  /**
   * Takes one from the budget of this name: 0 = go now, else how many milliseconds to wait before asking again (nothing
   * was taken). Never more than `count` are let through in any span of `perMs`, whoever asks.
   */
  take(name: string, rate: Rate): Promise<number>;
}
