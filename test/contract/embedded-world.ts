// Stores without a server in a temporary data folder, as contract suites use them.
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { openEmbeddedStores } from '../../bridge/adapters/embedded/open-embedded-stores.ts';
import type { Stores } from '../../bridge/core/stores.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import type { StoreWorld } from './store-world.ts';

export interface EmbeddedWorld extends StoreWorld {
  dataDir: string;
  /** Moves the stores' clock forward. */
  advance(ms: number): void;
}

export async function openEmbeddedWorld(): Promise<EmbeddedWorld> {
  const root = await mkdtemp(path.join(tmpdir(), 'ui-stores-'));
  const logger = quietLog();
  let aheadMs = 0;
  const clock = { now: () => Date.now() + aheadMs };
  const open = (dataDir: string): Promise<Stores> =>
    openEmbeddedStores({ dataDir, clock, logger, yaml: { parse, stringify } });
  const firstFolder = path.join(root, '0');
  const stores = await open(firstFolder);
  let opened = 0;
  const world: EmbeddedWorld = {
    stores,
    other: stores,
    log: logger.lines,
    dataDir: firstFolder,
    advance: (ms) => void (aheadMs += ms),
    async reopen() {
      opened += 1;
      const folder = path.join(root, String(opened));
      await copyAsAKillLeavesIt(world.dataDir, folder);
      await world.stores.close();
      world.dataDir = folder;
      world.stores = world.other = await open(folder);
    },
    async close() {
      await world.stores.close();
      await rm(root, { recursive: true, force: true });
    },
  };
  return world;
}

/** The files while the stores are still open: nothing an orderly close would add. Only the lock's holder is really gone. */
async function copyAsAKillLeavesIt(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  await rm(path.join(to, 'lock'));
}
