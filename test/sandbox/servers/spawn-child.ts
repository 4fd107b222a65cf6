// Starts a child process as a given user, so that it ends with this process: the kernel sends it a signal when this
// process dies (util-linux setpriv, where there is one), and run-folder.ts catches what slips through elsewhere.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess, StdioOptions } from 'node:child_process';
import { forgetChild, rememberChild } from './run-folder.ts';
import type { ServerUser } from './server-user.ts';

export interface ChildOptions {
  cwd: string;
  /** The child's whole environment; nothing is inherited, so no key or setting of the caller leaks in. */
  env: Record<string, string>;
  user: ServerUser;
  stdio: StdioOptions;
  /** `detached` children belong to scripts/sandbox and outlive the command that started them. */
  lifetime: 'parent' | 'detached';
}

let setprivWorks: boolean | undefined;

/** Starts the child. Its pid is known to the sweeper unless it is detached. */
export function spawnChild(command: string, args: string[], options: ChildOptions): ChildProcess {
  const bound = options.lifetime === 'parent' && canBindLife();
  const [file, fileArgs] = bound ? ['setpriv', ['--pdeathsig', 'KILL', command, ...args]] : [command, args];
  const child = spawn(file, fileArgs, {
    cwd: options.cwd,
    env: options.env,
    stdio: options.stdio,
    detached: options.lifetime === 'detached',
    ...options.user.switchTo,
  });
  if (options.lifetime === 'parent' && child.pid !== undefined) follow(child, child.pid);
  return child;
}

function follow(child: ChildProcess, pid: number): void {
  rememberChild(pid);
  child.once('exit', () => forgetChild(pid));
}

function canBindLife(): boolean {
  setprivWorks ??= spawnSync('setpriv', ['--pdeathsig', 'KILL', 'true'], { stdio: 'ignore' }).status === 0;
  return setprivWorks;
}
