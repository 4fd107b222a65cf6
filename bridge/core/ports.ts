// Everything core needs from outside, as small interfaces that speak our words only. Each port has one contract suite in
// test/contract that every adapter passes (embedded, Redis, Qdrant, Odoo). Unless a line says otherwise, a call that
// cannot be served rejects with BridgeError('upstream_unavailable') and has changed nothing the caller can see.
import type { Contact, ConversationFacts, ConversationRef, DeliveryReading, MailboxEntry } from './message.ts';
import type { FieldProblem } from './errors.ts';
import type { Tenant } from './tenant.ts';
import type { DocumentKind, DocumentRef, KnowledgeDocument, StoredDocument } from './knowledge/document.ts';

// ---- time, logs, numbers ----------------------------------------------------------------------------------------------

/** The clock, so that tests decide what time it is. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
}

export type LogFields = Record<string, unknown>;

/** Structured log. The message is static text; everything that varies is a field. Customer text never goes in. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}

/** Counters and durations; the adapter owns their names' prefix and buckets. */
export interface Metrics {
  count(name: string, labels?: Record<string, string>, by?: number): void;
  /** Records one duration in milliseconds. */
  time(name: string, ms: number, labels?: Record<string, string>): void;
}

// ---- mail, turns, locks ------------------------------------------------------------------------------------------------

/** One thing to remember for a conversation. `key` names it for idempotency, whatever way it came. */
export interface Mail {
  conversation: ConversationRef;
  key: string;
  entry: MailboxEntry;
  /** How long to stay quiet after this entry, counted from `nowMs`; null when it needs no quiet (it wakes at once). */
  quiet: { quietMs: number; maxMs: number } | null;
  nowMs: number;
}

export interface StoredMail {
  key: string;
  entry: MailboxEntry;
}

export interface MailboxContent {
  /** In message-id order; entries without a message keep the order of arrival at the front. */
  mail: StoredMail[];
  /** Customer messages must not be answered before this instant; 0 when there is nothing to wait for. */
  notBeforeMs: number;
}

/**
 * The conversation mailbox, a store of record. Trimmed by `remove` when a turn ended; idempotency keys are forgotten
 * after seven days. What `store` acknowledged survives a kill of the process.
 */
export interface Mailbox {
  /**
   * One atomic step: seen before → 'duplicate' and nothing else; otherwise the entry, its key, the conversation's
   * not-before instant (`min(nowMs + quietMs, first entry's nowMs + maxMs)`) and a wake mark are all stored.
   * `wakeAtMs` is when the conversation should be looked at.
   */
  store(mail: Mail): Promise<{ outcome: 'stored' | 'duplicate'; wakeAtMs: number }>;
  read(conversation: ConversationRef): Promise<MailboxContent>;
  /** Removes these entries; the wake mark goes with the last one, else it moves to the remaining not-before instant. */
  remove(conversation: ConversationRef, keys: string[]): Promise<void>;
  /** Moves the quiet time of what is in the mailbox (a transcript arrived, a turn was put off). */
  postpone(conversation: ConversationRef, notBeforeMs: number): Promise<void>;
  /** Conversations whose wake mark is due, oldest first: the sweeper makes the jobs that were lost. */
  due(nowMs: number, limit: number): Promise<ConversationRef[]>;
  /** How many conversations hold mail. */
  size(): Promise<number>;
}

export interface TurnJob {
  conversation: ConversationRef;
  /** Failed tries of this wake so far, 0 at first. */
  attempt: number;
}

export type TurnDecision = { kind: 'done' } | { kind: 'again'; delayMs: number; attempt: number };

/**
 * Wake jobs. A job says "this conversation has mail", never "this message". Jobs may run twice or be lost; the mailbox,
 * the conversation lock and the sweeper make that harmless.
 */
export interface TurnQueue {
  wake(conversation: ConversationRef, delayMs: number): Promise<void>;
  /** Starts taking jobs. A handler that throws is a bug: the job is kept among the dead letters and logged. */
  process(concurrency: number, handle: (job: TurnJob) => Promise<TurnDecision>): Promise<void>;
  counts(): Promise<{ waiting: number; delayed: number; active: number; failed: number }>;
  /** Stops taking jobs and waits for the running ones, at most `timeoutMs`. */
  close(timeoutMs: number): Promise<void>;
}

