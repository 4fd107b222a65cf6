// What HTTP tests need around the part they test: a log that can be read back and metrics nobody reads.
import type { Logger, Metrics } from '../../bridge/core/ports.ts';

export interface LogLine {
  level: string;
  fields: Record<string, unknown>;
  message: string;
}

export function recordingLogger(): { logger: Logger; lines: LogLine[] } {
  const lines: LogLine[] = [];
  const withFields = (base: Record<string, unknown>): Logger => {
    const at = (level: string) => (fields: Record<string, unknown>, message: string) => {
      lines.push({ level, fields: { ...base, ...fields }, message });
    };
    return {
      debug: at('debug'),
      info: at('info'),
      warn: at('warn'),
      error: at('error'),
      child: (fields) => withFields({ ...base, ...fields }),
    };
  };
  return { logger: withFields({}), lines };
}

export const silentMetrics: Metrics = { count: () => undefined, time: () => undefined };

/** A promise with its handle outside, to hold something exactly as long as a test needs. */
export function gate<T>(): { promise: Promise<T>; open: (value: T) => void } {
  let open: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (open = resolve));
  return { promise, open };
}
