// A folder to build something in before it is renamed to its place. Named after the process that builds, so that what
// a killed one left behind is known and removed by the next.
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { identify } from './process-identity.ts';

/** Path of this process's work folder in `root`, not there yet; removes those of processes that are gone. */
export function workFolder(root: string): string {
  const own = `.work-${process.pid}`;
  for (const name of readdirSync(root)) {
    const pid = Number(/^\.work-(\d+)$/.exec(name)?.[1]);
    if (name === own || (pid > 0 && !identify(pid))) rmSync(path.join(root, name), { recursive: true, force: true });
  }
  return path.join(root, own);
}
