// Chatwoot writes one moment in three ways, depending on where it stands. Each view picks one of these on purpose.

export function epochSeconds(ms: number | null): number {
  return ms === null ? 0 : Math.floor(ms / 1000);
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

export function isoTimeOrNull(ms: number | null): string | null {
  return ms === null ? null : isoTime(ms);
}