export interface HeldLock {
  /** Grows with every acquisition of this name; a later holder has a larger one. */
  readonly fence: number;
  /** Until when the lock is certainly ours if it is not renewed. */
  readonly heldUntilMs: number;
  /** False when the lock was lost meanwhile. */
  renew(ttlMs: number): Promise<boolean>;
  release(): Promise<void>;
}

export interface Locks {
  /** Takes the lock or returns null at once; never waits. */
  acquire(name: string, ttlMs: number): Promise<HeldLock | null>;
}

// ---- what was said -----------------------------------------------------------------------------------------------------

export interface ReplyPart {
  text: string;
  /** The other side's id once it is proved to be stored there. */
  messageId: number | null;
}

/** What we decided to say, written down before the first part leaves. One per conversation: the latest. */
export interface ReplyIntent {
  version: 1;
  conversation: ConversationRef;
  turnId: string;
  /** The reply answers every customer message up to this id. */
  lastMessageId: number;
  /** The newest message id of the conversation when the intent was written: read-back looks only after it. */
  afterMessageId: number;
  parts: ReplyPart[];
  /** What must follow the parts before the turn counts as finished, so that a crash in between is made good. */
  handoff: { reason: string; note: string } | null;
  state: 'intended' | 'done' | 'undecided';
  atMs: number;
  /** What a turn that finds this intent unfinished needs to know of it; absent in intents of an older build. */
  memo?: ReplyMemo;
}

export interface ReplyMemo {
  /** The mail this reply answers: what else is older than its last message came late and is still to be answered. */
  keys: string[];
  language: string;
  service: string;
  offersPerson: boolean;
}

/**
 * The ledger of replies, a store of record: makes "once" true across crashes. Trimmed by replacement: one intent a
 * conversation, and finished intents of conversations quiet for 90 days may be dropped (the watermark stays).
 */
export interface ReplyLedger {
  /**
   * Compare-and-set on (conversation, last message id): begins only when the previous intent is finished and answers
   * older messages. Otherwise returns the intent that stands.
   */
  begin(intent: ReplyIntent): Promise<{ begun: true } | { begun: false; standing: ReplyIntent }>;
  /** Proof that a part is stored on the other side. Unknown turns and repeated proofs are ignored. */
  confirmPart(conversation: ConversationRef, turnId: string, part: number, messageId: number): Promise<void>;
  /** A missing part is about to be sent again: whoever finds this intent next waits from `atMs` before reading back. */
  restart(conversation: ConversationRef, turnId: string, atMs: number): Promise<void>;
  /** Ends the intent and moves the answered watermark to its last message. */
  finish(conversation: ConversationRef, turnId: string, state: 'done' | 'undecided'): Promise<void>;
  current(conversation: ConversationRef): Promise<ReplyIntent | null>;
  /** Customer messages up to this id need no reply any more (answered, handed over or silent on purpose). */
  answeredUpTo(conversation: ConversationRef): Promise<number>;
  /** Moves the watermark forward, never back. */
  markAnswered(conversation: ConversationRef, messageId: number): Promise<void>;
}

export interface Exchange {
  from: 'customer' | 'assistant' | 'person' | 'note';
  text: string;
  atMs: number;
  messageId: number;
}

/** Short-term state of a conversation. Long-term memory lives in Odoo. */
export interface ConversationState {
  version: 1;
  owner: 'assistant' | 'requested' | 'person';
  /** The newest news of ownership, by the other side's clock, 0 before any: older news that comes later is no news. */
  ownerSinceMs: number;
  lastStatus: ConversationFacts['status'] | null;
  /** Newest last; starts after the last resolved boundary; bounded. */
  window: Exchange[];
  /** We offered a person and wait for a yes. */
  personOffered: boolean;
  /** A `test` inbox speaks only after the customer asked for it here. */
  testUnlocked: boolean;
  lastService: string | null;
  /** Failed tries of the mail that waits now; the apology to the customer comes after too many. */
  failures: number;
  updatedAtMs: number;
}

