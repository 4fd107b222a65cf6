// What this instance last saw goes on serving while the stores are away, for reading alone.
import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { KnownCredentials } from '../../../bridge/core/spill/known-credentials.ts';
import { withKnownRevisions } from '../../../bridge/core/spill/known-revisions.ts';
import { replacing } from '../../../bridge/core/spill/replacing.ts';
import { storedDocument } from '../../contract/store-samples.ts';
import { SpillWorld } from './spill-world.ts';

describe('what was last known', () => {
  let world: SpillWorld;
  let isAway: boolean;

  beforeEach(async () => {
    world = await SpillWorld.open();
    isAway = false;
  });
  afterEach(() => world.close());

  const orAway = <T>(call: () => Promise<T>): Promise<T> =>
    isAway ? Promise.reject(new BridgeError('upstream_unavailable', 'away')) : call();

  function credentials(): KnownCredentials {
    const { sealed } = world.shared;
    return new KnownCredentials(
      replacing(sealed, {
        get: (...args) => orAway(() => sealed.get(...args)),
        put: (...args) => orAway(() => sealed.put(...args)),
        list: (...args) => orAway(() => sealed.list(...args)),
        remove: (...args) => orAway(() => sealed.remove(...args)),
      }),
    );
  }

  it('a credential that was read, listed or saved is there while the store is away', async () => {
    await world.shared.sealed.put('acme', 'one', 'sealed 1');
    await world.shared.sealed.put('acme', 'two', 'sealed 2');
    const known = credentials();
    await known.list('acme');
    await known.put('acme', 'three', 'sealed 3');
    assert.equal(await known.get('acme', 'none'), null);
    isAway = true;
    const refs = ['one', 'two', 'three', 'none'];
    assert.deepEqual(await Promise.all(refs.map((ref) => known.get('acme', ref))), [
      'sealed 1',
      'sealed 2',
      'sealed 3',
      null,
    ]);
  });

  it('one that nobody here has seen, or of another tenant, is not made up', async () => {
    await world.shared.sealed.put('acme', 'one', 'sealed 1');
    const known = credentials();
    await known.get('acme', 'one');
    isAway = true;
    await assert.rejects(known.get('acme', 'two'), { code: 'upstream_unavailable' });
    await assert.rejects(known.get('other', 'one'), { code: 'upstream_unavailable' });
  });

  it('one that was removed stays removed', async () => {
    const known = credentials();
    await known.put('acme', 'one', 'sealed 1');
    await known.remove('acme', 'one');
    isAway = true;
    assert.equal(await known.get('acme', 'one'), null);
  });

  it('lists and changes are never served from memory', async () => {
    const known = credentials();
    await known.put('acme', 'one', 'sealed 1');
    isAway = true;
    for (const call of [known.list('acme'), known.put('acme', 'one', 'x'), known.remove('acme', 'one')]) {
      await assert.rejects(call, { code: 'upstream_unavailable' });
    }
  });

  it('the present credential wins as soon as the store is back', async () => {
    const known = credentials();
    await known.put('acme', 'one', 'sealed 1');
    await world.shared.sealed.put('acme', 'one', 'sealed anew');
    isAway = true;
    assert.equal(await known.get('acme', 'one'), 'sealed 1');
    isAway = false;
    assert.equal(await known.get('acme', 'one'), 'sealed anew');
  });

  it('an index built before goes on at its revision; documents are not made up', async () => {
    const { documents } = world.shared;
    const known = withKnownRevisions(
      replacing(documents, {
        revision: (...args) => orAway(() => documents.revision(...args)),
        all: (...args) => orAway(() => documents.all(...args)),
      }),
    );
    await known.upsert('acme', [storedDocument('a')]);
    const revision = await known.revision('acme');
    isAway = true;
    assert.equal(await known.revision('acme'), revision);
    await assert.rejects(known.revision('other'), { code: 'upstream_unavailable' });
    await assert.rejects(known.all('acme'), { code: 'upstream_unavailable' });
  });
});
