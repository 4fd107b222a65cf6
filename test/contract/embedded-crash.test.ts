// The embedded stores under kill -9: a process that stores and acknowledges is killed again and again, and everything it
// acknowledged is there.
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { acquireDataLock } from '../../bridge/adapters/embedded/data-lock.ts';
import { openEmbeddedStores } from '../../bridge/adapters/embedded/open-embedded-stores.ts';
import type { Stores } from '../../bridge/core/stores.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { startChild } from './child-process.ts';

const kills = 10;
const clock = { now: () => Date.now() };

describe('embedded stores and kill -9', function () {
  this.timeout(120_000);
  let dataDir = '';
  beforeEach(async () => (dataDir = await mkdtemp(path.join(tmpdir(), 'ui-kill-'))));
  afterEach(() => rm(dataDir, { recursive: true, force: true }));

  const open = (): Promise<Stores> =>
    openEmbeddedStores({ dataDir, clock, logger: quietLog(), yaml: { parse, stringify } });

  it(`over ${kills} kills in the middle of work nothing acknowledged is lost, and nothing is there by half`, async () => {
    const acknowledged = new Set<number>();
    let next = 0;
    for (let kill = 0; kill < kills; kill += 1) {
      const child = startChild('store-until-killed', dataDir, String(next));
      await child.said(20 + kill * 37);
      await child.kill('SIGKILL');
      for (const line of child.lines) acknowledged.add(Number(line));
      next = Math.max(...acknowledged) + 1_000;
      const stores = await open();
      await assertWhole(stores, acknowledged);
      await stores.close();
    }
    assert.ok(acknowledged.size >= kills * 20);
  });

  it('a second process is told who has the folder, and gets it when that one is killed', async () => {
    const child = startChild('hold-data-folder', dataDir);
    await child.said(1);
    await assert.rejects(acquireDataLock(dataDir, quietLog(), 300), {
      name: 'BridgeError',
      code: 'conflict',
      message: new RegExp(`process \\d+ on .*DATA_DIR`),
    });
    const waiting = acquireDataLock(dataDir, quietLog(), 20_000);
    await child.kill('SIGKILL');
    const lock = await waiting;
    lock.assertOwned();
    lock.release();
  });

  it('of several processes’ worth of takers at once only one takes over a dead one’s folder', async () => {
    const child = startChild('hold-data-folder', dataDir);
    await child.said(1);
    await child.kill('SIGKILL');
    const takers = await Promise.allSettled(
      Array.from({ length: 5 }, () => acquireDataLock(dataDir, quietLog(), 1_000)),
    );
    const taken = takers.filter((taker) => taker.status === 'fulfilled');
    assert.equal(taken.length, 1);
    for (const { value } of taken) value.release();
    const again = await acquireDataLock(dataDir, quietLog(), 0);
    again.release();
  });

  it('the same folder cannot be opened twice in one process either', async () => {
    const stores = await open();
    await assert.rejects(acquireDataLock(dataDir, quietLog(), 200), { code: 'conflict' });
    await stores.close();
    await (await open()).close();
  });
});

async function assertWhole(stores: Stores, acknowledged: Set<number>): Promise<void> {
  const due = new Set((await stores.mailbox.due(Number.MAX_SAFE_INTEGER, 1_000_000)).map((ref) => ref.conversationId));
  assert.equal(due.size, await stores.mailbox.size(), 'mail and wake marks come together');
  for (const number of acknowledged) {
    const conversation = { accountId: 'acme', conversationId: number };
    const { mail, notBeforeMs } = await stores.mailbox.read(conversation);
    assert.deepEqual([mail.map(({ key }) => key), notBeforeMs, due.has(number)], [[`message:${number}`], 3_500, true]);
    if (number % 7 === 0) assert.equal((await stores.ledger.current(conversation))?.turnId, `turn-${number}`);
  }
  const documents = [...acknowledged].filter((number) => number % 11 === 0);
  const refs = documents.map((number) => ({ kind: 'rule' as const, id: `d${number}` }));
  assert.equal((await stores.documents.get('acme', refs)).length, documents.length);
}
