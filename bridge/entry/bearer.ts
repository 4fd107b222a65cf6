// Who a request comes from, as the routes need it, and comparing secrets in a time that says nothing about them.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../core/rpc/caller.ts';

/**
 * Who presents this bearer. Rejects with `unauthorized` for one nobody knows and with `forbidden` for a right one on
 * another Odoo database.
 */
export type Authenticate = (bearer: string, databaseUuid: string | null) => Promise<Caller>;

export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