/** A store of record without expiry; entries quiet for 90 days may be trimmed to owner and status. */
export interface ConversationStates {
  get(conversation: ConversationRef): Promise<ConversationState | null>;
  set(conversation: ConversationRef, state: ConversationState): Promise<void>;
}

/** What a turn did, for people: console, demo page, audit. Kept as a bounded recent list per conversation. */
export interface TurnTrace {
  turn_id: string;
  account_id: string;
  conversation_id: number;
  at: string;
  outcome: string;
  service: string | null;
  confidence: number | null;
  reason: string | null;
  rung: string | null;
  sources: { kind: string; id: string; title: string }[];
  tools: { name: string; ok: boolean; ms: number }[];
  usage: { model_calls: number; input_tokens: number; output_tokens: number; embedding_tokens: number };
  ms: number;
  durations: Record<string, number>;
}

export interface TurnTraces {
  add(trace: TurnTrace): Promise<void>;
  /** Newest first, at most `limit`; of one conversation when it is given. */
  list(accountId: string, conversationId: number | null, limit: number): Promise<TurnTrace[]>;
}

// ---- cache -------------------------------------------------------------------------------------------------------------

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

// ---- tenants, credentials, tokens -------------------------------------------------------------------------------------

/** One configuration file as it was read: its content before any check, or why it cannot be read. */
export interface ConfigLayer {
  /** The file as people name it, relative to the tenants folder. */
  readonly file: string;
  readonly content: unknown;
  /** Not readable or not YAML; the content is then null. */
  readonly problem: FieldProblem | null;
}

export interface TenantLayer extends ConfigLayer {
  readonly domain: string;
  /** The folder's name, which must be the account id. */
  readonly folder: string;
}

export interface TenantFiles {
  /** Lowest first. */
  readonly base: readonly ConfigLayer[];
  /** By domain name. */
  readonly domains: ReadonlyMap<string, ConfigLayer>;
  readonly tenants: readonly TenantLayer[];
}

/**
 * Tenants that people give as files; never written by us. A file that did not change keeps its layer object from one
 * read to the next, so that readers work only on what changed. A wrong file is a layer with a problem, never a rejection.
 */
export interface TenantSource {
  read(): Promise<TenantFiles>;
  /** Calls back after files changed, with all of them. */
  onChange(listener: (files: TenantFiles) => void): void;
}

export interface StoredTenant {
  version: 1;
  accountId: string;
  domain: string;
  /** Grows by one with every change. */
  revision: number;
  /** The tenant's own part of the configuration, before inheritance, as it was sent. */
  config: unknown;
}

/** Tenants saved through `tenant.upsert`, a store of record; trimmed only by `remove`. */
export interface TenantStore {
  list(): Promise<StoredTenant[]>;
  get(accountId: string): Promise<StoredTenant | null>;
  /** Rejects with `conflict` when `expectedRevision` is given and differs (0 = must not exist yet). */
  put(tenant: Omit<StoredTenant, 'revision' | 'version'>, expectedRevision: number | null): Promise<StoredTenant>;
  remove(accountId: string): Promise<boolean>;
  /** Calls back when another instance (or this one) changed a tenant. Best effort: revisions are compared per turn. */
  onChange(listener: (accountId: string) => void): void;
}

export type CredentialFields = Record<string, string | string[] | Record<string, string>>;

export interface Credential {
  ref: string;
  kind: 'chatwoot' | 'odoo' | 'model' | 'mcp';
  fields: CredentialFields;
  /** The origin it was saved for, null when it has none; a changed URL asks for the credential again. */
  origin: string | null;
  updatedAtMs: number;
}

export interface CredentialSummary {
  ref: string;
  kind: Credential['kind'];
  fields: string[];
  updatedAtMs: number;
}

