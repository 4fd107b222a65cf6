// The promises of an embedder, for every adapter.
import assert from 'node:assert/strict';
import type { Embedder } from '../../bridge/core/ports/embedder.ts';

const never = new AbortController().signal;

export function describeEmbedder(name: string, open: () => Embedder): void {
  describe(`embedder on ${name}`, () => {
    const embed = async (...texts: string[]) => (await open().embed(texts, never)).vectors;

    it('gives one vector of unit length and of the promised dimensions for each text, in order', async () => {
      const [first, second, third] = await embed('prazo de troca', 'frete grátis', 'prazo de troca');
      for (const vector of [first, second, third]) {
        assert.ok(vector);
        assert.equal(vector.length, open().dimensions);
        assert.ok(Math.abs(Math.hypot(...vector) - 1) < 1e-5);
      }
      assert.deepEqual(first, third);
      assert.notDeepEqual(first, second);
    });

    it('gives the same vector for the same text, alone or among others', async () => {
      const [alone] = await embed('horário de funcionamento');
      const [, among] = await embed('outra coisa', 'horário de funcionamento');
      assert.deepEqual(alone, among);
    });

    it('takes nothing, hundreds of texts, an empty one and a very long one', async () => {
      assert.deepEqual(await embed(), []);
      assert.equal((await embed(...Array.from({ length: 600 }, (_, i) => `texto ${i}`))).length, 600);
      const [empty, long] = await embed('', 'palavra '.repeat(20_000));
      assert.equal(empty?.length, open().dimensions);
      assert.equal(long?.length, open().dimensions);
    });

    it('stops when it is told to', async () => {
      const stopped = AbortSignal.abort();
      await assert.rejects(open().embed(['texto'], stopped));
    });
  });
}
