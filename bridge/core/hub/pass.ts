// What the steps of a turn share: the hub's dependencies, one pass over one conversation, and the burst to be answered.
import type { Budgets } from '../cost/budgets.ts';
import type { Pricing } from '../cost/pricing.ts';
import type { AnswerCache } from '../crew/cached/answer-cache.ts';
import type { CrewFactory } from '../crew/crew-factory.ts';
import type { CustomerMessage } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { ConversationState, ConversationStates } from '../ports/conversation-states.ts';
import type { Locks } from '../ports/locks.ts';
import type { Logger } from '../ports/logger.ts';
import type { Mailbox, StoredMail } from '../ports/mailbox.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Reminders } from '../ports/reminders.ts';
import type { ReplyLedger } from '../ports/reply-ledger.ts';
import type { TurnJob } from '../ports/turn-queue.ts';
import type { TurnTraces } from '../ports/turn-traces.ts';
import type { UsageLedger } from '../ports/usage-ledger.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Tenant, TenantRegistry } from '../tenant.ts';
import type { SendContext, SendDeps } from './send-reply.ts';
import { freshState } from './takeover.ts';
import type { ConnectTenant, TenantClients } from './tenant-clients.ts';

export interface HubLimits {
  /** The conversation lock; a POST to the other side ends before it can. */
  lockTtlMs: number;
  turnBudgetMs: number;
  /** How long after a reply was intended a missing part may still be on its way. */
  readBackAfterMs: number;
}

export interface HubDeps {
  tenants: TenantRegistry;
  mailbox: Mailbox;
  ledger: ReplyLedger;
  states: ConversationStates;
  reminders: Reminders;
  traces: TurnTraces;
  usage: UsageLedger;
  locks: Locks;
  connect: ConnectTenant;
  knowledge: Knowledge;
  crews: CrewFactory;
  answers: AnswerCache;
  pricing: Pricing;
  budgets: Pick<Budgets, 'isSpent'>;
  clock: Clock;
  newId: () => string;
  logger: Logger;
  metrics: Metrics;
  limits: HubLimits;
}

/** One pass over one conversation, under its lock. `signal` ends with the lock or the time budget. */
export interface Pass extends SendContext {
  job: TurnJob;
  tenant: Tenant;
  clients: TenantClients;
  startedMs: number;
}

/** Customer messages that get one answer together, in message-id order, never empty. */
export interface Burst {
  messages: CustomerMessage[];
  keys: string[];
  last: CustomerMessage;
}

export function burstOf(mail: readonly StoredMail[]): Burst | null {
  const customers = mail.flatMap(({ key, entry }) => (entry.kind === 'customer_message' ? [{ key, entry }] : []));
  const last = customers.at(-1);
  if (!last) return null;
  return { messages: customers.map(({ entry }) => entry), keys: customers.map(({ key }) => key), last: last.entry };
}

export async function stateOf(deps: HubDeps, conversation: Pass['conversation']): Promise<ConversationState> {
  return (await deps.states.get(conversation)) ?? freshState(deps.clock.now());
}

export function sendDeps({ ledger, clock, limits }: HubDeps): SendDeps {
  return { ledger, clock, readBackAfterMs: limits.readBackAfterMs, lockTtlMs: limits.lockTtlMs };
}
