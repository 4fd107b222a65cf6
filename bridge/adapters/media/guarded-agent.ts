// Connections to the public internet only. The check is where the connection is made, on the very address that is dialled,
// so that a name which answers differently the second time gains nothing.
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { Agent } from 'undici';
import { isPublicAddress } from './public-address.ts';

export class RefusedAddress extends Error {}

const connectTimeoutMs = 5_000;

/** All addresses of a name must be public: one that is not is no accident. */
const publicLookup: LookupFunction = (hostname, options, done) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const first = error ? undefined : addresses[0];
    if (error) done(error, '', 0);
    else if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
      done(new RefusedAddress('The address is not public'), '', 0);
    } else if (options.all) done(null, addresses);
    else done(null, first.address, first.family);
  });
};

export const publicAgent = new Agent({ connect: { lookup: publicLookup, timeout: connectTimeoutMs } });
export const anyAgent = new Agent({ connect: { timeout: connectTimeoutMs } });

/** An address written as a number is never looked up, so it is judged here. */
export function isLiteralInside({ hostname }: URL): boolean {
  const host = hostname.replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 && !isPublicAddress(host);
}
