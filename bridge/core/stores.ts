// The set of stores an installation runs on. Two adapters make it (embedded journal, Redis) and the composition root
// hands it inward; it lives in core because entry and core speak of it and must not know which one it is.
import type { AuditLog } from './ports/audit-log.ts';
import type { CacheStore } from './ports/cache-store.ts';
import type { ConversationStates } from './ports/conversation-states.ts';
import type { SealedStore } from './ports/credentials.ts';
import type { DeadLetters } from './ports/dead-letters.ts';
import type { DocumentStore } from './ports/document-store.ts';
import type { Locks } from './ports/locks.ts';
import type { Mailbox } from './ports/mailbox.ts';
import type { RateLimiter } from './ports/rate-limiter.ts';
import type { ReconcileMarks } from './ports/reconcile-marks.ts';
import type { ReconcileRuns } from './ports/reconcile-runs.ts';
import type { Reminders } from './ports/reminders.ts';
import type { ReplyLedger } from './ports/reply-ledger.ts';
import type { TenantStore } from './ports/tenant-store.ts';
import type { TokenStore } from './ports/token-store.ts';
import type { TurnQueue } from './ports/turn-queue.ts';
import type { TurnSlots } from './ports/turn-slots.ts';
import type { TurnTraces } from './ports/turn-traces.ts';
import type { UsageLedger } from './ports/usage-ledger.ts';

/** How the stores are, in the words of `/ready`. */
export interface StoreHealth {
  state: 'up' | 'degraded' | 'down' | 'embedded';
  /** Round trip in milliseconds; null when there is no server to ask or it did not answer. */
  ms: number | null;
  message: string | null;
  /** What a person does about it. */
  fix: string | null;
}

export interface Stores {
  mailbox: Mailbox;
  queue: TurnQueue;
  locks: Locks;
  ledger: ReplyLedger;
  states: ConversationStates;
  reminders: Reminders;
  traces: TurnTraces;
  cache: CacheStore;
  tenants: TenantStore;
  sealed: SealedStore;
  tokens: TokenStore;
  audit: AuditLog;
  usage: UsageLedger;
  documents: DocumentStore;
  runs: ReconcileRuns;
  deadLetters: DeadLetters;
  marks: ReconcileMarks;
  rates: RateLimiter;
  turnSlots: TurnSlots;
  /** Never rejects: trouble is an answer here. */
  check(): Promise<StoreHealth>;
  /** Ends everything, the queue included (its running jobs get two seconds); calls after it reject. */
  close(): Promise<void>;
}
