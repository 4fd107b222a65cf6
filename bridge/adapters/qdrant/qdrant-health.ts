// How Qdrant is, in the words of `/ready`: whether it serves, and whether it lets us in. No collection is touched; the
// second question is about one that never exists, because everybody may ask the first.
import { fetch } from 'undici';
import type { StoreHealth } from '../../core/stores.ts';

const start = 'Start Qdrant or correct QDRANT_URL; until then search goes by words alone.';
const key = 'Correct QDRANT_API_KEY; until then search goes by words alone.';

export async function qdrantHealth(url: string, apiKey: string | null, signal: AbortSignal): Promise<StoreHealth> {
  const startedMs = performance.now();
  try {
    for (const question of ['readyz', 'collections/ui_health/exists']) {
      const status = await statusOf(`${url.replace(/\/+$/, '')}/${question}`, apiKey, signal);
      if (status === 401 || status === 403) return away('Qdrant refuses the key', key);
      if (status !== 200) return away(`Qdrant answered ${status}`, start);
    }
    return { state: 'up', ms: Math.round(performance.now() - startedMs), message: null, fix: null };
  } catch {
    return away('Qdrant does not answer', start);
  }
}

async function statusOf(url: string, apiKey: string | null, signal: AbortSignal): Promise<number> {
  const response = await fetch(url, { headers: apiKey === null ? {} : { 'api-key': apiKey }, signal });
  await response.text();
  return response.status;
}

function away(message: string, fix: string): StoreHealth {
  return { state: 'degraded', ms: null, message, fix };
}
