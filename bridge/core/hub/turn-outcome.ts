// How a turn can end: one closed list, counted and logged in one way, because reports and alarms count by these words.
import type { ConversationRef } from '../message.ts';
import type { Logger } from '../ports/logger.ts';
import type { Metrics } from '../ports/metrics.ts';
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
  /** More for the line; never customer text. */
  fields?: Record<string, unknown>;
  level?: 'info' | 'warn';
}

export function noteEnd(
  { logger, metrics }: { logger: Logger; metrics: Metrics },
  { conversation, outcome, fields = {}, level = 'info' }: EndedTurn,
): void {
  metrics.count('turns', { outcome });
  logger[level]({ ...conversation, outcome, ...fields }, 'turn.finished');
}
