// Turn traces on the tenant's history journal: the newest of each conversation, and a bound for the whole tenant.
import type { TurnTrace, TurnTraces } from '../../core/ports/turn-traces.ts';
import type { AccountTables } from './account-tables.ts';
import type { HistoryRows } from './history.ts';

const keptPerConversation = 20;
const keptPerTenant = 500;

export class EmbeddedTurnTraces implements TurnTraces {
  readonly #accounts: AccountTables<HistoryRows>;

  constructor(accounts: AccountTables<HistoryRows>) {
    this.#accounts = accounts;
  }

  async add(trace: TurnTrace): Promise<void> {
    await this.#accounts.with(trace.account_id, async ({ tables, traces }) => {
      const entries = [...traces.entries()];
      const sameConversation = entries.filter(([, { conversation_id }]) => conversation_id === trace.conversation_id);
      const tooMany = new Set([
        ...sameConversation.slice(0, Math.max(0, sameConversation.length + 1 - keptPerConversation)),
        ...entries.slice(0, Math.max(0, entries.length + 1 - keptPerTenant)),
      ]);
      await tables.commit([traces.add(trace), ...traces.drop([...tooMany].map(([key]) => key))]);
    });
  }

  async list(accountId: string, conversationId: number | null, limit: number): Promise<TurnTrace[]> {
    return this.#accounts.with(accountId, async ({ traces }) =>
      traces
        .newestFirst()
        .filter((trace) => conversationId === null || trace.conversation_id === conversationId)
        .slice(0, limit),
    );
  }
}
