// Counters and durations, whoever keeps them.
/** Counters and durations; the adapter owns their names' prefix and buckets. */
export interface Metrics {
  count(name: string, labels?: Record<string, string>, by?: number): void;
  /** Records one duration in milliseconds. */
  time(name: string, ms: number, labels?: Record<string, string>): void;
}
