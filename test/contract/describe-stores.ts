// Every suite of the stores, for one adapter.
import { describeCacheStore } from './cache-store-suite.ts';
import { describeConversationStates, describeTurnTraces } from './conversation-records-suite.ts';
import { describeDeadLetters } from './dead-letters-suite.ts';
import { describeDocumentStore } from './document-store-suite.ts';
import { describeAuditLog, describeUsageLedger } from './history-suite.ts';
import { describeLocks } from './locks-suite.ts';
import { describeMailbox } from './mailbox-suite.ts';
import { describeRateLimiter } from './rate-limiter-suite.ts';
import { describeReconcileRuns } from './reconcile-runs-suite.ts';
import { describeReminders } from './reminders-suite.ts';
import { describeReplyLedger } from './reply-ledger-suite.ts';
import { describeSealedStore, describeTokenStore } from './secrets-suite.ts';
import type { OpenWorld } from './store-world.ts';
import { describeTenantStore } from './tenant-store-suite.ts';
import { describeTurnQueue } from './turn-queue-suite.ts';
import { describeTurnSlots } from './turn-slots-suite.ts';

export function describeStores(name: string, open: OpenWorld): void {
  describeMailbox(name, open);
  describeTurnQueue(name, open);
  describeLocks(name, open);
  describeReplyLedger(name, open);
  describeReminders(name, open);
  describeConversationStates(name, open);
  describeTurnTraces(name, open);
  describeCacheStore(name, open);
  describeTenantStore(name, open);
  describeSealedStore(name, open);
  describeTokenStore(name, open);
  describeAuditLog(name, open);
  describeUsageLedger(name, open);
  describeDocumentStore(name, open);
  describeReconcileRuns(name, open);
  describeDeadLetters(name, open);
  describeRateLimiter(name, open);
  describeTurnSlots(name, open);
}
