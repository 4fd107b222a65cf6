// The one wide line a turn leaves in the log, the trace that people read, and the numbers. No customer text in any of them.
import { tokensOf } from '../cost/paid-call.ts';
import type { Pricing } from '../cost/pricing.ts';
import type { Clock } from '../ports/clock.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { TurnTrace, TurnTraces } from '../ports/turn-traces.ts';
import type { UsageLedger } from '../ports/usage-ledger.ts';
import { localDay } from '../tenants/local-day.ts';
import type { Turn } from '../turn.ts';
import type { TurnResult } from './answer-turn.ts';
import type { TurnOutcome } from './turn-outcome.ts';

export interface TurnReport {
  turn: Turn;
  result: TurnResult;
  outcome: TurnOutcome;
  startedMs: number;
  /** When the newest customer message was sent, by the channel's clock. */
  arrivedMs: number;
}

export async function reportTurn(
  deps: { traces: TurnTraces; usage: UsageLedger; pricing: Pricing; metrics: Metrics; clock: Clock },
  report: TurnReport,
): Promise<void> {
  const { turn } = report;
  const { calls } = turn.usage;
  const usage = { ...tokensOf(calls), cost: await deps.pricing.costOf(turn.tenant, calls) };
  const done = { ...whatItDid(report, deps.clock.now()), usage };
  const { accountId: account_id, conversationId: conversation_id } = turn.conversation;
  const trace: TurnTrace = { turn_id: turn.id, account_id, conversation_id, ...done };
  // The turn's own logger says which turn, tenant and conversation it was.
  turn.logger.info({ ...done, sources: done.sources.map(({ kind, id }) => `${kind}:${id}`) }, 'turn.finished');
  deps.metrics.count('turns', { outcome: report.outcome });
  deps.metrics.count('turn_rungs', { rung: report.result.answer.rung });
  deps.metrics.time('turn', trace.ms);
  await deps.traces.add(trace);
  await deps.usage.add(trace.account_id, localDay(turn.tenant, deps.clock.now()), {
    turns: 1,
    [`rung:${report.result.answer.rung}`]: 1,
    ...gapsOf(report),
  });
}

/** A question nothing answers is a gap in what the business wrote down: counted once, with what it was about. */
function gapsOf({ turn, result }: TurnReport): Record<string, number> {
  const { unanswered } = turn.usage;
  if (unanswered === undefined || result.answer.sources.length > 0) return {};
  return { gap: 1, ...Object.fromEntries(unanswered.map((subject) => [`gap:${subject}`, 1])) };
}

function whatItDid(
  { turn, result, outcome, startedMs, arrivedMs }: TurnReport,
  nowMs: number,
): Omit<TurnTrace, 'turn_id' | 'account_id' | 'conversation_id' | 'usage'> {
  const { answer, route } = result;
  return {
    at: new Date(nowMs).toISOString(),
    outcome,
    service: route.service,
    confidence: route.confidence,
    reason: route.reason,
    rung: answer.rung,
    ...(answer.handoff ? { handoff: answer.handoff.reason } : {}),
    sources: answer.sources,
    tools: turn.toolRuns.map(({ name, ok, ms }) => ({ name, ok, ms })),
    ms: nowMs - startedMs,
    durations: { turn_ms: nowMs - startedMs, since_message_ms: Math.max(0, nowMs - arrivedMs) },
  };
}
