// A row of the bench: what is measured, against which target, and how. Rows keep the numbers of the table of yardsticks.

export interface Figure {
  name: string;
  value: number;
  unit: string;
  /** What the figure is held against; null for one that is only reported. */
  target: { text: string; isMet: boolean } | null;
}

export interface RowResult {
  figures: Figure[];
  /** How it was measured, in one or two sentences. */
  method: string;
  /** What explains the figures and is not held against anything. */
  details?: Record<string, unknown>;
}

export interface RowOptions {
  /** Shorter and smaller: to see that it runs, not to quote. */
  quick: boolean;
  say: (text: string) => void;
}

export interface Row {
  number: number;
  title: string;
  /** Runs only when it is asked for by number. */
  onRequest?: true;
  run(options: RowOptions): Promise<RowResult>;
}

export function reported(name: string, value: number, unit: string): Figure {
  return { name, value, unit, target: null };
}

export function atMost(name: string, value: number, unit: string, limit: number, text?: string): Figure {
  return { name, value, unit, target: { text: text ?? `≤ ${limit} ${unit}`, isMet: value <= limit } };
}

export function atLeast(name: string, value: number, unit: string, limit: number, text?: string): Figure {
  return { name, value, unit, target: { text: text ?? `≥ ${limit} ${unit}`, isMet: value >= limit } };
}
