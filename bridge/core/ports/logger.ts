// The structured log. What it must never hold is customer text.
export type LogFields = Record<string, unknown>;

/** Structured log. The message is static text; everything that varies is a field. Customer text never goes in. */
export interface Logger {
  debug(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  error(fields: LogFields, message: string): void;
  child(fields: LogFields): Logger;
}
