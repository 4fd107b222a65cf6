// What a step sees of the sandbox: its folder, remembered ports and facts, and the servers that run. Every change is
// written at once, so that a command that is killed leaves a state the next one can clean up after.
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { freePort } from '../../../test/sandbox/servers/free-port.ts';
import { endProcess, isAlive } from '../../../test/sandbox/servers/process-identity.ts';
import type { ServerProcess } from '../../../test/sandbox/servers/server-process.ts';
import { readState, writeState } from './state.ts';
import type { SandboxState, ServerRecord } from './state.ts';

export interface Sandbox {
  folder: string;
  /** A data folder for one server, created. */
  dataFolder: (name: string) => string;
  /** The port remembered for `name` when it is still free, else a new one. */
  port: (name: string) => Promise<number>;
  fact: (name: string) => string | undefined;
  setFact: (name: string, value: string) => void;
  /** The server of that name if it runs. */
  running: (name: string) => ServerRecord | undefined;
  servers: () => ServerRecord[];
  /** Notes a server that was just started; `down` ends it. */
  record: (server: ServerProcess, about: Pick<ServerRecord, 'name' | 'address' | 'login'>, stop?: StopManner) => void;
  /** Ends the servers of these names (all when none are given), last started first. Resolves to those it ended. */
  end: (names?: string[]) => Promise<string[]>;
}

type StopManner = Pick<ServerRecord, 'stopSignal' | 'stopGraceMs'>;

const POLITE: StopManner = { stopSignal: 'SIGTERM', stopGraceMs: 10_000 };

/** Opens the sandbox of a folder for the clone `repository`; another clone's running sandbox is refused. */
export function openSandbox(folder: string, repository: string): Sandbox {
  const state = readState(folder) ?? { repository, servers: [], ports: {}, facts: {} };
  refuseOtherClone(state, repository);
  state.repository = repository;
  const save = (): void => writeState(folder, state);
  const running = (name: string): ServerRecord | undefined =>
    state.servers.find((server) => server.name === name && isAlive(server.process));
  return {
    folder,
    dataFolder: (name) => {
      const data = path.join(folder, name);
      mkdirSync(data, { recursive: true });
      return data;
    },
    port: async (name) => {
      const port = await freePort(state.ports[name]);
      state.ports[name] = port;
      save();
      return port;
    },
    fact: (name) => state.facts[name],
    setFact: (name, value) => {
      state.facts[name] = value;
      save();
    },
    running,
    servers: () => state.servers,
    record: (server, about, stop = POLITE) => {
      const process = server.identity();
      if (!process) throw new Error(`${about.name} ended right after its start`);
      state.servers = [...state.servers.filter((other) => other.name !== about.name), { ...about, ...stop, process }];
      save();
    },
    end: (names) => endServers(state, names, save),
  };
}

async function endServers(state: SandboxState, names: string[] | undefined, save: () => void): Promise<string[]> {
  const ended: string[] = [];
  for (const server of [...state.servers].reverse()) {
    if (names && !names.includes(server.name)) continue;
    if (isAlive(server.process)) ended.push(server.name);
    await endProcess(server.process, server.stopSignal, server.stopGraceMs);
    state.servers = state.servers.filter((other) => other !== server);
    save();
  }
  return ended;
}

function refuseOtherClone(state: SandboxState, repository: string): void {
  if (state.repository === repository || !state.servers.some((server) => isAlive(server.process))) return;
  throw new Error(`the sandbox of another clone is running (${state.repository}): end it there, or set UI_SANDBOX_DIR`);
}
