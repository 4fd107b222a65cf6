// Child processes for tests that kill: what they said on standard output, line by line, and their end.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { waitUntil } from '../sandbox/servers/wait-until.ts';

export interface Child {
  readonly lines: string[];
  /** Resolves when the child has said so many lines; rejects when it ended before. */
  said(count: number): Promise<void>;
  kill(signal: NodeJS.Signals): Promise<void>;
}

/** Starts `children/<name>.ts`. */
export function startChild(name: string, ...args: string[]): Child {
  const file = fileURLToPath(new URL(`children/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'ts-blank-space/register', file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  return {
    lines,
    async said(count) {
      await waitUntil(() => lines.length >= count || child.exitCode !== null, 60_000, 5);
      if (lines.length < count) throw new Error(`${name} said ${lines.length} of ${count} lines`);
    },
    kill: (signal) => end(child, reader, signal),
  };
}

/** Everything the child said before its end has been read when this resolves. */
async function end(child: ChildProcess, reader: NodeJS.EventEmitter, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = Promise.all([once(child, 'exit'), once(reader, 'close')]);
  child.kill(signal);
  await closed;
}
