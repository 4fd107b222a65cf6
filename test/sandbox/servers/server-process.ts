// One server: started, found ready, stopped, killed, started again on the same data. Tests of failures need all of
// it; scripts/sandbox uses the same with `detached`, so both ways run the same servers.
import { closeSync, openSync, readFileSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import { endProcess, identify, isAlive, sendSignal } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { spawnChild } from './spawn-child.ts';
import type { ServerUser } from './server-user.ts';
import { waitUntil } from './wait-until.ts';

export interface ServerSpec {
  name: string;
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  user: ServerUser;
  logFile: string;
  isReady: () => Promise<boolean>;
  readyTimeoutMs: number;
  stopSignal: NodeJS.Signals;
  stopGraceMs: number;
  lifetime: 'parent' | 'detached';
  /** The server as an earlier command left it running; `start` then finds it there. */
  running?: ProcessIdentity;
}

export interface ServerProcess {
  /** Starts it unless it runs; resolves when it answers. */
  start: () => Promise<void>;
  /** Ends it politely; its data stays. */
  stop: () => Promise<void>;
  /** Ends it as kill -9 does; its data stays as it was at that moment. */
  kill: () => Promise<void>;
  /** The process while it runs. */
  identity: () => ProcessIdentity | undefined;
}

/** Binds the life of one server to a handle; nothing is started yet. */
export function manageServer(spec: ServerSpec): ServerProcess {
  let current = spec.running;
  const alive = (): ProcessIdentity | undefined => (current && isAlive(current) ? current : undefined);
  return {
    identity: alive,
    start: async () => {
      if (!alive()) current = await launch(spec);
    },
    stop: async () => {
      if (current) await endProcess(current, spec.stopSignal, spec.stopGraceMs);
    },
    kill: async () => {
      if (!current) return;
      sendSignal(current, 'SIGKILL');
      await waitUntil(() => !alive(), 10_000, 10);
    },
  };
}

async function launch(spec: ServerSpec): Promise<ProcessIdentity> {
  const log = openSync(spec.logFile, 'a');
  const child = spawnChild(spec.command, spec.args, { ...spec, stdio: ['ignore', log, log] });
  closeSync(log);
  let failure: string | undefined;
  child.once('error', (error) => (failure = error.message));
  child.once('exit', (code, signal) => (failure ??= `it ended with ${code ?? signal ?? 'no code'}`));
  const ready = await waitUntil(async () => failure !== undefined || (await spec.isReady()), spec.readyTimeoutMs);
  const identity = child.pid === undefined ? undefined : identify(child.pid);
  if (ready && failure === undefined && identity) return settle(child, identity, spec);
  if (identity) await endProcess(identity, 'SIGKILL', 1000);
  const reason = failure ?? `not ready within ${spec.readyTimeoutMs / 1000} s`;
  throw new Error(`${spec.name} did not start: ${reason}. ${logTail(spec.logFile)}`);
}

// The handle must not keep the caller's event loop alive: a test run ends when its tests end.
function settle(child: ChildProcess, identity: ProcessIdentity, spec: ServerSpec): ProcessIdentity {
  child.unref();
  if (spec.lifetime === 'detached') child.removeAllListeners();
  return identity;
}

function logTail(file: string): string {
  const lines = readFileSync(file, 'utf8').trim().split('\n').slice(-3).join(' | ');
  return lines === '' ? `Its log is empty: ${file}` : `Log (${file}): ${lines}`;
}
