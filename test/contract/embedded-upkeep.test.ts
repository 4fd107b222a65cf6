// How the embedded stores stay small and readable over the months: what is forgotten when, what lies in which file, and
// that a thousand tenants cost nothing until they are used.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { AccountTables } from '../../bridge/adapters/embedded/account-tables.ts';
import { acquireDataLock } from '../../bridge/adapters/embedded/data-lock.ts';
import { DocumentRows, EmbeddedDocumentStore } from '../../bridge/adapters/embedded/document-store.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { openEmbeddedWorld, type EmbeddedWorld } from './embedded-world.ts';
import { conversationState, customerMail, replyIntent, storedDocument } from './store-samples.ts';

const conversation = { accountId: 'acme', conversationId: 7 };
const dayMs = 24 * 3_600_000;

describe('embedded stores over time', function () {
  this.timeout(60_000);
  let world: EmbeddedWorld;
  beforeEach(async () => (world = await openEmbeddedWorld()));
  afterEach(() => world.close());

  const diskHolds = async (text: string): Promise<boolean> => {
    const entries = await readdir(world.dataDir, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    const contents = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    return contents.some((content) => content.includes(text));
  };

  it('idempotency keys are known for seven days and then forgotten, also over a restart', async () => {
    const again = async (days: number): Promise<string> =>
      (await world.stores.mailbox.store(customerMail(conversation, 1, { nowMs: days * dayMs }))).outcome;
    assert.equal(await again(0), 'stored');
    await world.stores.mailbox.remove(conversation, ['message:1']);
    assert.equal(await again(6.9), 'duplicate');
    await world.reopen();
    assert.equal(await again(6.9), 'duplicate');
    assert.equal(await again(7.1), 'stored');
  });

  it('after ninety quiet days what was said is gone, also from the disk; owner and status stay', async () => {
    const state = { ...conversationState(Date.now()), owner: 'person' as const };
    state.window = [{ from: 'customer', text: 'UM-SEGREDO', atMs: 1, messageId: 1 }];
    await world.stores.states.set(conversation, state);
    world.advance(89 * dayMs);
    assert.deepEqual(await world.stores.states.get(conversation), state);
    world.advance(2 * dayMs);
    assert.deepEqual(await world.stores.states.get(conversation), { ...state, window: [] });
    await world.reopen();
    assert.deepEqual(await world.stores.states.get(conversation), { ...state, window: [] });
    assert.equal(await diskHolds('UM-SEGREDO'), false);
  });

  it('what was removed or replaced is not on the disk any more after an orderly end', async () => {
    await world.stores.mailbox.store({ ...customerMail(conversation, 1), key: 'um-segredo-1' });
    await world.stores.sealed.put('acme', 'odoo', 'um-segredo-2');
    await world.stores.documents.upsert('acme', [storedDocument('a', 'um-segredo-3'), storedDocument('b')]);
    await world.stores.sealed.put('acme', 'odoo', 'novo');
    await world.stores.documents.remove('acme', [{ kind: 'rule', id: 'a' }]);
    for (const number of [1, 2, 3]) assert.equal(await diskHolds(`um-segredo-${number}`), true);
    await world.stores.close();
    assert.equal(await diskHolds('um-segredo-2'), false);
    assert.equal(await diskHolds('um-segredo-3'), false);
    assert.equal(await diskHolds('um-segredo-1'), true, 'what is kept stays');
  });

  it('a finished intent of a long quiet conversation goes, an unfinished one and the watermark stay', async () => {
    const open = { ...conversation, conversationId: 8 };
    await world.stores.ledger.begin({ ...replyIntent(conversation, 10, 'turn-1'), atMs: Date.now() });
    await world.stores.ledger.finish(conversation, 'turn-1', 'done');
    await world.stores.ledger.begin({ ...replyIntent(open, 10, 'turn-2'), atMs: Date.now() });
    world.advance(91 * dayMs);
    await world.reopen();
    assert.equal(await world.stores.ledger.current(conversation), null);
    assert.equal(await world.stores.ledger.answeredUpTo(conversation), 10);
    assert.equal((await world.stores.ledger.current(open))?.turnId, 'turn-2');
  });

  it('usage older than four hundred days goes when a new day begins', async () => {
    await world.stores.usage.add('acme', '2025-01-01', { turns: 1 });
    await world.stores.usage.add('acme', '2026-02-01', { turns: 1 });
    await world.stores.usage.add('acme', '2026-03-01', { turns: 1 });
    assert.deepEqual(Object.keys(await world.stores.usage.range('acme', '2000-01-01', '2100-01-01')), [
      '2026-02-01',
      '2026-03-01',
    ]);
  });
});

describe('tenants saved without a server', function () {
  this.timeout(60_000);
  let world: EmbeddedWorld;
  beforeEach(async () => (world = await openEmbeddedWorld()));
  afterEach(() => world.close());
  const fileOf = (domain: string, accountId: string): string =>
    path.join(world.dataDir, 'tenants', domain, accountId, 'config.yaml');

  it('a tenant is a YAML file a person can read, in the folder of its domain, and moves with it', async () => {
    await world.stores.tenants.put({ accountId: 'acme', domain: 'retail', config: { name: 'Açaí' } }, 0);
    assert.equal(await readFile(fileOf('retail', 'acme'), 'utf8'), 'name: Açaí\n');
    await world.stores.tenants.put({ accountId: 'acme', domain: 'services', config: { name: 'Açaí' } }, 1);
    assert.equal(existsSync(path.dirname(fileOf('retail', 'acme'))), false);
    await world.stores.tenants.remove('acme');
    assert.equal(existsSync(path.dirname(fileOf('services', 'acme'))), false);
  });

  it('an edit by hand is taken at the next start; a file nobody can parse is listed without a configuration', async () => {
    await world.stores.tenants.put({ accountId: 'edited', domain: 'retail', config: { name: 'A' } }, 0);
    await world.stores.tenants.put({ accountId: 'broken', domain: 'retail', config: { name: 'B' } }, 0);
    await writeFile(fileOf('retail', 'edited'), 'name: Outro\n');
    await writeFile(fileOf('retail', 'broken'), 'name: "sem fim\n');
    await world.reopen();
    assert.deepEqual((await world.stores.tenants.get('edited'))?.config, { name: 'Outro' });
    assert.equal((await world.stores.tenants.get('broken'))?.config, null);
    const report = world.log.find(({ message }) => message === 'tenant.file_unreadable');
    assert.equal(report?.fields['file'], fileOf('retail', 'broken'));
  });

  it('a move that a crash interrupted ends as what was acknowledged last', async () => {
    await world.stores.tenants.put({ accountId: 'acme', domain: 'retail', config: { name: 'A' } }, 0);
    await mkdir(path.dirname(fileOf('services', 'acme')), { recursive: true });
    await writeFile(fileOf('services', 'acme'), 'name: never acknowledged\n');
    await world.reopen();
    assert.deepEqual(await world.stores.tenants.list(), [
      { version: 1, accountId: 'acme', domain: 'retail', revision: 1, config: { name: 'A' } },
    ]);
    assert.equal(existsSync(fileOf('services', 'acme')), false);
  });

  it('no name leads out of the data folder', async () => {
    for (const name of ['../up', 'a/b', '..', 'A', '']) {
      const isRefused = { code: 'bad_request' };
      await assert.rejects(world.stores.tenants.put({ accountId: name, domain: 'retail', config: {} }, 0), isRefused);
      await assert.rejects(world.stores.tenants.put({ accountId: 'acme', domain: name, config: {} }, 0), isRefused);
      await assert.rejects(world.stores.documents.upsert(name, [storedDocument('a')]), isRefused);
    }
  });

  it('what is kept is readable by its owner alone', async () => {
    await world.stores.sealed.put('acme', 'odoo', 'text');
    await world.stores.tenants.put({ accountId: 'acme', domain: 'retail', config: {} }, 0);
    for (const file of ['journal/installation.1.log', 'tenants/retail/acme/config.yaml', 'lock']) {
      assert.equal((await stat(path.join(world.dataDir, file))).mode & 0o077, 0, file);
    }
  });
});

describe('journals of many tenants', function () {
  this.timeout(60_000);
  let directory = '';
  beforeEach(async () => (directory = await mkdtemp(path.join(tmpdir(), 'ui-many-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it('only the busy ones stay open, and work at the edge of being closed is not lost', async () => {
    const opened: string[] = [];
    const accounts = new AccountTables({
      directory,
      name: 'documents',
      logger: quietLog(),
      assertOwned: () => undefined,
      mostOpen: 3,
      make: (tables) => (opened.push('one'), new DocumentRows(tables)),
    });
    const store = new EmbeddedDocumentStore(accounts);
    const names = Array.from({ length: 12 }, (_, index) => `tenant-${index}`);
    for (let round = 0; round < 5; round += 1) {
      await Promise.all(names.map((name) => store.upsert(name, [storedDocument(`d${round}`)])));
    }
    for (const name of names) assert.equal((await store.all(name)).length, 5, name);
    for (const name of names) assert.equal(await store.revision(name), 5, name);
    assert.ok(opened.length > names.length, 'some were closed and opened again');
    await accounts.close();
  });

  it('asking about a tenant without documents leaves no file behind', async () => {
    const world = await openEmbeddedWorld();
    await world.stores.documents.revision('nobody');
    assert.equal(existsSync(path.join(world.dataDir, 'accounts', 'nobody')), false);
    await world.close();
  });
});

describe('the lock of a data folder', () => {
  let directory = '';
  beforeEach(async () => (directory = await mkdtemp(path.join(tmpdir(), 'ui-lock-'))));
  afterEach(() => rm(directory, { recursive: true, force: true }));
  const leaveLock = (holder: object): Promise<void> => writeFile(path.join(directory, 'lock'), JSON.stringify(holder));
  const holder = { version: 1, id: 'x', pid: process.pid, host: hostname(), started: '1' };

  it('a process id that was given to another process since does not hold it', async () => {
    await leaveLock(holder);
    (await acquireDataLock(directory, quietLog(), 0)).release();
  });

  it('a holder on another host keeps it while it touches the file, and loses it when it stops', async () => {
    await leaveLock({ ...holder, host: 'another-host' });
    await assert.rejects(acquireDataLock(directory, quietLog(), 0), { code: 'conflict', message: /on another-host/ });
    await utimes(path.join(directory, 'lock'), 1_000, 1_000);
    (await acquireDataLock(directory, quietLog(), 0)).release();
  });

  it('a lock file nobody can read holds nothing', async () => {
    await writeFile(path.join(directory, 'lock'), 'torn');
    (await acquireDataLock(directory, quietLog(), 0)).release();
    assert.equal(existsSync(path.join(directory, 'lock')), false);
  });
});
