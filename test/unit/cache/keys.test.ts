import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { cacheKey, cachePrefix, moduleOf } from '../../../bridge/core/cache/keys.ts';
import { cacheTiers, ttlSeconds } from '../../../bridge/core/cache/tiers.ts';

const wellFormed = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme' });
const partsOf = fc.tuple(wellFormed, wellFormed, wellFormed, wellFormed, wellFormed);
type Five = [string, string, string, string, string];
const keyOf = ([accountId, module, resourceType, resourceId, action]: Five) =>
  cacheKey({ accountId, module, resourceType, resourceId, action });

describe('cache keys', () => {
  it('have the published form', () => {
    const key = keyOf(['sandra_cosmeticos', 'rules', 'rule', '123', 'details']);
    assert.equal(key, 'sandra_cosmeticos:rules:rule:123:details');
    assert.equal(moduleOf(key), 'rules');
  });

  it('hold exactly four separators and no character with a meaning in a pattern, whatever the parts hold', () => {
    fc.assert(fc.property(partsOf, (parts) => assert.match(keyOf(parts), /^([\w%~.-]+:){4}[\w%~.-]+$/)));
  });

  it('differ whenever one part differs', () => {
    fc.assert(
      fc.property(partsOf, partsOf, (one, other) => {
        assert.equal(
          keyOf(one) === keyOf(other),
          one.every((part, index) => part === other[index]),
        );
      }),
    );
  });

  it('cannot be forged into another tenant by a part that holds the separator', () => {
    const forged = keyOf(['one', 'rules:rule:1:details', 'x', 'y', 'z']);
    assert.ok(!forged.startsWith(cachePrefix({ accountId: 'one', module: 'rules' })));
    assert.notEqual(forged, keyOf(['one', 'rules', 'rule', '1', 'details']));
  });

  it('are dropped by the prefixes of exactly their own parts', () => {
    fc.assert(
      fc.property(partsOf, partsOf, fc.integer({ min: 1, max: 4 }), (one, other, length) => {
        const [accountId, module, resourceType, resourceId] = other;
        const prefix = cachePrefix({
          accountId,
          module: length > 1 ? module : undefined,
          resourceType: length > 2 ? resourceType : undefined,
          resourceId: length > 3 ? resourceId : undefined,
        });
        const same = one.slice(0, length).every((part, index) => part === other[index]);
        assert.equal(keyOf(one).startsWith(prefix), same);
      }),
    );
  });

  it('of record 12 survive dropping record 1', () => {
    const prefix = cachePrefix({ accountId: 'a1', module: 'rules', resourceType: 'rule', resourceId: '1' });
    assert.ok(!keyOf(['a1', 'rules', 'rule', '12', 'details']).startsWith(prefix));
  });

  it('refuse what cannot be a part', () => {
    for (const part of ['', 'x'.repeat(301), 'broken \uD800 text']) {
      assert.throws(() => keyOf(['a1', part, 'x', 'y', 'z']), BridgeError);
    }
    assert.throws(() => cachePrefix({ accountId: 'a1', resourceId: '1' }), BridgeError);
  });
});

describe('cache tiers', () => {
  it('keep every wish within their bounds', () => {
    const limits = { transient: [300, 900], session: [3600, 86_400], configuration: [86_400, 604_800] } as const;
    for (const tier of cacheTiers) {
      const [min, max] = limits[tier];
      assert.equal(ttlSeconds(tier, 1), min);
      assert.equal(ttlSeconds(tier, 1e9), max);
      assert.equal(ttlSeconds(tier, min + 7), min + 7);
      assert.ok(ttlSeconds(tier) >= min && ttlSeconds(tier) <= max);
    }
  });
});
