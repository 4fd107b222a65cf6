import { EmbeddedSearchIndex } from '../../bridge/adapters/embedded/search-index.ts';
import { QdrantSearchIndex } from '../../bridge/adapters/qdrant/search-index.ts';
import type { QdrantOptions } from '../../bridge/adapters/qdrant/search-index.ts';
import { describeSearchIndex, suiteDimensions } from './search-index-suite.ts';
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
