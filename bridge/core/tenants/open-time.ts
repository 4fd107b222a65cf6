// Time that passes only while the company is open: a promise of twenty minutes made at night begins in the morning.
import type { TenantConfig } from '../tenant.ts';
import { openingRanges } from './opening-ranges.ts';

/**
 * The instant at which `openMs` of opening time have passed since `fromMs`. A company that gave no hours is always open;
 * when it does not open long enough within two months, time counts as it is.
 */
export function afterOpenTime(config: TenantConfig, fromMs: number, openMs: number): number {
  let leftMs = openMs;
  for (const { fromMs: opens, toMs } of openingRanges(config, fromMs)) {
    const beginMs = Math.max(opens, fromMs);
    if (toMs <= beginMs) continue;
    if (toMs - beginMs >= leftMs) return beginMs + leftMs;
    leftMs -= toMs - beginMs;
  }
  return fromMs + openMs;
}
