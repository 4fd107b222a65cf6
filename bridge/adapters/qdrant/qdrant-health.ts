// How Qdrant is, in the words of `/ready`. Asked on its own readiness path, so that no collection is touched.
import { fetch } from 'undici';
import type { StoreHealth } from '../../core/stores.ts';

export async function qdrantHealth(url: string, apiKey: string | null, signal: AbortSignal): Promise<StoreHealth> {
  const startedMs = performance.now();
  try {
    const headers = apiKey === null ? {} : { 'api-key': apiKey };
    const response = await fetch(`${url.replace(/\/+$/, '')}/readyz`, { headers, signal });
    await response.text();
    if (response.ok) return { state: 'up', ms: Math.round(performance.now() - startedMs), message: null, fix: null };
    return away(`Qdrant answered ${response.status}`);
  } catch {
    return away('Qdrant does not answer');
  }
}

function away(message: string): StoreHealth {
  const fix = 'Start Qdrant or correct QDRANT_URL; until then search goes by words alone.';
  return { state: 'degraded', ms: null, message, fix };
}