/** Sealed credentials of a tenant, a store of record. Values leave only through `get`, which only adapters' makers call. */
export interface CredentialVault {
  get(accountId: string, ref: string): Promise<Credential | null>;
  set(accountId: string, credential: Credential): Promise<void>;
  list(accountId: string): Promise<CredentialSummary[]>;
  remove(accountId: string, ref: string): Promise<boolean>;
  removeAll(accountId: string): Promise<number>;
}

/** Where sealed text is kept; knows nothing of keys. A store of record. */
export interface SealedStore {
  get(accountId: string, ref: string): Promise<string | null>;
  put(accountId: string, ref: string, sealed: string): Promise<void>;
  list(accountId: string): Promise<{ ref: string; sealed: string }[]>;
  remove(accountId: string, ref: string): Promise<boolean>;
}

export const tokenScopes = ['odoo', 'mcp', 'read'] as const;
export type TokenScope = (typeof tokenScopes)[number];

export interface StoredToken {
  version: 1;
  id: string;
  accountId: string;
  name: string;
  /** SHA-256 of the token, hex: tokens are random and long, so a plain hash suffices. */
  hash: string;
  scopes: TokenScope[];
  /** The Odoo database it was paired with, null when it was made by hand. */
  databaseUuid: string | null;
  createdAtMs: number;
  lastUsedAtMs: number | null;
}

export interface PairingCode {
  version: 1;
  hash: string;
  /** The existing account it may pair, null for a new one. */
  accountId: string | null;
  expiresAtMs: number;
}

/** Token hashes and pairing codes, a store of record; used and expired codes are removed when seen. */
export interface TokenStore {
  add(token: StoredToken): Promise<void>;
  findByHash(hash: string): Promise<StoredToken | null>;
  list(accountId: string): Promise<StoredToken[]>;
  revoke(accountId: string, id: string): Promise<boolean>;
  removeAll(accountId: string): Promise<number>;
  touch(id: string, atMs: number): Promise<void>;
  addPairing(code: PairingCode): Promise<void>;
  /** Takes the code out in one atomic step: of two callers only one gets it. */
  takePairing(hash: string): Promise<PairingCode | null>;
}

export interface AuditEntry {
  at: string;
  account_id: string;
  actor: string;
  action: string;
  detail: Record<string, string | number | boolean | null>;
}

/** What was decided and who touched data; bounded to the newest 10 000 entries a tenant. */
export interface AuditLog {
  add(entry: AuditEntry): Promise<void>;
  /** Newest first. */
  list(accountId: string, sinceMs: number | null, limit: number): Promise<AuditEntry[]>;
}

/** Counters by day and tenant (`turns`, `rung:model`, `input_tokens` …), kept 400 days. */
export interface UsageLedger {
  add(accountId: string, day: string, amounts: Record<string, number>): Promise<void>;
  /** Days inclusive, `YYYY-MM-DD`. */
  range(accountId: string, fromDay: string, toDay: string): Promise<Record<string, Record<string, number>>>;
}

// ---- knowledge ---------------------------------------------------------------------------------------------------------

export interface DocumentChanges {
  /** The revision these changes lead to. */
  revision: number;
  upserted: StoredDocument[];
  removed: DocumentRef[];
}

/** Documents of a tenant, a store of record; trimmed only by `remove`. What `upsert` acknowledged survives a kill. */
export interface DocumentStore {
  upsert(accountId: string, documents: StoredDocument[]): Promise<void>;
  /** Returns how many existed. */
  remove(accountId: string, refs: DocumentRef[]): Promise<number>;
  get(accountId: string, refs: DocumentRef[]): Promise<StoredDocument[]>;
  all(accountId: string): Promise<StoredDocument[]>;
  removeAll(accountId: string): Promise<number>;
  /** Grows with every change; 0 for a tenant without documents. Compared on every turn. */
  revision(accountId: string): Promise<number>;
  /** What changed after `revision`, or null when that is too long ago (the caller reads everything again). */
  changesSince(accountId: string, revision: number): Promise<DocumentChanges | null>;
}

/** Terms by their 32-bit hash. Documents carry saturated frequencies, queries carry weights; the index applies IDF. */
export interface SparseVector {
  indices: number[];
  values: number[];
}

