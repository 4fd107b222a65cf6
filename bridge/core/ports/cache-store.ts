// The second cache level.
/** The second cache level. Losing it loses speed only; every method may fail and the caller goes on without. */
export interface CacheStore {
  get(key: string): Promise<string | null>;
  set(key: string, value: string, ttlSeconds: number): Promise<void>;
  /** Removes keys that start with one of these prefixes; returns how many went. */
  removePrefix(prefix: string): Promise<number>;
  /** Tells every instance, this one included, that keys with this prefix are void. */
  publishInvalidation(prefix: string): Promise<void>;
  onInvalidation(listener: (prefix: string) => void): void;
}
