// How the commands for people end: what they can mend is one line on standard error and exit code 1 (2 for wrong usage);
// anything else is our bug and shows where it happened.
import { BridgeError } from '../../bridge/core/errors.ts';

/** Something the person at the shell can mend. */
export class CommandError extends Error {
  readonly exitCode: number;

  constructor(message: string, exitCode = 1) {
    super(message);
    this.name = 'CommandError';
    this.exitCode = exitCode;
  }
}

/** @param name stands before every line, as in `tenant: …` */
export async function runCommand(name: string, main: () => Promise<void>): Promise<void> {
  try {
    await main();
  } catch (error) {
    process.exitCode = error instanceof CommandError ? error.exitCode : 1;
    for (const line of linesOf(error)) console.error(`${name}: ${line}`);
  }
}

function linesOf(error: unknown): string[] {
  if (error instanceof BridgeError) {
    return [error.message, ...error.problems.map(({ path, message }) => `  ${path}: ${message}`)];
  }
  if (error instanceof CommandError) return [error.message];
  // parseArgs tells wrong flags in one clear line of its own.
  if (error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS')) {
    process.exitCode = 2;
    return [error.message];
  }
  return [error instanceof Error ? (error.stack ?? error.message) : String(error)];
}
