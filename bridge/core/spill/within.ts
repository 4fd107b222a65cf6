// A bound for calls that must not keep a caller waiting. The call itself goes on: what it still does must be harmless.
import { BridgeError } from '../errors.ts';

/** Rejects with `upstream_unavailable` when the answer takes longer. */
export async function within<T>(timeoutMs: number, call: () => Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    // Made only when it is late: an error costs more than the call it guards.
    timer = setTimeout(
      () => reject(new BridgeError('upstream_unavailable', `no answer within ${timeoutMs} ms`)),
      timeoutMs,
    );
  });
  return Promise.race([call(), late]).finally(() => clearTimeout(timer));
}
