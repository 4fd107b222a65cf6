// A bound for calls that must not keep a caller waiting. The call itself goes on: what it still does must be harmless.
import { BridgeError } from '../errors.ts';
import { afterServedTime } from './served-time.ts';

/** Rejects with `upstream_unavailable` when the answer takes longer, our own starvation not counted. */
export async function within<T>(timeoutMs: number, call: () => Promise<T>): Promise<T> {
  let stopWaiting = (): void => undefined;
  const late = new Promise<never>((_resolve, reject) => {
    // Made only when it is late: an error costs more than the call it guards.
    stopWaiting = afterServedTime(timeoutMs, () =>
      reject(new BridgeError('upstream_unavailable', `no answer within ${timeoutMs} ms`)),
    );
  });
  return Promise.race([call(), late]).finally(() => stopWaiting());
}
