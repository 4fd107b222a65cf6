// What the embedded journal promises beyond the ports: nothing acknowledged is lost, whatever happens to the process or
// to the end of a file, and what is damaged costs only itself.
import assert from 'node:assert/strict';
import { appendFile, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { BridgeError } from '../../bridge/core/errors.ts';
import type { Table } from '../../bridge/adapters/embedded/table.ts';
import { Tables, type TablesOptions } from '../../bridge/adapters/embedded/tables.ts';
import { quietLog, type LogLine } from '../fixtures/quiet-log.ts';

interface OpenedTables {
  tables: Tables;
  rows: Table<string>;
  more: Table<string>;
  log: LogLine[];
  /** Both tables as they are now. */
  content(): [rows: Record<string, string>, more: Record<string, string>];
}

async function openTables(directory: string, options: Partial<TablesOptions> = {}): Promise<OpenedTables> {
  const logger = quietLog();
  const tables = new Tables({ directory, name: 'test', logger, ...options });
  const rows = tables.table<string>('rows');
  const more = tables.table<string>('more');
  await tables.open();
  const content = (): [Record<string, string>, Record<string, string>] => [
    Object.fromEntries(rows.entries()),
    Object.fromEntries(more.entries()),
  ];
  return { tables, rows, more, log: logger.lines, content };
}

async function filesOf(directory: string, ending: string): Promise<string[]> {
  return (await readdir(directory)).filter((name) => name.endsWith(ending)).map((name) => path.join(directory, name));
}

async function theLog(directory: string): Promise<string> {
  const [file] = await filesOf(directory, '.log');
  assert.ok(file);
  return file;
}

describe('embedded journal', () => {
  let root = '';
  let folders = 0;
  const newFolder = (): string => path.join(root, String((folders += 1)));
  before(async () => (root = await mkdtemp(path.join(tmpdir(), 'ui-journal-'))));
  after(() => rm(root, { recursive: true, force: true }));

  it('a last record that was torn at any byte is cut, and everything before it stays', async function () {
    this.timeout(60_000);
    const folder = newFolder();
    const first = await openTables(folder);
    await first.tables.commit([first.rows.put('kept', 'ção')]);
    const whole = (await readFile(await theLog(folder))).length;
    await first.tables.commit([first.rows.put('torn', 'até aqui'), first.more.put('torn', 'x')]);
    await first.tables.close();
    const all = await readFile(await theLog(folder));
    for (let bytes = whole; bytes < all.length; bytes += 1) {
      const copy = newFolder();
      await mkdir(copy);
      await writeFile(path.join(copy, 'test.1.log'), all.subarray(0, bytes));
      const opened = await openTables(copy);
      assert.deepEqual(opened.content(), [{ kept: 'ção' }, {}]);
      assert.equal(
        opened.log.some(({ message }) => message === 'journal.torn_tail_cut'),
        bytes > whole,
      );
      await opened.tables.commit([opened.rows.put('next', 'y')]);
      await opened.tables.close();
      const again = await openTables(copy);
      assert.deepEqual(again.content(), [{ kept: 'ção', next: 'y' }, {}]);
      assert.deepEqual(again.log, []);
      await again.tables.close();
    }
  });

  it('zeroes a file system leaves at the end of a file are a torn tail too', async () => {
    const folder = newFolder();
    const first = await openTables(folder);
    await first.tables.commit([first.rows.put('kept', '1')]);
    await first.tables.close();
    await appendFile(await theLog(folder), Buffer.alloc(10_000));
    const opened = await openTables(folder);
    await opened.tables.commit([opened.rows.put('next', '2')]);
    await opened.tables.close();
    assert.deepEqual((await openTables(folder)).content(), [{ kept: '1', next: '2' }, {}]);
  });

  it('a record damaged in the middle is reported with file and offset, and costs only itself', async () => {
    const folder = newFolder();
    const first = await openTables(folder);
    await first.tables.commit([first.rows.put('a', 'antes')]);
    const offset = (await readFile(await theLog(folder))).length;
    await first.tables.commit([first.rows.put('b', 'DAMAGED')]);
    await first.tables.commit([first.rows.put('c', 'depois')]);
    await first.tables.close();
    const file = await theLog(folder);
    const bytes = await readFile(file);
    bytes.write('damaged', bytes.indexOf('DAMAGED'));
    await writeFile(file, bytes);
    const opened = await openTables(folder);
    assert.deepEqual(opened.content(), [{ a: 'antes', c: 'depois' }, {}]);
    const report = opened.log.find(({ message }) => message === 'journal.record_damaged');
    assert.deepEqual([report?.level, report?.fields['file'], report?.fields['offset']], ['error', file, offset]);
    await opened.tables.compact();
    await opened.tables.close();
    assert.deepEqual(await filesOf(folder, '.damaged'), [`${file}.damaged`], 'a person may want to look at it');
    assert.deepEqual((await openTables(folder)).content(), [{ a: 'antes', c: 'depois' }, {}]);
  });

  it('a file of noise loses no start, and no later file', async () => {
    const folder = newFolder();
    await mkdir(folder);
    await writeFile(path.join(folder, 'test.1.log'), Buffer.from('noise\n\n 12 ab {}\n5 zz {"v"\n{"changes":[]}\n'));
    const opened = await openTables(folder);
    await opened.tables.commit([opened.rows.put('a', '1')]);
    await opened.tables.close();
    assert.deepEqual((await openTables(folder)).content(), [{ a: '1' }, {}]);
  });

  it('a table only a newer build knows is kept through this build’s compaction', async () => {
    const folder = newFolder();
    const newer = new Tables({ directory: folder, name: 'test', logger: quietLog() });
    const unknown = newer.table<{ from: string }>('made-later');
    await newer.open();
    await newer.commit([unknown.put('k', { from: 'the future' })]);
    await newer.close();
    const older = await openTables(folder);
    await older.tables.compact();
    await older.tables.close();
    const back = new Tables({ directory: folder, name: 'test', logger: quietLog() });
    const table = back.table<{ from: string }>('made-later');
    await back.open();
    assert.deepEqual(table.get('k'), { from: 'the future' });
    await back.close();
  });

  describeCompaction(newFolder);
  describeFailure(newFolder);
});

function describeCompaction(newFolder: () => string): void {
  it('a compaction leaves the same content in one snapshot and one log', async () => {
    const folder = newFolder();
    const first = await openTables(folder);
    for (let step = 0; step < 50; step += 1) await first.tables.commit([first.rows.put(`k${step % 7}`, `v${step}`)]);
    await first.tables.commit([first.rows.drop('k0'), first.more.put('x', '1')]);
    await first.tables.compact();
    await first.tables.commit([first.more.put('y', '2')]);
    const expected = first.content();
    await first.tables.close();
    assert.deepEqual((await readdir(folder)).sort(), ['test.2.log', 'test.2.snapshot']);
    assert.deepEqual((await openTables(folder)).content(), expected);
  });

  it('commits that come while a compaction runs are neither lost nor split', async function () {
    this.timeout(60_000);
    const folder = newFolder();
    const first = await openTables(folder);
    const big = 'x'.repeat(10_000);
    await first.tables.commit(Array.from({ length: 1_000 }, (_, index) => first.rows.put(`old${index}`, big)));
    const compaction = first.tables.compact();
    let isOver = false;
    void compaction.then(() => (isOver = true));
    let step = 0;
    for (; !isOver; step += 1) {
      await first.tables.commit([
        first.rows.put(`new${step}`, '1'),
        first.more.put(`new${step}`, '1'),
        first.rows.drop(`old${step}`),
      ]);
    }
    assert.ok(step > 1, 'nothing was committed meanwhile');
    const expected = first.content();
    await first.tables.close();
    assert.deepEqual((await openTables(folder)).content(), expected);
  });

  it('a crash at any point of a compaction loads to the same content', async () => {
    const folder = newFolder();
    const first = await openTables(folder);
    await first.tables.commit([first.rows.put('a', '1'), first.more.put('a', '1')]);
    const logBefore = await readFile(path.join(folder, 'test.1.log'));
    await first.tables.compact();
    await first.tables.commit([first.rows.put('b', '2')]);
    const expected = first.content();
    await first.tables.close();
    const logAfter = await readFile(path.join(folder, 'test.2.log'));
    const snapshot = await readFile(path.join(folder, 'test.2.snapshot'));
    const crashes: Record<string, Buffer>[] = [
      { 'test.1.log': logBefore, 'test.2.log': logAfter },
      { 'test.1.log': logBefore, 'test.2.log': logAfter, 'test.2.snapshot.tmp': snapshot.subarray(0, 20) },
      { 'test.1.log': logBefore, 'test.2.log': logAfter, 'test.2.snapshot': snapshot },
      { 'test.2.log': logAfter, 'test.2.snapshot': snapshot },
    ];
    for (const files of crashes) {
      const copy = newFolder();
      await mkdir(copy);
      for (const [name, bytes] of Object.entries(files)) await writeFile(path.join(copy, name), bytes);
      const opened = await openTables(copy);
      assert.deepEqual(opened.content(), expected, Object.keys(files).join(' '));
      await opened.tables.compact();
      await opened.tables.close();
      assert.deepEqual((await openTables(copy)).content(), expected);
    }
  });

  it('any run of commits, compactions and restarts keeps exactly what was committed', async function () {
    this.timeout(120_000);
    const step = fc.oneof(
      fc.record({ key: fc.integer({ min: 0, max: 5 }), value: fc.option(fc.string()) }),
      fc.constant('compact' as const),
      fc.constant('restart' as const),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        const folder = newFolder();
        const expected = new Map<string, string>();
        let opened = await openTables(folder, { compactAfterBytes: 200 });
        for (const each of steps) {
          if (each === 'compact') {
            await opened.tables.compact();
          } else if (each === 'restart') {
            await opened.tables.close();
            opened = await openTables(folder, { compactAfterBytes: 200 });
          } else {
            const key = `k${each.key}`;
            if (each.value === null) expected.delete(key);
            else expected.set(key, each.value);
            await opened.tables.commit([
              each.value === null ? opened.rows.drop(key) : opened.rows.put(key, each.value),
            ]);
          }
          assert.deepEqual(new Map(opened.rows.entries()), expected);
        }
        await opened.tables.close();
      }),
      { numRuns: 40 },
    );
  });
}

