// The bearer of a request, and comparing secrets in a time that says nothing about them.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Caller } from '../core/rpc/caller.ts';

/**
 * Who a bearer is. Null for a wrong one; rejects with `forbidden` for a right one on the wrong database and with
 * `rate_limited` for somebody who tried too often.
 */
export type Authenticate = (bearer: string, databaseUuid: string | null, ip: string) => Promise<Caller | null>;

const bearerForm = /^Bearer +([^\s]+) *$/i;

/** Null without an Authorization header; '' for one that is not a bearer, which is then simply wrong. */
export function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined) return null;
  return bearerForm.exec(authorization)?.[1] ?? '';
}

export function isSameSecret(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
