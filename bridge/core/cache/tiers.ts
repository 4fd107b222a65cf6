// How long cached things live: three tiers, by how a wrong one would show. Configuration lives for days because whatever
// changes it also says so.

export const cacheTiers = ['transient', 'session', 'configuration'] as const;
export type CacheTier = (typeof cacheTiers)[number];

const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

const bounds: Record<CacheTier, { minSeconds: number; usualSeconds: number; maxSeconds: number }> = {
  transient: { minSeconds: 5 * minute, usualSeconds: 10 * minute, maxSeconds: 15 * minute },
  session: { minSeconds: hour, usualSeconds: 4 * hour, maxSeconds: day },
  configuration: { minSeconds: day, usualSeconds: 3 * day, maxSeconds: 7 * day },
};

/** The wanted life time within the bounds of the tier, or the tier's usual one. In seconds. */
export function ttlSeconds(tier: CacheTier, wantedSeconds?: number): number {
  const { minSeconds, usualSeconds, maxSeconds } = bounds[tier];
  if (wantedSeconds === undefined) return usualSeconds;
  return Math.min(maxSeconds, Math.max(minSeconds, Math.round(wantedSeconds)));
}
