// Where this instance keeps what it accepts while Redis is away: a folder of its own under DATA_DIR, which no other process
// uses. Instances that share a DATA_DIR get one each, and one that starts again finds what it left.
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { acquireDataLock } from './adapters/embedded/data-lock.ts';
import type { DataLock } from './adapters/embedded/data-lock.ts';
import { openEmbeddedStores } from './adapters/embedded/open-embedded-stores.ts';
import { EmbeddedSpillRecord } from './adapters/embedded/spill-record.ts';
import { yamlText } from './adapters/files/yaml-text.ts';
import { BridgeError, codeOf } from './core/errors.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Logger } from './core/ports/logger.ts';
import type { SpillPlace } from './core/spill/local-work.ts';

const foldersAtMost = 64;
/** As long as a holder on another host may be silent before it counts as gone. */
const firstFolderWaitMs = 5_000;

export async function openSpillPlace(dataDir: string, clock: Clock, logger: Logger): Promise<SpillPlace> {
  const { folder, lock } = await takeFolder(path.join(dataDir, 'spill'), logger);
  const record = new EmbeddedSpillRecord({ directory: path.join(folder, 'record'), logger });
  const work = path.join(folder, 'work');
  await record.open();
  return {
    record,
    openWork: () => openEmbeddedStores({ dataDir: work, clock, logger, yaml: yamlText }),
    wipeWork: () => rm(work, { recursive: true, force: true }),
    close: async () => {
      await record.close();
      lock.release();
    },
  };
}

async function takeFolder(parent: string, logger: Logger): Promise<{ folder: string; lock: DataLock }> {
  for (let number = 1; number <= foldersAtMost; number++) {
    const folder = path.join(parent, String(number));
    try {
      return { folder, lock: await acquireDataLock(folder, logger, number === 1 ? firstFolderWaitMs : 0) };
    } catch (error) {
      if (codeOf(error) !== 'conflict') throw error;
    }
  }
  throw new BridgeError('conflict', `more than ${foldersAtMost} instances share ${parent}: give them a DATA_DIR each`);
}