/** A document as the index sees it: numbers and filter fields, never language. */
export interface IndexPoint {
  ref: DocumentRef;
  sparse: SparseVector;
  /** Unit length; null while the embedding is pending. */
  dense: Float32Array | null;
  /** Half-open validity in epoch milliseconds; ±Infinity for open ends. */
  fromMs: number;
  toMs: number;
  channels: string[];
  services: string[];
  audience: string[];
  priority: number;
  active: boolean;
  source: string;
}

/** Empty lists and nulls mean "no condition". A document without scope passes every scope. */
export interface IndexFilter {
  kinds: DocumentKind[];
  /** Null = documents are found whatever their validity. */
  atMs: number | null;
  channel: string | null;
  service: string | null;
}

export interface LegHit {
  ref: DocumentRef;
  score: number;
}

/** Lexical and vector search over points; both legs apply the filter before ranking. Isolated per tenant. */
export interface SearchIndex {
  /** True when every instance uses the same index: then only the instance that changed a document writes it. */
  readonly shared: boolean;
  upsert(accountId: string, points: IndexPoint[]): Promise<void>;
  remove(accountId: string, refs: DocumentRef[]): Promise<void>;
  lexical(accountId: string, query: SparseVector, filter: IndexFilter, limit: number): Promise<LegHit[]>;
  dense(accountId: string, query: Float32Array, filter: IndexFilter, limit: number): Promise<LegHit[]>;
  /** Every reference the index holds, for repair. */
  refs(accountId: string): Promise<DocumentRef[]>;
  drop(accountId: string): Promise<void>;
}

/** Vectors by the hash of what they were made from, shared by tenants (a hash tells nothing). Losing it costs time only. */
export interface VectorCache {
  /** In the order of the keys, null where nothing is kept. */
  get(model: EmbeddingModel, textHashes: string[]): Promise<(Float32Array | null)[]>;
  put(model: EmbeddingModel, vectors: { textHash: string; vector: Float32Array }[]): Promise<void>;
}

/** The pages of reconcile runs, whichever instance took them; forgotten a day after the last page. */
export interface ReconcileRuns {
  add(accountId: string, run: string, items: ManifestItem[]): Promise<void>;
  /** Every item of the run so far; pages that came twice may be in it twice. */
  items(accountId: string, run: string): Promise<ManifestItem[]>;
}

export interface EmbeddingModel {
  /** Changes whenever vectors are not comparable any more (model or dimensions). */
  readonly model: string;
  readonly dimensions: number;
}

export interface Embedder extends EmbeddingModel {
  /** Unit-length vectors in the order of the texts. */
  embed(texts: string[], signal: AbortSignal): Promise<{ vectors: Float32Array[]; tokens: number }>;
}

// ---- language model ------------------------------------------------------------------------------------------------------

export interface ToolSpec {
  name: string;
  description: string;
  /** JSON Schema of the arguments. */
  parameters: Record<string, unknown>;
}

export interface ToolCall {
  id: string;
  name: string;
  argumentsJson: string;
}

export type ModelMessage =
  | { role: 'system' | 'user'; text: string }
  | { role: 'assistant'; text: string; toolCalls: ToolCall[] }
  | { role: 'tool'; callId: string; text: string };

export interface ModelRequest {
  messages: ModelMessage[];
  tools: ToolSpec[];
  maxOutputTokens: number;
}

export interface ModelStep {
  text: string;
  toolCalls: ToolCall[];
  usage: { inputTokens: number; outputTokens: number };
}

/** One question to a language model. Rejects with `upstream_unavailable`, `upstream_rejected` or `model_misbehaved`. */
export interface ChatModel {
  readonly name: string;
  next(request: ModelRequest, signal: AbortSignal): Promise<ModelStep>;
}

// ---- the conversation's other side -------------------------------------------------------------------------------------

/** A webhook request before anybody believes it. Header names are lower case. */
export interface RawDelivery {
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
  /** The token of the URL form for installations that cannot sign; null on the plain path. */
  urlToken: string | null;
}

