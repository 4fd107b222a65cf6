// What a contract suite runs on: one set of stores, a second view of the same data, and a way to end everything hard and
// open it again. Each adapter brings its own; the suites do not know which one they got.
import type { Stores } from '../../bridge/core/stores.ts';
import type { LogLine } from '../fixtures/quiet-log.ts';

export interface StoreWorld {
  stores: Stores;
  /** Another instance on the same data where the adapter allows several, the same one where it does not. */
  other: Stores;
  readonly log: LogLine[];
  /** Ends and opens again; a server is killed and started meanwhile. */
  reopen(): Promise<void>;
  close(): Promise<void>;
}

export type OpenWorld = () => Promise<StoreWorld>;

/** The world of a suite: opened before its tests, closed after them. Each test uses accounts of its own. */
export function useWorld(open: OpenWorld): () => StoreWorld {
  let world: StoreWorld | null = null;
  before(async function () {
    this.timeout(60_000);
    world = await open();
  });
  after(async () => world?.close());
  return () => {
    if (world === null) throw new Error('the world is open only while tests run');
    return world;
  };
}

let accounts = 0;

/** An account no other test uses. */
export function newAccount(): string {
  accounts += 1;
  return `account-${accounts}`;
}
