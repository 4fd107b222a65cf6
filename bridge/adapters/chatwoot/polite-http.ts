// Requests to Chatwoot with the manners of a good guest: inside the origin's breaker and budget, and asked again only when
// asking twice is like asking once. A message is never among those: whether it was stored is found out by reading back.
import { DelegateBackoff, handleWhen, retry } from 'cockatiel';
import type { IRetryBackoffContext } from 'cockatiel';
import { BridgeError } from '../../core/errors.ts';
import { ChatwootRefusal } from './http.ts';
import type { ChatwootHttp, ChatwootRequest } from './http.ts';
import type { OriginGuard } from './origin-guard.ts';

const triesAgain = 2;
const firstDelayMs = 150;
/** When Chatwoot names a longer time, the turn comes back later instead. */
const waitsAtMostMs = 2_000;

export function politely(http: ChatwootHttp, guard: OriginGuard): ChatwootHttp {
  const again = retry(handleWhen(isWorthAnother), {
    maxAttempts: triesAgain,
    backoff: new DelegateBackoff((context: IRetryBackoffContext<unknown>) => delayMs(context)),
  });
  return (request) => {
    const once = () => guard.run(() => http(request), request.signal);
    return isRepeatable(request) ? again.execute(once, request.signal) : once();
  };
}

function isRepeatable({ method, isRepeatable: said }: ChatwootRequest): boolean {
  return said ?? method === 'GET';
}

/** A 500 is a bug that will be there next time; what has to wait longer waits in the queue. */
function isWorthAnother(error: unknown): boolean {
  if (!(error instanceof BridgeError) || error.code !== 'upstream_unavailable') return false;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs <= waitsAtMostMs;
  if (error instanceof ChatwootRefusal) return error.status >= 502;
  return !(error.cause instanceof Error && error.cause.name === 'AbortError');
}

function delayMs({ attempt, result }: IRetryBackoffContext<unknown>): number {
  const error = 'error' in result ? result.error : null;
  const named = error instanceof BridgeError ? error.retryAfterMs : undefined;
  // Spread, so that the workers of a moment do not come back together.
  return named ?? firstDelayMs * 3 ** (attempt - 1) * (0.5 + Math.random());
}
