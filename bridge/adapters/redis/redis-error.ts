// What Redis says, in our words. Trouble with the connection or with the server's state passes by itself or by somebody
// mending the server: `upstream_unavailable`. A command Redis does not understand is our bug.
import { ReplyError } from 'ioredis';
import { BridgeError } from '../../core/errors.ts';

const serverStates =
  /\b(LOADING|READONLY|MASTERDOWN|CLUSTERDOWN|OOM|MISCONF|BUSY|NOAUTH|WRONGPASS|NOPERM|NOREPLICAS|TRYAGAIN|max number of clients)\b/;

const connectionGone = /Stream isn't writeable|Connection is closed|max retries per request/i;

export function redisError(cause: unknown): unknown {
  if (cause instanceof BridgeError) return cause;
  if (cause instanceof ReplyError && !serverStates.test((cause as Error).message)) return cause;
  const message = cause instanceof Error ? cause.message : String(cause);
  const text = connectionGone.test(message) ? 'there is no connection to Redis' : `Redis does not serve: ${message}`;
  return new BridgeError('upstream_unavailable', text, { cause });
}
