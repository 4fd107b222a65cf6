// A private Redis, set up as the bridge asks of a production one: append-only file written before each answer, and
// no key ever evicted. Debian's redis-tools ships the server's own program under another name, which installs no
// service; that one is taken when no redis-server is on the PATH.
import { existsSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { cacheFolder } from './cache-folder.ts';
import { freePort } from './free-port.ts';
import { installPackages } from './install-packages.ts';
import { plainEnvironment } from './run-command.ts';
import { serverFolder } from './run-folder.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { manageServer } from './server-process.ts';
import type { ServerProcess } from './server-process.ts';

export interface RedisOptions {
  /** Data folder; a temporary one when absent. Give it to start again on the same data from another process. */
  dir?: string;
  port?: number;
  /** Default `always`; `no` turns the append-only file off (a Redis that the bridge must call degraded). */
  appendFsync?: 'always' | 'everysec' | 'no';
  /** Default `noeviction`. */
  maxMemoryPolicy?: string;
  lifetime?: 'parent' | 'detached';
  /** Known to run already, with this `port`. */
  running?: ProcessIdentity;
}

export interface RedisServer extends ServerProcess {
  url: string;
  port: number;
  dir: string;
}

/** Installs Redis when it can and must, starts it, and resolves when it answers. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const command = await redisCommand();
  const dir = options.dir ?? serverFolder('redis');
  const port = options.port ?? (await freePort());
  const server = manageServer({
    name: 'Redis',
    command,
    args: redisArguments(options, dir, port),
    cwd: dir,
    env: plainEnvironment(),
    user: { name: 'self' },
    logFile: path.join(dir, 'redis.log'),
    isReady: () => answersPing(port),
    readyTimeoutMs: 15_000,
    stopSignal: 'SIGTERM',
    stopGraceMs: 10_000,
    lifetime: options.lifetime ?? 'parent',
    ...(options.running && { running: options.running }),
  });
  await server.start();
  return { ...server, url: `redis://127.0.0.1:${port}`, port, dir };
}

function redisArguments(options: RedisOptions, dir: string, port: number): string[] {
  const fsync = options.appendFsync ?? 'always';
  const settings: [string, string][] = [
    ['port', String(port)],
    ['bind', '127.0.0.1'],
    ['dir', dir],
    ['daemonize', 'no'],
    ['save', ''],
    ['appendonly', fsync === 'no' ? 'no' : 'yes'],
    ['appendfsync', fsync],
    ['maxmemory-policy', options.maxMemoryPolicy ?? 'noeviction'],
  ];
  return settings.flatMap(([name, value]) => [`--${name}`, value]);
}

async function redisCommand(): Promise<string> {
  const found = findRedis();
  if (found !== undefined) return found;
  await installPackages('redis');
  const installed = findRedis();
  if (installed === undefined) throw new Error('redis-server is not on the PATH; install it, or use docker compose');
  return installed;
}

function findRedis(): string | undefined {
  const onPath = (process.env['PATH'] ?? '').split(':').map((folder) => path.join(folder, 'redis-server'));
  const direct = onPath.find((file) => existsSync(file));
  if (direct !== undefined) return direct;
  const sameProgram = '/usr/bin/redis-check-rdb';
  return existsSync(sameProgram) ? linkAsServer(sameProgram) : undefined;
}

// The program looks at the name it was called by.
function linkAsServer(program: string): string {
  const link = path.join(cacheFolder('bin'), 'redis-server');
  if (existsSync(link) && readlinkSync(link) === program) return link;
  rmSync(link, { force: true });
  symlinkSync(program, link);
  return link;
}

function answersPing(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => socket.write('PING\r\n'));
    const finish = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(1000, () => finish(false));
    socket.once('error', () => finish(false));
    socket.once('data', (data) => finish(data.toString().startsWith('+PONG')));
  });
}
