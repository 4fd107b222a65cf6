// The embedding endpoint the environment names, if any: what the bench compares the keyless search with.
import { OpenAiEmbedder } from '../../../../bridge/adapters/openai/embedder.ts';
import type { Embedder } from '../../../../bridge/core/ports/embedder.ts';

const dimensions = 512;

export function endpointFromEnvironment(): Embedder | null {
  const { OPENAI_API_KEY: apiKey, OPENAI_BASE_URL: baseUrl, EMBEDDING_MODEL: model } = process.env;
  if (model === undefined || (apiKey === undefined && baseUrl === undefined)) return null;
  return new OpenAiEmbedder({
    apiKey: apiKey ?? 'none',
    baseUrl: baseUrl ?? 'https://api.openai.com/v1',
    model,
    dimensions,
    canShorten: model.startsWith('text-embedding-3'),
    timeoutMs: 30_000,
  });
}
