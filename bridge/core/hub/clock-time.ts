// The time of day by the company's own clock, as people write it in notes.
import { DateTime } from 'luxon';
import type { Tenant } from '../tenant.ts';

export function clockTime(tenant: Tenant, atMs: number): string {
  return DateTime.fromMillis(atMs, { zone: tenant.config.timezone }).toFormat('HH:mm');
}
