// Everything the RPC methods work with. Ports where a port says it; narrow functions where the work is done by a part that
// knows more than RPC may know.
import type { TwoLevelCache } from '../cache/two-level-cache.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { SyncOptions, SyncReport } from '../knowledge/sync.ts';
import type { AuditLog } from '../ports/audit-log.ts';
import type { Clock } from '../ports/clock.ts';
import type { ReplayResult } from '../hub/replay-dead-letter.ts';
import type { ConversationSetup } from '../ports/conversation-setup.ts';
import type { CredentialVault } from '../ports/credentials.ts';
import type { DeadLetters } from '../ports/dead-letters.ts';
import type { IntegrationCheck } from '../ports/integration-check.ts';
import type { Logger } from '../ports/logger.ts';
import type { StoredTenant, TenantStore } from '../ports/tenant-store.ts';
import type { TokenScope, TokenStore } from '../ports/token-store.ts';
import type { UsageLedger } from '../ports/usage-ledger.ts';
import type { Tenant, TenantRegistry } from '../tenant.ts';
import type { ComposedTenant } from '../tenants/compose-tenant.ts';
import type { AskParams, AskResult } from './ask.ts';
import type { Readiness } from './ready-report.ts';

export interface BridgeInfo {
  version: string;
  /** Version of what addon and bridge say to each other. */
  protocol: number;
  /** The oldest addon this bridge talks to. */
  minAddon: string;
  mode: string;
}

export interface TenantCheck {
  integrations: Record<string, IntegrationCheck>;
  warnings: { about: string; message: string; fix: string }[];
}

export interface PairingRequest {
  code: string;
  accountId: string;
  name: string;
  domain: string;
  databaseUuid: string;
}

export interface RpcDeps {
  info: BridgeInfo;
  tenants: TenantRegistry;
  tenantStore: TenantStore;
  vault: CredentialVault;
  tokenStore: TokenStore;
  knowledge: Knowledge;
  /** Compares with the tenant's source at once. Null when it has none; rejects with `busy` while that goes on already. */
  syncKnowledge(tenant: Tenant, options: SyncOptions): Promise<SyncReport | null>;
  cache: TwoLevelCache;
  usage: UsageLedger;
  audit: AuditLog;
  deadLetters: DeadLetters;
  clock: Clock;
  logger: Logger;
  /** What saving this tenant would amount to, findings included; stores nothing. */
  previewTenant(tenant: Pick<StoredTenant, 'accountId' | 'domain' | 'config'>): ComposedTenant;
  checkTenant(tenant: Tenant, signal: AbortSignal): Promise<TenantCheck>;
  readiness(): Promise<Readiness>;
  createToken(accountId: string, name: string, scopes: TokenScope[]): Promise<{ id: string; token: string }>;
  /** `accountId` null = the code is for a new tenant. */
  createPairingCode(accountId: string | null, ttlSeconds: number): Promise<{ code: string; expiresAtMs: number }>;
  /** Uses the code up. Rejects with `rate_limited`, `unauthorized` or `bad_request`. */
  pair(request: PairingRequest, ip: string): Promise<{ token: string }>;
  /** Null when the tenant names no Chatwoot. */
  conversationSetup(tenant: Tenant): Promise<ConversationSetup | null>;
  /** Where others reach this bridge, without a trailing slash; null when the operator did not say. */
  publicUrl: string | null;
  /** 48 random letters and digits. */
  newSecret(): string;
  replayDeadLetter(id: string): Promise<ReplayResult>;
  /** The same code that answers customers, without a conversation: nothing is sent or written. */
  askCrew(tenant: Tenant, params: AskParams, signal: AbortSignal): Promise<AskResult>;
}
