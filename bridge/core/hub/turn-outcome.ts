// How a turn can end: one closed list, counted and logged in one way, because reports and alarms count by these words. What
// ends without an answer of its own leaves a trace too: people must see why nothing was said.
import type { HandoffReason } from '../answer.ts';
import type { ConversationRef } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { TurnTrace, TurnTraces } from '../ports/turn-traces.ts';
import { silenceReasons } from './takeover.ts';
import type { SilenceReason } from './takeover.ts';

const spoken = [
  'replied',
  'handed_over',
  /** A draft for people, in an observed inbox. */
  'observed',
  /** A reply that another process had begun was brought to its end. */
  'recovered',
  /** How it stands, to a customer who writes while a person is waited for. */
  'reassured',
  'nobody_came',
  'closed_inactive',
  /** The approved message went through a closed window. */
  'reopened',
  /** What was said unasked could not be settled and is not said again. */
  'let_go',
  /** The last try failed; the apology that follows is a turn of its own. */
  'failed',
] as const;

export type TurnOutcome = (typeof spoken)[number] | `silent_${SilenceReason}`;
export const turnOutcomes: readonly TurnOutcome[] = [
  ...spoken,
  ...silenceReasons.map((reason) => `silent_${reason}` as const),
];

export interface EndedTurn {
  conversation: ConversationRef;
  outcome: TurnOutcome;
  /** The reply it is about; absent = nothing was said. */
  turnId?: string;
  handoff?: HandoffReason;
  /** How long it took, where somebody waited. */
  ms?: number;
  /** More for the line; never customer text. */
  fields?: Record<string, unknown>;
  level?: 'info' | 'warn';
}

export interface EndDeps {
  traces: TurnTraces;
  clock: Clock;
  newId: () => string;
  logger: Logger;
  metrics: Metrics;
}

/** What the turn did stands already, so a trace that cannot be kept is only logged. */
export async function noteEnd(deps: EndDeps, ended: EndedTurn): Promise<void> {
  const { conversation, outcome, turnId, handoff, ms, fields = {}, level = 'info' } = ended;
  const known = {
    ...(turnId ? { turn_id: turnId } : {}),
    ...(handoff ? { reason: handoff } : {}),
    ...(ms === undefined ? {} : { ms }),
  };
  deps.metrics.count('turns', { outcome });
  deps.logger[level]({ ...conversation, outcome, ...known, ...fields }, 'turn.finished');
  try {
    await deps.traces.add(traceOf(deps, ended));
  } catch (error) {
    deps.logger.warn({ ...conversation, outcome, err: error }, 'turn.not_traced');
  }
}

function traceOf({ clock, newId }: EndDeps, { conversation, outcome, turnId, handoff, ms = 0 }: EndedTurn): TurnTrace {
  return {
    turn_id: turnId ?? newId(),
    account_id: conversation.accountId,
    conversation_id: conversation.conversationId,
    at: new Date(clock.now()).toISOString(),
    outcome,
    service: null,
    confidence: null,
    reason: null,
    rung: handoff ? 'person' : null,
    ...(handoff ? { handoff } : {}),
    sources: [],
    tools: [],
    usage: { model_calls: 0, input_tokens: 0, output_tokens: 0, embedding_tokens: 0 },
    ms,
    durations: {},
  };
}
