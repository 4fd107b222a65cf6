// The one place that makes cache keys: `{account_id}:{module}:{resource_type}:{resource_id}:{action}`. Every part is
// escaped, so that none can hold the separator or a character a store's pattern would read as "anything"; a prefix always
// ends with the separator, so that dropping `rule:1` never drops `rule:12`.
import { BridgeError } from '../errors.ts';

export interface CacheKeyParts {
  accountId: string;
  module: string;
  resourceType: string;
  resourceId: string;
  action: string;
}

/** From left to right; what is left out means "all of them". */
export interface CachePrefixParts {
  accountId: string;
  module?: string | undefined;
  resourceType?: string | undefined;
  resourceId?: string | undefined;
}

/** For what tenants share. No tenant can have this name: account ids never start with an underscore. */
export const sharedAccount = '_shared';

const longestPart = 300;
const brokenText = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

export function cacheKey({ accountId, module, resourceType, resourceId, action }: CacheKeyParts): string {
  return [accountId, module, resourceType, resourceId, action].map(escapePart).join(':');
}

export function cachePrefix({ accountId, module, resourceType, resourceId }: CachePrefixParts): string {
  const parts = [accountId, module, resourceType, resourceId];
  const given = parts.filter((part) => part !== undefined);
  if (parts.slice(0, given.length).includes(undefined)) {
    throw new BridgeError('bad_request', 'A cache prefix is given from the left: module, resource type, resource id.');
  }
  return `${given.map(escapePart).join(':')}:`;
}

/** The module a key belongs to, for metrics. */
export function moduleOf(key: string): string {
  return key.split(':', 2)[1] ?? 'unknown';
}

/** Percent-encodes all but letters, digits and `_ - . ~`; different texts stay different. */
function escapePart(part: string): string {
  if (part === '' || part.length > longestPart || brokenText.test(part)) {
    throw new BridgeError('bad_request', `A part of a cache key is text of 1 to ${longestPart} characters.`);
  }
  return part.replace(/[^A-Za-z0-9_.~-]/gu, (character) =>
    [...new TextEncoder().encode(character)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  );
}