/** Verifies first, parses afterwards. The only maker of `DeliveryReading`. */
export interface Deliveries {
  /**
   * Rejects with `bad_signature` (also for an unknown tenant: pass null), `bad_request` (signed but not readable) or
   * `upstream_unavailable` (the secrets could not be read).
   */
  open(tenant: Tenant | null, raw: RawDelivery): Promise<DeliveryReading>;
}

export interface LiveConversation extends ConversationFacts {
  /** The newest message there, whoever wrote it; 0 when unknown. */
  lastMessageId: number;
  /** The same, when a person of the team wrote it in public; else 0. Its delivery may still be on the way. */
  personMessageId: number;
}

export interface SentPart {
  turnId: string;
  part: number;
  messageId: number;
}

/** A reply to be found again: by its tag, and by text where the other side is too old to keep tags. */
export interface SoughtReply {
  turnId: string;
  texts: string[];
  afterMessageId: number;
}

/**
 * The tenant's conversations on the other side, bound to the tenant's own credentials.
 * `upstream_rejected` = the other side said no for good (wrong token, gone); `upstream_unavailable` = later, and for
 * `sendPart` also "nobody knows whether it was stored".
 */
export interface Conversations {
  /**
   * Live state. 'people' when it cannot be read in a way that itself says people have it; 'unreadable' when our
   * credentials may never read here, so that what deliveries told must do.
   */
  readLive(conversationId: number, signal: AbortSignal): Promise<LiveConversation | 'people' | 'unreadable'>;
  /**
   * One part of a reply, tagged with turn and part. Parts are sent in order, so a stored part proves those before it.
   * Not repeated by the adapter: the caller reads back first.
   */
  sendPart(
    conversationId: number,
    part: { text: string; turnId: string; part: number },
    signal: AbortSignal,
  ): Promise<{ messageId: number }>;
  /** Our parts of this reply that are stored there, looking only after `afterMessageId`; 'unknown' = cannot tell. */
  findSent(conversationId: number, sought: SoughtReply, signal: AbortSignal): Promise<SentPart[] | 'unknown'>;
  addNote(conversationId: number, text: string, signal: AbortSignal): Promise<void>;
  /** Opens it for people; doing it twice is harmless. */
  open(conversationId: number, signal: AbortSignal): Promise<void>;
  /** Nobody is assigned any more; doing it twice is harmless. */
  unassign(conversationId: number, signal: AbortSignal): Promise<void>;
  /** The latest messages, oldest first, or null when our credentials cannot read history. */
  history(conversationId: number, limit: number, signal: AbortSignal): Promise<Exchange[] | null>;
  check(signal: AbortSignal): Promise<IntegrationCheck>;
}

export interface IntegrationCheck {
  ok: boolean;
  ms: number;
  message: string;
  fix: string | null;
}

// ---- the business system ---------------------------------------------------------------------------------------------------

export interface ManifestItem extends DocumentRef {
  hash: string;
}

export interface ManifestPage {
  items: ManifestItem[];
  /** Cursor of the next page, '' at the end. */
  next: string;
  digest: string;
}

/** Facts that change by the minute and are therefore never indexed. */
export interface ProductFacts {
  ref: DocumentRef;
  price: number | null;
  currency: string | null;
  /** Units in stock, null when unknown or not tracked. */
  stock: number | null;
}

/** The tenant's business system, bound to the tenant's own credentials (Odoo through its gateway, or the YAML catalogue). */
export interface BusinessSystem {
  manifest(kinds: DocumentKind[], after: string, limit: number, signal: AbortSignal): Promise<ManifestPage>;
  documents(refs: DocumentRef[], signal: AbortSignal): Promise<{ documents: KnowledgeDocument[]; gone: DocumentRef[] }>;
  /** Read at answer time, never from an index. Unknown products are left out. */
  productFacts(refs: DocumentRef[], signal: AbortSignal): Promise<ProductFacts[]>;
  check(signal: AbortSignal): Promise<IntegrationCheck>;
}

export type { Contact };
