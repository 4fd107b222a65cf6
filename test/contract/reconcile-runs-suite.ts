// The promises of the pages of reconcile runs, for every adapter.
import assert from 'node:assert/strict';
import type { ManifestItem } from '../../bridge/core/ports/business-system.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

const page = (...ids: string[]): ManifestItem[] => ids.map((id) => ({ kind: 'product', id, hash: `ação-${id}` }));

export function describeReconcileRuns(name: string, open: OpenWorld): void {
  describe(`reconcile runs on ${name}`, () => {
    const world = useWorld(open);

    it('pages any instance took come back together and in order, also after a kill', async () => {
      const account = newAccount();
      await world().stores.runs.add(account, 'run-1', page('a', 'b'));
      await world().other.runs.add(account, 'run-1', page());
      await world().other.runs.add(account, 'run-1', page('c'));
      await world().reopen();
      assert.deepEqual(await world().stores.runs.items(account, 'run-1'), page('a', 'b', 'c'));
    });

    it('another run and another tenant see none of them', async () => {
      const account = newAccount();
      await world().stores.runs.add(account, 'run-1', page('a'));
      assert.deepEqual(await world().stores.runs.items(account, 'run-2'), []);
      assert.deepEqual(await world().stores.runs.items(newAccount(), 'run-1'), []);
    });
  });
}
