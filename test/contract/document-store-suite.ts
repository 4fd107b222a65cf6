// The promises of the document store, for every adapter.
import assert from 'node:assert/strict';
import type { DocumentChanges } from '../../bridge/core/ports/document-store.ts';
import type { DocumentRef, StoredDocument } from '../../bridge/core/knowledge/document.ts';
import { storedDocument } from './store-samples.ts';
import { newAccount, useWorld, type OpenWorld, type StoreWorld } from './store-world.ts';

const refOf = (id: string): DocumentRef => ({ kind: 'rule', id });
const idsOf = (documents: StoredDocument[]): string[] => documents.map(({ document }) => document.id).sort();

export function describeDocumentStore(name: string, open: OpenWorld): void {
  describe(`document store on ${name}`, () => {
    const world = useWorld(open);
    describeDocuments(world);
    describeChanges(world);
  });
}

function describeDocuments(world: () => StoreWorld): void {
  it('a document comes back as it was stored, to its own tenant only, and the newest replaces the one before', async () => {
    const [mine, theirs] = [newAccount(), newAccount()];
    await world().stores.documents.upsert(mine, [storedDocument('a', 'antes'), storedDocument('b')]);
    await world().stores.documents.upsert(theirs, [storedDocument('a', 'de outro')]);
    const newer = storedDocument('a', 'depois');
    await world().stores.documents.upsert(mine, [newer]);
    assert.deepEqual(await world().other.documents.get(mine, [refOf('a'), refOf('missing')]), [newer]);
    assert.deepEqual(idsOf(await world().other.documents.all(mine)), ['a', 'b']);
    assert.deepEqual(idsOf(await world().other.documents.all(theirs)), ['a']);
    assert.deepEqual(await world().stores.documents.all(newAccount()), []);
    assert.deepEqual(await world().stores.documents.get(mine, []), []);
  });

  it('the same id under another kind is another document', async () => {
    const account = newAccount();
    const rule = storedDocument('x:1');
    const faq: StoredDocument = { ...rule, document: { ...rule.document, kind: 'faq' } };
    await world().stores.documents.upsert(account, [rule, faq]);
    assert.equal(await world().stores.documents.remove(account, [refOf('x:1')]), 1);
    assert.deepEqual(await world().stores.documents.all(account), [faq]);
  });

  it('removing counts what existed', async () => {
    const account = newAccount();
    await world().stores.documents.upsert(account, [storedDocument('a'), storedDocument('b'), storedDocument('c')]);
    assert.equal(await world().stores.documents.remove(account, [refOf('a'), refOf('a'), refOf('z')]), 1);
    assert.equal(await world().other.documents.removeAll(account), 2);
    assert.equal(await world().stores.documents.removeAll(account), 0);
    assert.deepEqual(await world().stores.documents.all(account), []);
  });

  it('many documents in one call are all stored, also after a kill', async function () {
    this.timeout(60_000);
    const account = newAccount();
    const documents = Array.from({ length: 1_234 }, (_, index) => storedDocument(`d${index}`));
    await world().stores.documents.upsert(account, documents);
    const before = await world().stores.documents.revision(account);
    await world().reopen();
    assert.deepEqual(idsOf(await world().stores.documents.all(account)), idsOf(documents));
    const refs = documents.map(({ document }) => refOf(document.id));
    assert.deepEqual(await world().stores.documents.get(account, refs), documents);
    assert.equal(await world().stores.documents.revision(account), before);
  });
}

