// The Logger port on pino: JSON lines on standard output. Everything passes the redaction first, also what a child
// logger was given once, so that a secret or a customer's words cannot slip in through any field.
import pino from 'pino';
import type { Logger } from '../../core/ports/logger.ts';
import { redactFields } from './redact.ts';

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';

/** @param options.destination where the lines go; standard output when left out */
export function createLogger(options: { level: LogLevel; destination?: { write(line: string): void } }): Logger {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label) => ({ level: label }) },
  };
  const { destination } = options;
  return over(destination === undefined ? pino(settings) : pino(settings, destination));
}

function over(target: pino.Logger): Logger {
  const at = (level: 'debug' | 'info' | 'warn' | 'error') => (fields: Record<string, unknown>, message: string) => {
    if (target.isLevelEnabled(level)) target[level](redactFields(fields), message);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: (fields) => over(target.child(redactFields(fields))),
  };
}
