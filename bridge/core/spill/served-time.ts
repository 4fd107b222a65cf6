// A bound that does not blame others for our own starvation: when this process gets no processor, an answer may lie in the
// socket unread while a timer already says "late". So time is counted in slices, and between two of them what has arrived
// is read; a loop that stands still for seconds uses up one slice.

const sliceMs = 100;
const slicesAtLeast = 3;
/** Whoever waits for us does not wait for ever: so many times the given time in all, however starved we are. */
const stretchedAtMost = 3;

/** Calls `expired` when so much served time has passed; the returned function ends the waiting. */
export function afterServedTime(timeoutMs: number, expired: () => void): () => void {
  const beganMs = performance.now();
  const sliceCount = Math.max(slicesAtLeast, Math.ceil(timeoutMs / sliceMs));
  let served = 0;
  let timer: NodeJS.Timeout;
  const wait = (): void => {
    timer = setTimeout(() => {
      served += 1;
      const isTooLate = performance.now() - beganMs > timeoutMs * stretchedAtMost && served >= slicesAtLeast;
      if (served >= sliceCount || isTooLate) expired();
      else wait();
    }, timeoutMs / sliceCount);
  };
  wait();
  return () => clearTimeout(timer);
}
