// The one search of a turn: what counts now, on this customer's channel. The agent's tool, the responder without a model
// and the answer cache all make it, so that they see the same documents in the same order.
import type { DocumentKind } from '../knowledge/document.ts';
import type { SearchResult } from '../knowledge/knowledge.ts';
import type { Turn } from '../turn.ts';

const hitsOfASearch = 5;

/** Rejects with what the knowledge rejects with; its tokens are counted. */
export async function searchForTurn(turn: Turn, text: string, kinds: DocumentKind[] = []): Promise<SearchResult> {
  const { tenant, atMs, channel, signal } = turn;
  const asked = { text, kinds, limit: hitsOfASearch, atMs, channel, service: null, includeInvalid: false };
  const result = await turn.knowledge.search(tenant, asked, signal);
  if (result.embedded) {
    const { model, tokens } = result.embedded;
    turn.usage.calls.push({ purpose: 'embedding', model, inputTokens: tokens, outputTokens: 0 });
  }
  if (result.hits.length === 0 && result.degraded === null) {
    turn.usage.unanswered = [...(turn.usage.unanswered ?? []), ...result.unanswered];
  }
  return result;
}
