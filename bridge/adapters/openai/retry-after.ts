// When an endpoint says to come back: in seconds, or at a date.

/** Milliseconds from now; 0 when the header says nothing that can be read, or something that is over. */
export function retryAfterMs(header: string | null): number {
  const seconds = Number(header ?? 0);
  const ms = Number.isNaN(seconds) ? Date.parse(header ?? '') - Date.now() : seconds * 1000;
  return ms > 0 ? ms : 0;
}