function describeFailure(newFolder: () => string): void {
  const unavailable = { name: 'BridgeError', code: 'upstream_unavailable' };

  it('a folder nobody can write to refuses, shows nothing of it, and serves again once it is mended', async () => {
    const folder = newFolder();
    const opened = await openTables(path.join(folder, 'journal'));
    await writeFile(folder, 'a file where the folder should be');
    await assert.rejects(opened.tables.commit([opened.rows.put('a', '1')]), unavailable);
    assert.deepEqual(opened.content(), [{}, {}]);
    await rm(folder);
    await opened.tables.commit([opened.rows.put('b', '2')]);
    await opened.tables.close();
    assert.deepEqual((await openTables(path.join(folder, 'journal'))).content(), [{ b: '2' }, {}]);
  });

  it('a snapshot that may hold what was undone meanwhile never counts', async () => {
    const folder = newFolder();
    let isOurs = true;
    const opened = await openTables(folder, {
      assertOwned: () => {
        if (!isOurs) throw new Error('no');
      },
    });
    const big = 'x'.repeat(10_000);
    await opened.tables.commit(Array.from({ length: 500 }, (_, index) => opened.rows.put(`k${index}`, big)));
    await opened.tables.compact();
    const compaction = opened.tables.compact();
    // The new log is the sign that the compaction has begun to read the tables.
    while ((await filesOf(folder, '.3.log')).length === 0);
    isOurs = false;
    await assert.rejects(
      opened.tables.commit([opened.rows.put('k499', 'undone'), opened.more.put('new', 'undone')]),
      unavailable,
    );
    isOurs = true;
    await assert.rejects(compaction);
    await opened.tables.commit([opened.more.put('later', '1')]);
    const expected = opened.content();
    await opened.tables.close();
    assert.equal(expected[0]['k499'], big);
    assert.deepEqual((await openTables(folder)).content(), expected);
  });

  it('commits that could not be written are undone, newest first, and so is what was built on them', async () => {
    const folder = newFolder();
    let isOurs = true;
    const assertOwned = (): void => {
      if (!isOurs) throw new BridgeError('upstream_unavailable', 'another process took the data folder');
    };
    const opened = await openTables(folder, { assertOwned });
    await opened.tables.commit([opened.rows.put('a', '1')]);
    isOurs = false;
    const failing = [
      opened.tables.commit([opened.rows.put('a', '2'), opened.more.put('new', 'x')]),
      opened.tables.commit([opened.rows.put('a', '3'), opened.rows.drop('a')]),
      opened.tables.settled(),
    ];
    for (const result of await Promise.allSettled(failing)) assert.equal(result.status, 'rejected');
    await assert.rejects(opened.tables.commit([opened.rows.put('b', '1')]), unavailable);
    assert.deepEqual(opened.content(), [{ a: '1' }, {}]);
    isOurs = true;
    await opened.tables.settled();
    await opened.tables.commit([opened.rows.put('b', '2')]);
    await opened.tables.close();
    assert.deepEqual((await openTables(folder)).content(), [{ a: '1', b: '2' }, {}]);
  });

  it('after a failed write the log begins anew, so that half a record never joins a whole one', async () => {
    const folder = newFolder();
    let isOurs = true;
    const opened = await openTables(folder, {
      assertOwned: () => {
        if (!isOurs) throw new Error('no');
      },
    });
    await opened.tables.commit([opened.rows.put('a', '1')]);
    isOurs = false;
    await assert.rejects(opened.tables.commit([opened.rows.put('a', '2')]), unavailable);
    isOurs = true;
    // What a failed write may have left behind.
    await appendFile(path.join(folder, 'test.1.log'), '40 abc {"v":1,"chan');
    await opened.tables.commit([opened.rows.put('b', '2')]);
    const asAKillLeavesIt = newFolder();
    await cp(folder, asAKillLeavesIt, { recursive: true });
    await opened.tables.close();
    assert.deepEqual((await openTables(asAKillLeavesIt)).content(), [{ a: '1', b: '2' }, {}]);
    assert.deepEqual((await openTables(folder)).content(), [{ a: '1', b: '2' }, {}]);
  });

  it('after closing nothing can be committed', async () => {
    const opened = await openTables(newFolder());
    await opened.tables.close();
    await assert.rejects(opened.tables.commit([opened.rows.put('a', '1')]), unavailable);
  });
}
