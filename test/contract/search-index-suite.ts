// The promises of the search index, for every adapter. Terms and vectors are made up: an index knows no language.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { DocumentRef } from '../../bridge/core/knowledge/document.ts';
import type { IndexFilter, IndexPoint, LegHit, SearchIndex } from '../../bridge/core/ports/search-index.ts';

export const suiteDimensions = 8;

const anything: IndexFilter = { kinds: [], atMs: null, channel: null, service: null };

export function describeSearchIndex(name: string, open: () => Promise<SearchIndex>): void {
  describe(`search index on ${name}`, () => {
    let index: SearchIndex;
    let account: string;
    let firstTerm: number;

    before(async () => {
      index = await open();
    });

    beforeEach(() => {
      account = `suite_${randomBytes(6).toString('hex')}`;
      // Rarity may be counted over all tenants of a server, so every test speaks of terms of its own.
      firstTerm = randomBytes(4).readUInt32BE() >>> 8;
    });

    afterEach(() => index.drop(account));

    const term = (n: number) => firstTerm + n;
    const words = (weights: Record<number, number>) => ({
      indices: Object.keys(weights).map((n) => term(Number(n))),
      values: Object.values(weights),
    });
    const ref = (id: string, kind: DocumentRef['kind'] = 'rule'): DocumentRef => ({ kind, id });
    const point = (id: string, weights: Record<number, number>, more: Partial<IndexPoint> = {}): IndexPoint => ({
      ref: ref(id),
      sparse: words(weights),
      dense: null,
      fromMs: Number.NEGATIVE_INFINITY,
      toMs: Number.POSITIVE_INFINITY,
      channels: [],
      services: [],
      audience: [],
      priority: 0,
      active: true,
      source: 'rpc',
      ...more,
    });
    const ids = (hits: LegHit[]) => hits.map((hit) => hit.ref.id);
    const byWords = async (weights: Record<number, number>, filter: Partial<IndexFilter> = {}, limit = 10) =>
      ids(await index.lexical(account, words(weights), { ...anything, ...filter }, limit));
    const byVector = async (vector: Float32Array, filter: Partial<IndexFilter> = {}, limit = 10) =>
      ids(await index.dense(account, vector, { ...anything, ...filter }, limit));

    it('finds what holds a term, and nothing when nobody holds it', async () => {
      await index.upsert(account, [point('a', { 1: 1 }), point('b', { 2: 1 })]);
      assert.deepEqual(await byWords({ 1: 1 }), ['a']);
      assert.deepEqual(await byWords({ 9: 1 }), []);
      assert.deepEqual(await byWords({}), []);
    });

    it('a rare term counts more than a common one', async () => {
      const common = Array.from({ length: 20 }, (_, i) => point(`common-${i}`, { 1: 1 }));
      await index.upsert(account, [...common, point('rare', { 2: 1 })]);
      assert.equal((await byWords({ 1: 1, 2: 1 }))[0], 'rare');
    });

    it('the weights of document and question both count', async () => {
      await index.upsert(account, [point('little', { 1: 1 }), point('much', { 1: 2 }), point('other', { 2: 1 })]);
      assert.deepEqual(await byWords({ 1: 1 }), ['much', 'little']);
      assert.equal((await byWords({ 1: 0.1, 2: 1 }))[0], 'other');
    });

    it('vectors come nearest first; a point without a vector is found by its words only', async () => {
      await index.upsert(account, [
        point('east', { 1: 1 }, { dense: unit(1, 0) }),
        point('north', { 1: 1 }, { dense: unit(0, 1) }),
        point('between', { 1: 1 }, { dense: unit(1, 0.6) }),
        point('pending', { 1: 1 }),
      ]);
      assert.deepEqual(await byVector(unit(1, 0.1)), ['east', 'between', 'north']);
      assert.deepEqual((await byWords({ 1: 1 })).toSorted(), ['between', 'east', 'north', 'pending']);
    });

    it('the score of the vector leg is the cosine', async () => {
      await index.upsert(account, [point('a', { 1: 1 }, { dense: unit(1, 1) })]);
      const [hit] = await index.dense(account, unit(1, 0), anything, 1);
      assert.ok(Math.abs((hit?.score ?? 0) - Math.SQRT1_2) < 1e-4);
    });

    it('validity is half open: from the first instant to just before the last', async () => {
      await index.upsert(account, [point('a', { 1: 1 }, { fromMs: 1000, toMs: 2000, dense: unit(1, 0) })]);
      for (const [atMs, found] of [
        [999, []],
        [1000, ['a']],
        [1999, ['a']],
        [2000, []],
      ] as const) {
        assert.deepEqual(await byWords({ 1: 1 }, { atMs }), found, `words at ${atMs}`);
        assert.deepEqual(await byVector(unit(1, 0), { atMs }), found, `vector at ${atMs}`);
      }
      assert.deepEqual(await byWords({ 1: 1 }), ['a']);
    });

    it('open ends are valid at any time, real dates of today as well', async () => {
      await index.upsert(account, [point('a', { 1: 1 })]);
      assert.deepEqual(await byWords({ 1: 1 }, { atMs: Date.parse('2026-11-22T14:00:00Z') }), ['a']);
      assert.deepEqual(await byWords({ 1: 1 }, { atMs: 0 }), ['a']);
    });

    it('what is switched off is found only when validity does not matter', async () => {
      await index.upsert(account, [point('a', { 1: 1 }, { active: false })]);
      assert.deepEqual(await byWords({ 1: 1 }, { atMs: 0 }), []);
      assert.deepEqual(await byWords({ 1: 1 }), ['a']);
    });

    it('channels and services: without a scope everywhere, with one only there', async () => {
      await index.upsert(account, [
        point('all', { 1: 1 }),
        point('some', { 1: 2 }, { channels: ['whatsapp', 'web'], services: ['sales'] }),
      ]);
      assert.deepEqual(await byWords({ 1: 1 }), ['some', 'all']);
      assert.deepEqual(await byWords({ 1: 1 }, { channel: 'web' }), ['some', 'all']);
      assert.deepEqual(await byWords({ 1: 1 }, { channel: 'email' }), ['all']);
      assert.deepEqual(await byWords({ 1: 1 }, { service: 'sales', channel: 'web' }), ['some', 'all']);
      assert.deepEqual(await byWords({ 1: 1 }, { service: 'support' }), ['all']);
    });

    it('kinds: only those asked for, all when none is named', async () => {
      await index.upsert(account, [
        point('same', { 1: 1 }),
        point('same', { 1: 1 }, { ref: ref('same', 'faq') }),
        point('same', { 1: 1 }, { ref: ref('same', 'product') }),
      ]);
      const found = await index.lexical(account, words({ 1: 1 }), { ...anything, kinds: ['faq', 'product'] }, 10);
      assert.deepEqual(found.map((hit) => hit.ref.kind).toSorted(), ['faq', 'product']);
      assert.equal((await byWords({ 1: 1 })).length, 3);
    });

    it('filters come before the limit: a worse hit that passes is found behind many that do not', async () => {
      const better = Array.from({ length: 50 }, (_, i) =>
        point(`better-${i}`, { 1: 2 }, { channels: ['email'], dense: unit(1, 0) }),
      );
      await index.upsert(account, [...better, point('worse', { 1: 0.1 }, { dense: unit(0, 1) })]);
      assert.deepEqual(await byWords({ 1: 1 }, { channel: 'web' }, 1), ['worse']);
      assert.deepEqual(await byVector(unit(1, 0), { channel: 'web' }, 1), ['worse']);
    });

    it('gives at most as many as asked for', async () => {
      await index.upsert(
        account,
        [1, 2, 3].map((n) => point(`p${n}`, { 1: n }, { dense: unit(n, 1) })),
      );
      assert.deepEqual(await byWords({ 1: 1 }, {}, 2), ['p3', 'p2']);
      assert.equal((await byVector(unit(1, 0), {}, 2)).length, 2);
    });

    it('a point given again replaces the old one in every respect', async () => {
      await index.upsert(account, [point('a', { 1: 1 }, { dense: unit(1, 0), channels: ['email'] })]);
      await index.upsert(account, [point('a', { 2: 1 }, { dense: unit(0, 1) })]);
      assert.deepEqual(await byWords({ 1: 1 }), []);
      assert.deepEqual(await byWords({ 2: 1 }, { channel: 'web' }), ['a']);
      const [hit] = await index.dense(account, unit(0, 1), anything, 5);
      assert.ok((hit?.score ?? 0) > 0.99);
      assert.deepEqual(await index.refs(account), [ref('a')]);
    });

    it('what was removed is gone; removing what is not there is no error', async () => {
      await index.upsert(account, [point('a', { 1: 1 }, { dense: unit(1, 0) }), point('b', { 1: 1 })]);
      await index.remove(account, [ref('a'), ref('never')]);
      await index.remove(account, []);
      assert.deepEqual(await byWords({ 1: 1 }), ['b']);
      assert.deepEqual(await byVector(unit(1, 0)), []);
      assert.deepEqual(await index.refs(account), [ref('b')]);
    });

    it('hundreds of points in one call, changed over and over, are all held exactly once', async () => {
      const many = (weight: number) =>
        Array.from({ length: 700 }, (_, i) =>
          point(`p${i}`, { 1: weight, [2 + i]: 1 }, { dense: unit(i + 1, 700 - i) }),
        );
      for (const weight of [1, 2, 3]) await index.upsert(account, many(weight));
      assert.equal((await index.refs(account)).length, 700);
      assert.deepEqual(await byWords({ 501: 1 }), ['p499']);
      assert.equal((await byVector(unit(700, 1)))[0], 'p699');
    });

    it('two tenants with the same references and terms never meet', async () => {
      const other = `${account}_other`;
      await index.upsert(account, [point('a', { 1: 1 }, { dense: unit(1, 0) })]);
      await index.upsert(other, [point('a', { 2: 1 }, { dense: unit(0, 1) }), point('b', { 1: 1 })]);
      assert.deepEqual(await byWords({ 1: 1, 2: 1 }), ['a']);
      assert.deepEqual(await byVector(unit(0, 1)), ['a']);
      await index.remove(account, [ref('b')]);
      assert.equal((await index.refs(other)).length, 2);
      await index.drop(other);
      assert.deepEqual(await index.refs(other), []);
      assert.deepEqual(await byWords({ 1: 1 }), ['a']);
    });

    it('many questions of one moment, by words and by vector, each get the answer they would get alone', async () => {
      const many = Array.from({ length: 40 }, (_, i) => i);
      await index.upsert(
        account,
        many.map((i) => point(`p${i}`, { [i]: 1, 100: 1 }, { dense: unit(i, 40 - i) })),
      );
      const atOnce = await Promise.all(many.flatMap((i) => [byWords({ [i]: 1 }), byVector(unit(i, 40 - i), {}, 1)]));
      assert.deepEqual(
        atOnce,
        many.flatMap((i) => [[`p${i}`], [`p${i}`]]),
      );
    });

    it('a tenant that was never written has nothing', async () => {
      assert.deepEqual(await index.refs(account), []);
      assert.deepEqual(await byWords({ 1: 1 }), []);
      assert.deepEqual(await byVector(unit(1, 0)), []);
    });
  });
}

function unit(x: number, y: number): Float32Array {
  const length = Math.hypot(x, y);
  const vector = new Float32Array(suiteDimensions);
  vector[0] = x / length;
  vector[1] = y / length;
  return vector;
}
