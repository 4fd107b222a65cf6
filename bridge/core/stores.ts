// The set of stores an installation runs on. Two adapters make it (embedded journal, Redis) and the composition root
// hands it inward; it lives in core because entry and core speak of it and must not know which one it is.
import type {
  AuditLog,
  CacheStore,
  ConversationStates,
  DocumentStore,
  Locks,
  Mailbox,
  ReconcileRuns,
  ReplyLedger,
  SealedStore,
  TenantStore,
  TokenStore,
  TurnQueue,
  TurnTraces,
  UsageLedger,
} from './ports.ts';

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
  traces: TurnTraces;
  cache: CacheStore;
  tenants: TenantStore;
  sealed: SealedStore;
  tokens: TokenStore;
  audit: AuditLog;
  usage: UsageLedger;
  documents: DocumentStore;
  runs: ReconcileRuns;
  /** Never rejects: trouble is an answer here. */
  check(): Promise<StoreHealth>;
  /** Ends everything, the queue included (its running jobs get two seconds); calls after it reject. */
  close(): Promise<void>;
}
