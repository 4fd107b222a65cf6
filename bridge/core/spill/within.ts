// A bound for calls that must not keep a caller waiting. The call itself goes on: what it still does must be harmless.
import { BridgeError } from '../errors.ts';

/** Rejects with `upstream_unavailable` when the answer takes longer. */
export async function within<T>(timeoutMs: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const error = new BridgeError('upstream_unavailable', `no answer within ${timeoutMs} ms`);
    timer = setTimeout(() => reject(error), timeoutMs);
  });
  return Promise.race([call(), late]).finally(() => clearTimeout(timer));
}
