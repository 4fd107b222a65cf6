// One text that an embedding service refuses must not keep the others from their vectors.
import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { embedDocuments } from '../../../bridge/core/knowledge/embed-documents.ts';
import type { StoredDocument } from '../../../bridge/core/knowledge/document.ts';
import { TextRefused } from '../../../bridge/core/ports/embedder.ts';
import type { Embedder, VectorCache } from '../../../bridge/core/ports/embedder.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { storedDocument } from '../../contract/store-samples.ts';

const never = new AbortController().signal;
const noCache: VectorCache = { get: async (_model, hashes) => hashes.map(() => null), put: async () => undefined };

function document(number: number, text: string): StoredDocument {
  const stored = storedDocument(`doc-${number}`);
  return {
    ...stored,
    textHash: `hash-${number}`,
    document: { ...stored.document, title: `Texto ${number}`, body: text },
  };
}

/** A service that refuses every request with such a text in it. */
function embedderThatRefuses(word: string): Embedder & { calls: number } {
  return {
    model: 'test',
    dimensions: 1,
    isRemote: true,
    calls: 0,
    async embed(texts) {
      this.calls += 1;
      if (texts.some((text) => text.includes(word))) throw new TextRefused('upstream_rejected', 'answered 400');
      return { vectors: texts.map(() => Float32Array.of(1)), tokens: texts.length };
    },
  };
}

describe('a text that is refused', () => {
  it('alone stays without a vector, and is named with what the service said', async () => {
    const documents = Array.from({ length: 200 }, (_, i) => document(i, i === 77 ? 'veneno' : 'bom'));
    const embedder = embedderThatRefuses('veneno');
    const deps = { vectors: noCache, logger: quietLog() };
    const { vectors, failure, refused } = await embedDocuments(deps, embedder, documents, never);
    assert.equal(failure, null);
    assert.equal(vectors.size, 199);
    assert.deepEqual([...refused], [['hash-77', 'answered 400']]);
    assert.ok(embedder.calls < 20, `${embedder.calls} calls`);
  });

  it('is no reason to ask for each text alone when the service refuses all of them', async () => {
    const documents = Array.from({ length: 128 }, (_, i) => document(i, 'veneno'));
    const embedder = embedderThatRefuses('veneno');
    const deps = { vectors: noCache, logger: quietLog() };
    const { vectors, failure } = await embedDocuments(deps, embedder, documents, never);
    assert.deepEqual([vectors.size, failure], [0, { message: 'answered 400', lasting: true }]);
    assert.ok(embedder.calls < 20, `${embedder.calls} calls`);
  });

  it('is not looked for when the service is away: the work stops there', async () => {
    const documents = Array.from({ length: 128 }, (_, i) => document(i, 'bom'));
    let calls = 0;
    const embedder: Embedder = {
      model: 'test',
      dimensions: 1,
      isRemote: true,
      embed: () => {
        calls += 1;
        return Promise.reject(new BridgeError('upstream_unavailable', 'away'));
      },
    };
    const { failure } = await embedDocuments({ vectors: noCache, logger: quietLog() }, embedder, documents, never);
    assert.deepEqual([calls, failure], [1, { message: 'away', lasting: false }]);
  });
});
