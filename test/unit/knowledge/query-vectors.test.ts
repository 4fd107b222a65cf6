import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { QueryVectors } from '../../../bridge/core/knowledge/query-vectors.ts';
import { processCache } from '../../fixtures/process-cache.ts';

const signal = new AbortController().signal;

class CountingEmbedder {
  readonly model: string = 'counting';
  readonly dimensions = 2;
  readonly isRemote: boolean = true;
  readonly requests: string[][] = [];
  error: Error | null = null;

  async embed(texts: string[]) {
    this.requests.push(texts);
    if (this.error) throw this.error;
    return { vectors: texts.map((text) => new Float32Array([text.length, 1])), tokens: 10 * texts.length };
  }
}

describe('vectors of questions', () => {
  it('are asked for once, whoever asks and however often, and only the first is charged', async () => {
    const embedder = new CountingEmbedder();
    const queries = new QueryVectors(processCache());
    const first = await queries.of(embedder, 'prazo de troca', signal);
    const again = await queries.of(embedder, ' prazo  de troca ', signal);
    assert.deepEqual([first.tokens, again.tokens, embedder.requests.length], [10, 0, 1]);
    assert.deepEqual(again.vector, first.vector);
  });

  it('of one moment go in one request, each to its own caller, and share what it cost', async () => {
    const embedder = new CountingEmbedder();
    const queries = new QueryVectors(processCache());
    const asked = ['a', 'bb', 'ccc'].map((text) => queries.of(embedder, text, signal));
    const made = await Promise.all(asked);
    assert.deepEqual(embedder.requests, [['a', 'bb', 'ccc']]);
    assert.deepEqual(
      made.map(({ vector }) => vector[0]),
      [1, 2, 3],
    );
    assert.equal(
      made.reduce((sum, { tokens }) => sum + tokens, 0),
      30,
    );
  });

  it('of two models are never mixed up', async () => {
    const queries = new QueryVectors(processCache());
    const [one, other] = [new CountingEmbedder(), Object.assign(new CountingEmbedder(), { model: 'other' })];
    await Promise.all([queries.of(one, 'troca', signal), queries.of(other, 'troca', signal)]);
    assert.deepEqual([one.requests.length, other.requests.length], [1, 1]);
  });

  it('are not remembered when the service failed', async () => {
    const embedder = new CountingEmbedder();
    const queries = new QueryVectors(processCache());
    embedder.error = new BridgeError('upstream_unavailable', 'away');
    await assert.rejects(queries.of(embedder, 'troca', signal), { code: 'upstream_unavailable' });
    embedder.error = null;
    assert.equal((await queries.of(embedder, 'troca', signal)).tokens, 10);
  });

  it('that cost nothing are not kept', async () => {
    const embedder = Object.assign(new CountingEmbedder(), { isRemote: false });
    const queries = new QueryVectors(processCache());
    await queries.of(embedder, 'troca', signal);
    await queries.of(embedder, 'troca', signal);
    assert.equal(embedder.requests.length, 2);
  });
});
