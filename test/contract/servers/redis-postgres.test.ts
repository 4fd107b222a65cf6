import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Redis } from 'ioredis';
import { identify, isAlive } from '../../sandbox/servers/process-identity.ts';
import { startPostgres } from '../../sandbox/servers/postgres-server.ts';
import { startRedis } from '../../sandbox/servers/redis-server.ts';
import { waitUntil } from '../../sandbox/servers/wait-until.ts';

describe('private servers', function () {
  this.timeout(300_000);

  it('Redis keeps what it answered for, over a kill -9, and never evicts', async () => {
    const server = await startRedis();
    const client = new Redis(server.url, { retryStrategy: () => 50, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    try {
      await client.set('a', '1');
      await server.kill();
      await server.start();
      assert.equal(await client.get('a'), '1');
      assert.deepEqual(await client.config('GET', 'maxmemory-policy'), ['maxmemory-policy', 'noeviction']);
    } finally {
      client.disconnect();
      await server.stop();
    }
  });

  it('PostgreSQL listens on no port, and a database made from another one is a copy', async () => {
    const server = await startPostgres();
    try {
      await server.createDatabase('first');
      await server.query('first', "CREATE TABLE t AS SELECT 'x' AS v");
      await server.createDatabase('second', 'first');
      assert.equal(await server.query('second', 'SELECT v FROM t'), 'x');
      assert.equal(await server.query('second', 'SHOW listen_addresses'), '');
      await server.dropDatabase('first');
      assert.equal(await server.hasDatabase('first'), false);
    } finally {
      await server.stop();
    }
  });

  it('a server ends with the process that started it, even when that one is killed', async () => {
    const module = new URL('../../sandbox/servers/redis-server.ts', import.meta.url).href;
    const code = `const { startRedis } = await import(${JSON.stringify(module)});
      const server = await startRedis(); console.log(server.identity().pid); setInterval(() => 0, 1000);`;
    const flags = ['--import', 'ts-blank-space/register', '--input-type=module', '-e', code];
    const parent = spawn(process.execPath, flags, { stdio: ['ignore', 'pipe', 'inherit'] });
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const server = identify(Number(said.toString()));
    assert.ok(server, 'the server runs while its parent does');
    parent.kill('SIGKILL');
    assert.ok(await waitUntil(() => !isAlive(server), 10_000), 'the server outlived its parent');
  });
});
