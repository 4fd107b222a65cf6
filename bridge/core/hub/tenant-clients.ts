// The outside systems of one tenant, bound to its own credentials. Null = not configured; never another tenant's.
import type { BusinessSystem } from '../ports/business-system.ts';
import type { ChatModel } from '../ports/chat-model.ts';
import type { ConversationTriage } from '../ports/conversation-triage.ts';
import type { Conversations } from '../ports/conversations.ts';
import type { PastMail } from '../ports/past-mail.ts';
import type { Tenant } from '../tenant.ts';

export interface TenantClients {
  conversations: Conversations | null;
  triage: ConversationTriage | null;
  pastMail: PastMail | null;
  business: BusinessSystem | null;
  model: ChatModel | null;
}

/** Reads credentials at every call, so that a saved one is used on the next turn. */
export type ConnectTenant = (tenant: Tenant) => Promise<TenantClients>;
