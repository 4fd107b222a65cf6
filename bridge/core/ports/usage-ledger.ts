// Daily counters of a tenant.
/** Counters by day and tenant (`turns`, `rung:model`, `input_tokens` …), kept 400 days. */
export interface UsageLedger {
  add(accountId: string, day: string, amounts: Record<string, number>): Promise<void>;
  /** Days inclusive, `YYYY-MM-DD`. */
  range(accountId: string, fromDay: string, toDay: string): Promise<Record<string, Record<string, number>>>;
}
