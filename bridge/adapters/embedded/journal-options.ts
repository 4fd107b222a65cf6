// What a journal needs from whoever keeps the state it stands for.
import type { Logger } from '../../core/ports/logger.ts';
import type { Change, JournalRecord } from './journal-record.ts';

export interface JournalOptions {
  directory: string;
  name: string;
  logger: Logger;
  /** Called for each record while the journal opens, in the order of writing. */
  replay(record: JournalRecord): void;
  /** The whole state as records, each true when it is handed out; it may change while it is being read. */
  snapshot(): Iterable<Change[]>;
  /** Throws when the data folder is not ours any more. */
  assertOwned(): void;
  /** Log size from which a compaction is worth it. */
  compactAfterBytes?: number;
}
