// The promises of a tenant's business system, for every adapter. The documents may be anybody's, so the suite compares
// what the system says in one place with what it says in another.
import assert from 'node:assert/strict';
import { KnowledgeDocument, documentKinds, refKey } from '../../bridge/core/knowledge/document.ts';
import type { DocumentKind } from '../../bridge/core/knowledge/document.ts';
import type { BusinessSystem, ManifestItem } from '../../bridge/core/ports/business-system.ts';

const never = new AbortController().signal;

export function describeBusinessSystem(name: string, open: () => Promise<BusinessSystem>): void {
  describe(`business system on ${name}`, () => {
    let system: BusinessSystem;

    before(async () => {
      system = await open();
    });

    const walk = async (kinds: DocumentKind[], limit: number) => {
      const items: ManifestItem[] = [];
      const digests = new Set<string>();
      let after = '';
      do {
        const page = await system.manifest(kinds, after, limit, never);
        assert.ok(page.items.length <= limit, 'a page is no longer than asked for');
        assert.notEqual(page.next, after === '' ? undefined : after);
        items.push(...page.items);
        digests.add(page.digest);
        after = page.next;
      } while (after !== '');
      return { items, digests };
    };

    it('lists every document exactly once, whatever the size of the pages, under one digest', async () => {
      const { items: all, digests } = await walk([...documentKinds], 500);
      assert.ok(all.length > 0, 'the suite needs a system with documents');
      assert.equal(new Set(all.map(refKey)).size, all.length);
      assert.equal(digests.size, 1);
      const small = await walk([...documentKinds], 2);
      assert.deepEqual(small.items.map(refKey).toSorted(), all.map(refKey).toSorted());
      assert.deepEqual(small.digests, digests);
    });

    it('lists only the kinds asked for, together all of them', async () => {
      const { items: all } = await walk([...documentKinds], 500);
      let counted = 0;
      for (const kind of documentKinds) {
        const { items } = await walk([kind], 500);
        assert.ok(items.every((item) => item.kind === kind));
        counted += items.length;
      }
      assert.equal(counted, all.length);
    });

    it('gives the documents it listed, well formed and under the same hash', async () => {
      const { items } = await walk([...documentKinds], 500);
      const some = items.slice(0, 100);
      const { documents, gone } = await system.documents(some, never);
      assert.deepEqual(gone, []);
      assert.deepEqual(documents.map(refKey).toSorted(), some.map(refKey).toSorted());
      const hashes = new Map(some.map((item) => [refKey(item), item.hash]));
      for (const document of documents) {
        assert.ok(KnowledgeDocument.safeParse(document).success);
        assert.equal(document.hash, hashes.get(refKey(document)));
      }
    });

    it('says what is not there', async () => {
      const { items } = await walk([...documentKinds], 1);
      const unknown = { kind: 'rule', id: 'odoo:integrator.rule:999999999' } as const;
      const { documents, gone } = await system.documents([...items.slice(0, 1), unknown], never);
      assert.equal(documents.length, 1);
      assert.deepEqual(gone, [unknown]);
      assert.deepEqual(await system.documents([], never), { documents: [], gone: [] });
    });

    it('knows no facts about what is not there', async () => {
      assert.deepEqual(await system.productFacts([{ kind: 'product', id: 'no-such-product' }], never), []);
    });

    it('is well', async () => {
      const { ok, message, fix } = await system.check(never);
      assert.deepEqual([ok, fix], [true, null], message);
    });
  });
}
