// The day a business is in: it reads its figures by its own clock.
import { DateTime } from 'luxon';
import type { Tenant } from '../tenant.ts';

/** `YYYY-MM-DD` */
export function localDay(tenant: Tenant, nowMs: number): string {
  return DateTime.fromMillis(nowMs, { zone: tenant.config.timezone }).toFormat('yyyy-MM-dd');
}
