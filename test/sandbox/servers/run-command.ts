// Runs a command to its end and keeps what it said; for everything that is not a server.
import { createWriteStream } from 'node:fs';
import { spawnChild } from './spawn-child.ts';
import type { ServerUser } from './server-user.ts';

export interface CommandOptions {
  cwd?: string;
  env?: Record<string, string>;
  user?: ServerUser;
  /** Written to its standard input. */
  input?: string;
  /** Standard output and error go here as well, as they come. */
  logFile?: string;
  onOutput?: (text: string) => void;
}

export interface CommandResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs the command whatever its exit code; rejects only when it cannot be started. */
export function runCommand(command: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawnChild(command, args, {
      cwd: options.cwd ?? '/',
      env: options.env ?? plainEnvironment(),
      user: options.user ?? { name: 'self' },
      stdio: 'pipe',
      lifetime: 'parent',
    });
    const said = { stdout: '', stderr: '' };
    const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { flags: 'a' });
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
        log?.write(text);
        options.onOutput?.(text);
      });
    }
    child.stdin?.on('error', () => undefined).end(options.input ?? '');
    child.once('error', reject);
    child.once('close', (code) => {
      log?.end();
      resolve({ code: code ?? 1, ...said });
    });
  });
}

/** Runs the command and returns its standard output; another exit code than 0 is an error with its last line. */
export async function mustRun(command: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await runCommand(command, args, options);
  if (code !== 0) throw new Error(`${command} ended with ${code}: ${lastLine(stderr) || lastLine(stdout)}`);
  return stdout;
}

/** What every command needs and nothing more: system programs first, so that no other Python or PostgreSQL is met. */
export function plainEnvironment(extra: Record<string, string> = {}): Record<string, string> {
  return {
    PATH: '/usr/bin:/bin:/usr/sbin:/sbin:/usr/local/bin:/opt/homebrew/bin',
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    ...extra,
  };
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
