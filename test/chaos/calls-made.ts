// What a run cost Chatwoot, and whether it was ever refused for want of a right: read from the simulated Chatwoot's own log.
import type { Installation } from '../component/installation.ts';

export interface CallsMade {
  calls: number;
  /** 401: a token that is not valid there, or not for that call. */
  refused: number;
  /** Calls in one conversation for each reply in it. */
  perReplyMean: number;
  perReplyP95: number;
  byEndpoint: Record<string, number>;
}

const conversationPath = /\/accounts\/(\d+)\/conversations\/(\d+)/;

export function callsMade({ api }: Pick<Installation, 'api'>): CallsMade {
  const calls = new Map<string, number>();
  const replies = new Map<string, Set<unknown>>();
  const byEndpoint: Record<string, number> = {};
  for (const { path, endpoint, body, status } of api.requests) {
    byEndpoint[endpoint ?? 'unknown'] = (byEndpoint[endpoint ?? 'unknown'] ?? 0) + 1;
    const place = conversationPath.exec(path);
    if (!place) continue;
    const key = `${place[1]}/${place[2]}`;
    calls.set(key, (calls.get(key) ?? 0) + 1);
    if (endpoint !== 'messages.create' || status !== 200) continue;
    const turn = (body as { content_attributes?: { ui_turn?: string } } | null)?.content_attributes?.ui_turn;
    replies.set(key, (replies.get(key) ?? new Set()).add(turn));
  }
  const shares = [...replies].map(([key, turns]) => (calls.get(key) ?? 0) / turns.size).sort((a, b) => a - b);
  const all = [...replies].reduce((sum, [key]) => sum + (calls.get(key) ?? 0), 0);
  const turns = [...replies.values()].reduce((sum, { size }) => sum + size, 0);
  return {
    calls: api.requests.length,
    refused: api.requests.filter(({ status }) => status === 401).length,
    perReplyMean: Math.round((all / Math.max(1, turns)) * 100) / 100,
    perReplyP95: Math.round((shares[Math.floor(shares.length * 0.95)] ?? 0) * 100) / 100,
    byEndpoint,
  };
}
