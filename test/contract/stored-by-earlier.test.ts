// What an earlier build stored is read by this one, in both kinds of stores; and what a newer build may add (fields, tables,
// versions) stops nothing, because an installation may go back.
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { Redis } from 'ioredis';
import { parse, stringify } from 'yaml';
import { openEmbeddedStores } from '../../bridge/adapters/embedded/open-embedded-stores.ts';
import { decodeRecord } from '../../bridge/adapters/embedded/journal-record.ts';
import type { Change } from '../../bridge/adapters/embedded/journal-record.ts';
import { openRedisStores } from '../../bridge/adapters/redis/open-redis-stores.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { readEverything, restoreRedis, storedAtMs } from '../fixtures/stored/stored-world.ts';
import type { RedisValue } from '../fixtures/stored/stored-world.ts';
import type { RedisServer } from '../sandbox/servers/redis-server.ts';
import { startRedisOrSkip } from './redis-world.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/stored');
const builds = readdirSync(fixtures, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const clock = { now: () => storedAtMs };

function fixture(build: string, file: string): unknown {
  return JSON.parse(readFileSync(path.join(fixtures, build, file), 'utf8'));
}

function redisOf(build: string): RedisValue[] {
  return fixture(build, 'redis.json') as RedisValue[];
}

/** Everything the earlier build read is still there; what this build adds to it does not matter. */
function assertHolds(actual: unknown, expected: unknown, at = ''): void {
  if (typeof expected !== 'object' || expected === null) {
    assert.deepEqual(actual, expected, at);
    return;
  }
  assert.ok(typeof actual === 'object' && actual !== null, `${at} is gone`);
  for (const [name, value] of Object.entries(expected)) {
    assertHolds((actual as Record<string, unknown>)[name], value, `${at}.${name}`);
  }
}

for (const build of builds) {
  describe(`what build ${build} stored in the journal`, () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(path.join(tmpdir(), 'ui-stored-'));
      cpSync(path.join(fixtures, build, 'data'), folder, { recursive: true });
    });
    afterEach(() => rmSync(folder, { recursive: true, force: true }));

    async function readBack(): Promise<Record<string, unknown>> {
      const stores = await openEmbeddedStores({
        dataDir: folder,
        clock,
        logger: quietLog(),
        yaml: { parse, stringify },
      });
      try {
        return await readEverything(stores);
      } finally {
        await stores.close();
      }
    }

    it('is read by this build', async () => {
      assertHolds(await readBack(), fixture(build, 'expected.json'));
    });

    it('and is read once more after this build has opened and closed it', async () => {
      await readBack();
      assertHolds(await readBack(), fixture(build, 'expected.json'));
    });

    it('is read when a newer build has added fields, versions and tables of its own', async () => {
      let records = 0;
      for (const file of journalsIn(folder)) records += rewrite(file, fromNewerBuild);
      assert.ok(records > 5);
      assertHolds(await readBack(), fixture(build, 'expected.json'));
    });
  });

  describe(`what build ${build} stored in Redis`, function () {
    this.timeout(60_000);
    let server: RedisServer;
    let client: Redis;
    before(async function () {
      server = await startRedisOrSkip(this);
      client = new Redis(server.url);
    });
    after(async () => {
      client.disconnect();
      await server.stop();
    });
    beforeEach(() => client.flushall());

    async function readBack(): Promise<Record<string, unknown>> {
      const stores = await openRedisStores({ url: server.url, clock, logger: quietLog(), instanceId: 'reader' });
      try {
        return await readEverything(stores);
      } finally {
        await stores.close();
      }
    }

    it('is read by this build', async () => {
      await restoreRedis(client, redisOf(build));
      assertHolds(await readBack(), fixture(build, 'expected.json'));
    });

    it('is read when a newer build has added fields of its own', async () => {
      const text = JSON.stringify(redisOf(build));
      const newer = text.replaceAll('{\\"version\\":1,', '{\\"fromTheFuture\\":{\\"x\\":[1]},\\"version\\":1,');
      assert.notEqual(newer, text);
      await restoreRedis(client, JSON.parse(newer) as RedisValue[]);
      assertHolds(await readBack(), fixture(build, 'expected.json'));
    });
  });
}

function journalsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(log|snapshot)$/.test(name))
    .map((name) => path.join(folder, name));
}

/** Every record of a journal anew; how many there were. */
function rewrite(file: string, change: (changes: Change[]) => Change[]): number {
  let count = 0;
  const lines = readFileSync(file, 'utf8').split('\n');
  const rewritten = lines.map((line) => {
    const record = decodeRecord(Buffer.from(line));
    if (!record) return line === '' ? '' : `${line}\n`;
    count += 1;
    const json = JSON.stringify({ v: 2, changes: change(record.changes), fromTheFuture: true });
    return `${Buffer.byteLength(json)} ${crc32(json).toString(16)} ${json}\n`;
  });
  writeFileSync(file, rewritten.join(''));
  return count;
}

function fromNewerBuild(changes: Change[]): Change[] {
  const more = changes.map((change): Change => {
    const [table, key, value] = change;
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value) && table !== 'usage';
    return isRecord ? [table, key, { ...value, fromTheFuture: { x: [1] } }] : change;
  });
  return [...more, ['table_of_the_future', 'key', { version: 9 }]];
}
