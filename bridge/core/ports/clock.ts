// The clock, so that tests decide what time it is.
/** The clock, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}
