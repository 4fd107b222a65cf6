// Where the servers of tests and of scripts/sandbox live: outside the repository, so that a clone stays clean.
// As root the servers run as another user (server-user.ts), who cannot enter root's home; the cache then lies in
// /var/cache. UI_CACHE_DIR and UI_SANDBOX_DIR move both, for machines with their own ideas.
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';

/** True when this process may change users and install packages. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** A folder of the cache, created when absent; `names` are path parts below its root. */
export function cacheFolder(...names: string[]): string {
  const folder = path.join(cacheRoot(), ...names);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** The data folder of `scripts/sandbox`; not created here. */
export function sandboxFolder(): string {
  return path.resolve(process.env['UI_SANDBOX_DIR'] || path.join(cacheRoot(), 'sandbox'));
}

function cacheRoot(): string {
  const given = process.env['UI_CACHE_DIR'];
  if (given) return path.resolve(given);
  const base = process.env['XDG_CACHE_HOME'] || (isRoot() ? '/var/cache' : path.join(homedir(), '.cache'));
  return path.join(base, 'universal-integrator');
}
