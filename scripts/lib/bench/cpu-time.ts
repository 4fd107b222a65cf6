// What a process has used of the processor: unlike a time on the clock it hardly depends on what else the machine does.
import { readFileSync } from 'node:fs';
import type { BridgeProcess } from '../demo/bridge-process.ts';

/** Linux counts in hundredths of a second, in fields 14 (user) and 15 (system) of /proc/<pid>/stat. */
export function cpuMs({ child }: BridgeProcess): number {
  const stat = readFileSync(`/proc/${child.pid ?? 0}/stat`, 'utf8');
  // The second field, the name, may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
