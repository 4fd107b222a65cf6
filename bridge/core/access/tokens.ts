// Tokens of programs that call us: the installation's admin token and the tenants' own. Tokens are long and random, so a
// plain hash is enough at rest; a token bound to an Odoo database is refused from any other, so that a copied database
// cannot speak for the original.
import { createHash, timingSafeEqual } from 'node:crypto';
import { BridgeError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { StoredToken, TokenScope, TokenStore } from '../ports/token-store.ts';
import type { Caller } from '../rpc/caller.ts';

const tokenBytes = 32;
const idBytes = 9;
/** Recognisable in logs and by secret scanners. */
const tokenPrefix = 'ui_';
/** How exact "last used" is; every use would otherwise be a write. */
const touchEveryMs = 60_000;

export class Tokens {
  readonly #store: TokenStore;
  readonly #clock: Clock;
  readonly #random: (bytes: number) => Uint8Array;
  readonly #adminHash: Buffer;

  /** @param parts.random cryptographically strong bytes */
  constructor(parts: { store: TokenStore; clock: Clock; random: (bytes: number) => Uint8Array; adminToken: string }) {
    this.#store = parts.store;
    this.#clock = parts.clock;
    this.#random = parts.random;
    this.#adminHash = sha256(parts.adminToken);
  }

  /**
   * The token is returned here and never again.
   * @param databaseUuid the Odoo database it may be used from; null = from anywhere
   */
  async create(
    accountId: string,
    name: string,
    scopes: TokenScope[],
    databaseUuid: string | null = null,
  ): Promise<{ id: string; token: string }> {
    const token = `${tokenPrefix}${text(this.#random(tokenBytes))}`;
    const id = text(this.#random(idBytes));
    const hash = sha256(token).toString('hex');
    const createdAtMs = this.#clock.now();
    await this.#store.add({
      version: 1,
      id,
      accountId,
      name,
      hash,
      scopes,
      databaseUuid,
      createdAtMs,
      lastUsedAtMs: null,
    });
    return { id, token };
  }

  /**
   * Who presents this bearer. Rejects with `unauthorized` for one that nobody knows and with `forbidden` for one that
   * belongs to another Odoo database.
   * @param databaseUuid what the caller says its Odoo database is, null when it says nothing
   */
  async verify(bearer: string, databaseUuid: string | null): Promise<Caller> {
    const hash = sha256(bearer);
    if (timingSafeEqual(hash, this.#adminHash)) return { kind: 'admin' };
    const stored = await this.#store.findByHash(hash.toString('hex'));
    if (stored === null) throw new BridgeError('unauthorized', 'This token is not known: it was revoked or mistyped.');
    assertSameDatabase(stored, databaseUuid);
    await this.#noteUse(stored);
    const { accountId, id: tokenId, scopes } = stored;
    return { kind: 'tenant', accountId, tokenId, scopes };
  }

  /** When a token was last used is nice to know; a store that cannot write it down must not refuse the call. */
  async #noteUse(stored: StoredToken): Promise<void> {
    const nowMs = this.#clock.now();
    if (stored.lastUsedAtMs !== null && nowMs - stored.lastUsedAtMs < touchEveryMs) return;
    try {
      await this.#store.touch(stored.id, nowMs);
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
    }
  }
}

/** The token of an `Authorization` header, null when there is none. Rejects with `unauthorized` for another scheme. */
export function bearerOf(authorization: string | undefined): string | null {
  if (authorization === undefined || authorization.trim() === '') return null;
  const [, token] = /^bearer +(\S+)$/i.exec(authorization.trim()) ?? [];
  if (token === undefined) throw new BridgeError('unauthorized', 'Send the token as: Authorization: Bearer …');
  return token;
}

function assertSameDatabase(stored: StoredToken, databaseUuid: string | null): void {
  if (stored.databaseUuid === null || stored.databaseUuid === databaseUuid) return;
  const message =
    databaseUuid === null
      ? 'This token belongs to an Odoo database: send its id as X-Database-UUID.'
      : 'This token was made for another Odoo database (a copy?): pair this one for itself.';
  throw new BridgeError('forbidden', message);
}

function sha256(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

function text(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}
