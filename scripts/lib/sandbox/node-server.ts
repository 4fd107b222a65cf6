// Starts a server written in TypeScript (the bridge, the Chatwoot sandbox) as part of the sandbox, as this user.
import path from 'node:path';
import { answersOk } from '../../../test/sandbox/servers/answers-ok.ts';
import { plainEnvironment } from '../../../test/sandbox/servers/run-command.ts';
import { manageServer } from '../../../test/sandbox/servers/server-process.ts';
import type { Sandbox } from './sandbox.ts';
import { REPOSITORY } from './repository.ts';

export interface NodeServer {
  name: string;
  /** Arguments of `node`, relative to the repository. */
  args: string[];
  env: Record<string, string>;
  /** Shown to people. */
  address: string;
  /** Answers 2xx once it is ready. */
  readyUrl: string;
  login?: string;
}

/** Starts it unless it runs, waits for `readyUrl`, and records it. */
export async function startNodeServer(sandbox: Sandbox, about: NodeServer): Promise<void> {
  if (sandbox.running(about.name)) return;
  const server = manageServer({
    name: about.name,
    command: process.execPath,
    args: about.args,
    cwd: REPOSITORY,
    env: plainEnvironment({ PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/', ...about.env }),
    user: { name: 'self' },
    logFile: path.join(sandbox.dataFolder(about.name), 'log.txt'),
    isReady: () => answersOk(about.readyUrl),
    readyTimeoutMs: 60_000,
    stopSignal: 'SIGTERM',
    stopGraceMs: 10_000,
    lifetime: 'detached',
  });
  await server.start();
  const { name, address, login } = about;
  sandbox.record(server, { name, address, ...(login !== undefined && { login }) });
}
