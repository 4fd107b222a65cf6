// One folder per process that starts servers, with a list of them. Whatever ends this process (also kill -9), the
// next one finds the folder, ends the servers that are left and removes their data.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { cacheFolder } from './cache-folder.ts';
import { identify, isAlive, processIdentitySchema, sendSignal } from './process-identity.ts';
import type { ProcessIdentity } from './process-identity.ts';

const OWNER_FILE = 'owner.json';
const SERVERS_FILE = 'servers.json';

let folder: string | undefined;
const running = new Map<number, ProcessIdentity>();
let serverCount = 0;

/** A new empty folder for one server of this process, removed with it. */
export function serverFolder(name: string): string {
  serverCount += 1;
  const created = path.join(ownFolder(), `${name}-${serverCount}`);
  mkdirSync(created, { mode: 0o755 });
  return created;
}

/** Notes a child that must not outlive this process. */
export function rememberChild(pid: number): ProcessIdentity | undefined {
  const identity = identify(pid);
  if (identity) running.set(pid, identity);
  writeServers();
  return identity;
}

/** The child ended; nothing is left to clean up. */
export function forgetChild(pid: number): void {
  if (running.delete(pid)) writeServers();
}

function ownFolder(): string {
  if (folder) return folder;
  const runs = cacheFolder('runs');
  sweep(runs);
  folder = mkdtempSync(path.join(runs, `${process.pid}-`));
  // The servers' user has to pass through; what is private lies in folders of mode 0700 below.
  rmSync(folder, { recursive: true });
  mkdirSync(folder, { mode: 0o755 });
  writeFileSync(path.join(folder, OWNER_FILE), JSON.stringify(identify(process.pid)));
  process.on('exit', endAll);
  return folder;
}

function writeServers(): void {
  writeFileSync(path.join(ownFolder(), SERVERS_FILE), JSON.stringify([...running.values()]));
}

function endAll(): void {
  for (const identity of running.values()) sendSignal(identity, 'SIGKILL');
  if (folder) rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
}

function sweep(runs: string): void {
  for (const name of readdirSync(runs)) {
    const left = path.join(runs, name);
    const owner = readIdentities(path.join(left, OWNER_FILE))[0];
    if (!owner || isAlive(owner)) continue;
    for (const identity of readIdentities(path.join(left, SERVERS_FILE))) sendSignal(identity, 'SIGKILL');
    rmSync(left, { recursive: true, force: true, maxRetries: 3 });
  }
}

function readIdentities(file: string): ProcessIdentity[] {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return z.array(processIdentitySchema).parse(Array.isArray(parsed) ? parsed : [parsed]);
  } catch {
    return [];
  }
}