function describeChanges(world: () => StoreWorld): void {
  it('the revision is 0 for a tenant that never had documents and grows with every change, only then', async () => {
    const account = newAccount();
    const { documents } = world().stores;
    const revisions = [await documents.revision(account)];
    const look = async (): Promise<void> => void revisions.push(await world().other.documents.revision(account));
    await documents.upsert(account, [storedDocument('a'), storedDocument('b')]);
    await look();
    await documents.remove(account, [refOf('a')]);
    await look();
    await documents.removeAll(account);
    await look();
    await documents.upsert(account, [storedDocument('a')]);
    await look();
    assert.equal(revisions[0], 0);
    assert.deepEqual(
      [...new Set(revisions)].toSorted((a, b) => a - b),
      revisions,
    );
    await documents.upsert(account, []);
    assert.equal(await documents.remove(account, [refOf('z')]), 0);
    assert.equal(await documents.revision(account), revisions.at(-1));
  });

  it('changes since a revision lead to the present, each document once and as it is now', async () => {
    const account = newAccount();
    const { documents } = world().stores;
    await documents.upsert(account, [storedDocument('a'), storedDocument('b')]);
    const start = await documents.revision(account);
    await documents.upsert(account, [storedDocument('b', 'segunda'), storedDocument('c')]);
    await documents.upsert(account, [storedDocument('b', 'terceira'), storedDocument('d')]);
    await documents.remove(account, [refOf('a'), refOf('d')]);
    const changes = await changesOf(world().other, account, start);
    assert.equal(changes.revision, await documents.revision(account));
    assert.deepEqual(idsOf(changes.upserted), ['b', 'c']);
    assert.equal(changes.upserted.find(({ document }) => document.id === 'b')?.document.body, 'terceira');
    assert.deepEqual(changes.removed.map(({ id }) => id).sort(), ['a', 'd']);
  });

  it('nothing changed means empty lists; a revision that never was means reading everything', async () => {
    const account = newAccount();
    const { documents } = world().stores;
    assert.deepEqual(await documents.changesSince(account, 0), { revision: 0, upserted: [], removed: [] });
    await documents.upsert(account, [storedDocument('a')]);
    const now = await documents.revision(account);
    assert.deepEqual(await documents.changesSince(account, now), { revision: now, upserted: [], removed: [] });
    assert.equal(await documents.changesSince(account, now + 1), null);
  });

  it('changes can be followed over a kill', async () => {
    const account = newAccount();
    await world().stores.documents.upsert(account, [storedDocument('a')]);
    const start = await world().stores.documents.revision(account);
    await world().stores.documents.upsert(account, [storedDocument('b')]);
    await world().reopen();
    assert.deepEqual(idsOf((await changesOf(world().stores, account, start)).upserted), ['b']);
  });

  it('changes that are too long ago are not told in part', async function () {
    this.timeout(120_000);
    const account = newAccount();
    const { documents } = world().stores;
    await documents.upsert(account, [storedDocument('first')]);
    const start = await documents.revision(account);
    for (let step = 0; step < 1_001; step += 1) await documents.upsert(account, [storedDocument('again', `${step}`)]);
    assert.equal(await documents.changesSince(account, start), null);
    const recent = await changesOf(world().other, account, start + 500);
    assert.deepEqual(idsOf(recent.upserted), ['again']);
  });

  it('after everything was removed, whoever is behind ends with nothing', async () => {
    const account = newAccount();
    const { documents } = world().stores;
    await documents.upsert(account, [storedDocument('a')]);
    const start = await documents.revision(account);
    await documents.removeAll(account);
    const changes = await documents.changesSince(account, start);
    if (changes !== null) assert.deepEqual(changes.removed, [refOf('a')]);
    await documents.upsert(account, [storedDocument('b')]);
    const later = await documents.changesSince(account, start);
    if (later !== null) assert.deepEqual([idsOf(later.upserted), later.removed], [['b'], [refOf('a')]]);
    assert.deepEqual(idsOf(await documents.all(account)), ['b']);
  });

  it('concurrent upserts all count, and every one has its own revision', async () => {
    const account = newAccount();
    const asked = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? world().stores : world().other));
    await Promise.all(asked.map(({ documents }, index) => documents.upsert(account, [storedDocument(`d${index}`)])));
    assert.equal(await world().stores.documents.revision(account), 20);
    assert.equal((await changesOf(world().stores, account, 0)).upserted.length, 20);
  });
}

async function changesOf(
  { documents }: StoreWorld['stores'],
  account: string,
  since: number,
): Promise<DocumentChanges> {
  const changes = await documents.changesSince(account, since);
  assert.ok(changes);
  return changes;
}
