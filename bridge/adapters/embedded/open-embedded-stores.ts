// All stores without a server, on journals in one data folder that belongs to this process alone. Three groups of
// journals: conversations (hot, small), the installation (tokens, credentials, tenants) and one folder a tenant.
import { join } from 'node:path';
import { codeOf } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { StoreHealth, Stores } from '../../core/stores.ts';
import { AccountTables } from './account-tables.ts';
import { EmbeddedAuditLog } from './audit-log.ts';
import { EmbeddedCacheStore } from './cache-store.ts';
import { EmbeddedConversationStates } from './conversation-states.ts';
import { acquireDataLock, type DataLock } from './data-lock.ts';
import { EmbeddedDeadLetters } from './dead-letters.ts';
import { DocumentRows, EmbeddedDocumentStore } from './document-store.ts';
import { HistoryRows } from './history.ts';
import { EmbeddedLocks } from './locks.ts';
import { EmbeddedMailbox } from './mailbox.ts';
import { EmbeddedRateLimiter } from './rate-limiter.ts';
import { EmbeddedReconcileMarks } from './reconcile-marks.ts';
import { EmbeddedReconcileRuns } from './reconcile-runs.ts';
import { EmbeddedReminders } from './reminders.ts';
import { EmbeddedReplyLedger } from './reply-ledger.ts';
import { EmbeddedSealedStore } from './sealed-store.ts';
import { Tables } from './tables.ts';
import { EmbeddedTenantStore, type YamlText } from './tenant-store.ts';
import { EmbeddedTokenStore } from './token-store.ts';
import { EmbeddedTurnQueue } from './turn-queue.ts';
import { EmbeddedTurnSlots } from './turn-slots.ts';
import { EmbeddedTurnTraces } from './turn-traces.ts';
import { EmbeddedUsageLedger } from './usage-ledger.ts';

export interface EmbeddedStoresOptions {
  dataDir: string;
  clock: Clock;
  logger: Logger;
  yaml: YamlText;
  /** Log size from which a journal is compacted; the default suits production. */
  compactAfterBytes?: number;
}

const runningJobsGetMs = 2_000;

/** Rejects with `conflict` when another process has the folder and keeps it for five seconds. */
export async function openEmbeddedStores(options: EmbeddedStoresOptions): Promise<Stores> {
  const lock = await acquireDataLock(options.dataDir, options.logger);
  try {
    return await openStores(options, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function openStores(options: EmbeddedStoresOptions, lock: DataLock): Promise<Stores> {
  const { dataDir, clock, logger, yaml, compactAfterBytes } = options;
  const assertOwned = (): void => lock.assertOwned();
  const shared = { logger, assertOwned, ...(compactAfterBytes === undefined ? {} : { compactAfterBytes }) };
  const directory = join(dataDir, 'journal');
  const accounts = join(dataDir, 'accounts');
  const conversations = new Tables({ ...shared, directory, name: 'conversations' });
  const installation = new Tables({ ...shared, directory, name: 'installation' });
  const documents = new AccountTables({
    ...shared,
    directory: accounts,
    name: 'documents',
    make: (rows) => new DocumentRows(rows),
  });
  const history = new AccountTables({
    ...shared,
    directory: accounts,
    name: 'history',
    make: (rows) => new HistoryRows(rows),
  });

  const mailbox = new EmbeddedMailbox(conversations);
  const locks = new EmbeddedLocks(conversations, clock);
  const ledger = new EmbeddedReplyLedger(conversations);
  const states = new EmbeddedConversationStates(conversations, clock);
  const deadLetters = new EmbeddedDeadLetters(conversations);
  const marks = new EmbeddedReconcileMarks(conversations);
  const reminders = new EmbeddedReminders(conversations);
  const sealed = new EmbeddedSealedStore(installation);
  const tokens = new EmbeddedTokenStore(installation, clock);
  const tenants = new EmbeddedTenantStore({
    ...shared,
    directory: join(dataDir, 'tenants'),
    tables: installation,
    yaml,
  });
  await Promise.all([conversations.open(), installation.open()]);
  await tenants.load();
  ledger.trim(clock);
  if (await states.trim()) await conversations.compact();

  const queue = new EmbeddedTurnQueue(logger);
  const journals = [conversations, installation, documents, history];
  const close = async (): Promise<void> => {
    await queue.close(runningJobsGetMs);
    await Promise.all(journals.map((journal) => journal.close()));
    lock.release();
  };
  return {
    mailbox,
    queue,
    locks,
    ledger,
    states,
    reminders,
    traces: new EmbeddedTurnTraces(history),
    cache: new EmbeddedCacheStore(clock),
    tenants,
    sealed,
    tokens,
    audit: new EmbeddedAuditLog(history),
    usage: new EmbeddedUsageLedger(history),
    documents: new EmbeddedDocumentStore(documents),
    runs: new EmbeddedReconcileRuns(join(dataDir, 'reconcile'), clock),
    deadLetters,
    marks,
    rates: new EmbeddedRateLimiter(clock),
    turnSlots: new EmbeddedTurnSlots(clock),
    check: async () => health(lock),
    close,
  };
}

function health(lock: DataLock): StoreHealth {
  try {
    lock.assertOwned();
    return { state: 'embedded', ms: null, message: null, fix: null };
  } catch (error) {
    return {
      state: 'down',
      ms: null,
      message: codeOf(error),
      fix: 'Another process uses this data folder: stop one of the two.',
    };
  }
}
