// An Odoo gets its token: an administrator makes a code here and types it there. A code works once and for a short time,
// and only for what it was made for, so that a leaked code cannot take over an existing tenant.
import { BridgeError } from '../errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { PairingCode, TokenStore } from '../ports/token-store.ts';
import type { AttemptLimiter } from './attempt-limiter.ts';
import { makePairingCode, pairingHash } from './pairing-code.ts';
import type { Tokens } from './tokens.ts';

export const pairingTtlSeconds = 15 * 60;

export interface PairingRequest {
  code: string;
  accountId: string;
  name: string;
  domain: string;
  databaseUuid: string;
}

export interface PairingParts {
  store: TokenStore;
  tokens: Tokens;
  clock: Clock;
  random: (bytes: number) => Uint8Array;
  limiter: AttemptLimiter;
  /** True for every account id in use, also of a disabled tenant. */
  isTaken(accountId: string): Promise<boolean>;
  /** Saves a new tenant; rejects with `bad_request` when it would not be valid. */
  createTenant(tenant: { accountId: string; name: string; domain: string }): Promise<void>;
}

export class Pairing {
  readonly #parts: PairingParts;

  constructor(parts: PairingParts) {
    this.#parts = parts;
  }

  /** @param accountId the existing tenant it may pair, null for a new one */
  async createCode(
    accountId: string | null,
    ttlSeconds = pairingTtlSeconds,
  ): Promise<{ code: string; expiresAtMs: number }> {
    const { store, clock, random } = this.#parts;
    const code = makePairingCode(random);
    const expiresAtMs = clock.now() + ttlSeconds * 1000;
    await store.addPairing({ version: 1, hash: pairingHash(code), accountId, expiresAtMs });
    return { code, expiresAtMs };
  }

  /**
   * Uses the code up and returns a token bound to this Odoo database; a new account becomes a tenant. Rejects with
   * `rate_limited`, or with one and the same `unauthorized` whatever is wrong with the code.
   * @param ip who is trying
   */
  async pair(request: PairingRequest, ip: string): Promise<{ token: string }> {
    const { limiter, tokens } = this.#parts;
    limiter.take(ip);
    const { accountId, databaseUuid } = request;
    const isTaken = await this.#parts.isTaken(accountId);
    const code = await this.#useUp(request, isTaken);
    if (!isTaken) await this.#createTenant(request, code);
    const name = `Odoo ${databaseUuid.slice(0, 8)}`;
    const { token } = await tokens.create(accountId, name, ['odoo', 'read'], databaseUuid);
    return { token };
  }

  /** A code without an account is for new ones; a code with an account is for that one, whether it exists yet or not. */
  async #useUp({ code, accountId }: PairingRequest, isTaken: boolean): Promise<PairingCode> {
    const { store, clock } = this.#parts;
    const found = await store.takePairing(pairingHash(code));
    const fits = found?.accountId === accountId || (found?.accountId === null && !isTaken);
    if (found !== null && found.expiresAtMs > clock.now() && fits) return found;
    const message =
      'This pairing code does not fit: it was used, is too old, was mistyped or was made for another account. ' +
      'Make a new one; for an account that exists already, name it when making the code.';
    throw new BridgeError('unauthorized', message);
  }

  /** When the tenant cannot be saved, nothing was paired: the code stays good for its remaining time. */
  async #createTenant({ accountId, name, domain }: PairingRequest, code: PairingCode): Promise<void> {
    try {
      await this.#parts.createTenant({ accountId, name, domain });
    } catch (error) {
      await this.#parts.store.addPairing(code);
      throw error;
    }
  }
}
