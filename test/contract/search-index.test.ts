import assert from 'node:assert/strict';
import { EmbeddedSearchIndex } from '../../bridge/adapters/embedded/search-index.ts';
import { QdrantSearchIndex } from '../../bridge/adapters/qdrant/search-index.ts';
import type { QdrantOptions } from '../../bridge/adapters/qdrant/search-index.ts';
import { describeSearchIndex, suiteDimensions } from './search-index-suite.ts';
import { objectionsTo, routeOf } from './servers/published-interface.ts';
import { QdrantSimulator } from './servers/qdrant-simulator.ts';

const model = { model: 'contract-suite', dimensions: suiteDimensions };
const isolations = ['shared', 'collection'] as const;

describeSearchIndex('embedded', async () => new EmbeddedSearchIndex());

describe('the dialect of Qdrant, spoken to a strict simulator', () => {
  let simulator: QdrantSimulator;

  before(async () => {
    simulator = await QdrantSimulator.start();
  });

  after(() => simulator.stop());

  for (const isolation of isolations) {
    describeSearchIndex(
      `Qdrant simulator (${isolation})`,
      async () => new QdrantSearchIndex(optionsFor(simulator.url, null, isolation), model),
    );
  }

  describe('everything said above', () => {
    /** Long lists say nothing that short ones do not. */
    const short = () => simulator.seen.filter(({ body }) => JSON.stringify(body).length < 2_000);

    it('is what the published interface of the pinned client allows, requests and answers alike', function () {
      this.timeout(60_000);
      assert.deepEqual(objectionsTo(short()).flat(), []);
    });

    it('covers every call the adapter makes', () => {
      const routes = new Set(short().map(routeOf));
      assert.deepEqual([...routes].toSorted(), [
        'DELETE /collections/{collection_name}',
        'GET /aliases',
        'GET /collections/{collection_name}',
        'POST /collections/aliases',
        'POST /collections/{collection_name}/points/delete',
        'POST /collections/{collection_name}/points/query/batch',
        'POST /collections/{collection_name}/points/scroll',
        'PUT /collections/{collection_name}',
        'PUT /collections/{collection_name}/index',
        'PUT /collections/{collection_name}/points',
      ]);
    });
  });
});

const liveUrl = process.env['QDRANT_URL'] ?? '';
for (const isolation of isolations) {
  if (liveUrl === '') it.skip(`search index on a live Qdrant (${isolation}): set QDRANT_URL to run it`);
  else {
    const options = optionsFor(liveUrl, process.env['QDRANT_API_KEY'] ?? null, isolation);
    describeSearchIndex(`live Qdrant (${isolation})`, async () => new QdrantSearchIndex(options, model));
  }
}

function optionsFor(url: string, apiKey: string | null, isolation: QdrantOptions['isolation']): QdrantOptions {
  return { url, apiKey, isolation, readTimeoutMs: 5_000, writeTimeoutMs: 15_000 };
}
