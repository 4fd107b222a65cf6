// What a tenant's page shows, gathered part by part: one that cannot be asked is null and keeps none of the others away.
import type { Budgets, Spending } from '../../core/cost/budgets.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { TurnTrace, TurnTraces } from '../../core/ports/turn-traces.ts';
import type { UsageLedger } from '../../core/ports/usage-ledger.ts';
import type { Knowledge, KnowledgeStatus } from '../../core/knowledge/knowledge.ts';
import { localDay } from '../../core/tenants/local-day.ts';
import type { Tenant } from '../../core/tenant.ts';
import { compared } from './compared.ts';
import type { Compared } from './compared.ts';
import { latestLetters, orNull } from './overview.ts';
import type { LetterLine, OverviewDeps } from './overview.ts';

export interface TenantViewDeps extends Pick<OverviewDeps, 'deadLetters' | 'marks' | 'turnSlots'> {
  traces: TurnTraces;
  usage: Pick<UsageLedger, 'range'>;
  budgets: Pick<Budgets, 'spendingOf'>;
  knowledge: Pick<Knowledge, 'status'>;
  clock: Clock;
}

export interface TenantView {
  tenant: Tenant;
  conversationId: number | null;
  /** Newest first. */
  turns: TurnTrace[] | null;
  knowledge: KnowledgeStatus | null;
  /** Counters by day, of the last seven. */
  usage: Record<string, Record<string, number>> | null;
  spending: Spending | null;
  letters: LetterLine[] | null;
  compared: Compared;
  isAtLimit: boolean;
}

const daysShown = 7;
const dayMs = 86_400_000;

export async function tenantView(
  deps: TenantViewDeps,
  tenant: Tenant,
  { conversationId, limit }: { conversationId: number | null; limit: number },
): Promise<TenantView> {
  const { accountId } = tenant;
  const today = localDay(tenant, deps.clock.now());
  const first = new Date(Date.parse(today) - (daysShown - 1) * dayMs).toISOString().slice(0, 'yyyy-MM-dd'.length);
  const [turns, knowledge, usage, spending, letters, atLimit, comparedUpTo] = await Promise.all([
    orNull(deps.traces.list(accountId, conversationId, limit)),
    orNull(deps.knowledge.status(tenant)),
    orNull(deps.usage.range(accountId, first, today)),
    orNull(deps.budgets.spendingOf(tenant)),
    orNull(latestLetters(deps, accountId)),
    orNull(deps.turnSlots.accountsWaiting()),
    compared(deps.marks, accountId),
  ]);
  const isAtLimit = atLimit?.includes(accountId) ?? false;
  return { tenant, conversationId, turns, knowledge, usage, spending, letters, compared: comparedUpTo, isAtLimit };
}
