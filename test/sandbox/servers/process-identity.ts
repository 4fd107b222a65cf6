// A process is known by its number and by the moment it started: numbers are used again, and killing a stranger
// because an old file named his number must not happen.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { waitUntil } from './wait-until.ts';

export const processIdentitySchema = z.object({ pid: z.number().int().positive(), startedAt: z.string() });
export type ProcessIdentity = z.infer<typeof processIdentitySchema>;

/** The identity of a running process; undefined when there is none (a zombie counts as none). */
export function identify(pid: number): ProcessIdentity | undefined {
  const startedAt = existsSync('/proc/self/stat') ? startFromProc(pid) : startFromPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** True while that very process runs, and not another one with its number. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identify(identity.pid)?.startedAt === identity.startedAt;
}

/** Ends a process politely, and after `graceMs` without asking. Resolves when it is gone. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, graceMs: number): Promise<void> {
  if (!isAlive(identity)) return;
  sendSignal(identity, signal);
  if (await waitUntil(() => !isAlive(identity), graceMs)) return;
  sendSignal(identity, 'SIGKILL');
  await waitUntil(() => !isAlive(identity), 10_000);
}

/** Sends a signal if that very process still runs; never throws. */
export function sendSignal(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch {
    // It ended between the look and the signal.
  }
}

// Field 3 is the state and field 22 the start in clock ticks; the name in field 2 may hold blanks and brackets.
function startFromProc(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function startFromPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();
    return text.startsWith('Z') ? undefined : text.slice(text.indexOf(' ') + 1).trim();
  } catch {
    return undefined;
  }
}
