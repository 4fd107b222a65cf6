// Who is calling, after the bearer was checked. Everything a method may decide by is here; the bearer itself is not.
import type { TokenScope } from '../ports/token-store.ts';

export type Caller =
  | { kind: 'anonymous' }
  | { kind: 'admin' }
  | { kind: 'tenant'; accountId: string; tokenId: string; scopes: readonly TokenScope[] };

/** The caller's name in the audit log. */
export function actorOf(caller: Caller): string {
  return caller.kind === 'tenant' ? `token:${caller.tokenId}` : caller.kind;
}
