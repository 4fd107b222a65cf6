// Who may call what, and for which tenant. A tenant token speaks for its own tenant only, the admin token must say which
// tenant it means; both are decided here, before a method sees anything.
import { BridgeError } from '../errors.ts';
import { domainNames } from '../tenant.ts';
import type { Caller } from './caller.ts';

/** `public` needs no bearer, `token` any, `admin` the installation's. */
export type Access = 'public' | 'token' | 'admin';

/** What a tenant token must be allowed; `odoo` includes `read`. */
export type NeededScope = 'odoo' | 'read';

export function admit(caller: Caller, access: Access, scope: NeededScope | null): void {
  if (access === 'public' || caller.kind === 'admin') return;
  if (caller.kind === 'anonymous') throw new BridgeError('unauthorized', 'Send a token: Authorization: Bearer …');
  if (access === 'admin') throw new BridgeError('forbidden', 'This needs the admin token of the installation.');
  if (scope !== null && !hasScope(caller, scope)) {
    throw new BridgeError('forbidden', `This token is not allowed to do this: it lacks the scope ${scope}.`);
  }
}

function hasScope(caller: Caller & { kind: 'tenant' }, scope: NeededScope): boolean {
  return caller.scopes.includes('odoo') || caller.scopes.includes(scope);
}

/** @param given what the call says under `account_id`, undefined when it says nothing. */
export function accountOf(caller: Caller, given: unknown): string {
  if (given !== undefined && (typeof given !== 'string' || !domainNames.test(given))) {
    throw wrongAccount('must be the id of a tenant: 2 to 63 of a-z, 0-9, _ and -');
  }
  if (caller.kind !== 'tenant') {
    if (given === undefined) throw wrongAccount('is missing: the admin token must name the tenant');
    return given;
  }
  if (given !== undefined && given !== caller.accountId) {
    throw new BridgeError('forbidden', 'This token belongs to another tenant.');
  }
  return caller.accountId;
}

function wrongAccount(message: string): BridgeError {
  return new BridgeError('bad_request', 'The tenant is not named.', { problems: [{ path: 'account_id', message }] });
}
