// One entry per account of a Chatwoot, shared by the tenants and turns that speak to it: how it is reached and what is
// remembered about it. Breaker and budget are the origin's, whatever the account.
import type { RateLimiter } from '../../core/ports/rate-limiter.ts';
import { createChatwootHttp } from './http.ts';
import type { ChatwootHttp } from './http.ts';
import { originGuard } from './origin-guard.ts';
import type { OriginGuard } from './origin-guard.ts';
import { PlaceMemory } from './place-memory.ts';
import { politely } from './polite-http.ts';

export interface Place {
  http: ChatwootHttp;
  memory: PlaceMemory;
}

/** Addresses come from tenants' files, so their number has an end all the same. */
const placesKept = 5_000;

export class ChatwootPlaces {
  readonly #places = new Map<string, Place>();
  readonly #guards = new Map<string, OriginGuard>();
  readonly #timeoutMs: number;
  readonly #rates: RateLimiter | null;

  /** `timeoutMs` bounds one request; a send is bounded tighter, by the conversation lock. */
  constructor(timeoutMs: number, rates: RateLimiter | null = null) {
    this.#timeoutMs = timeoutMs;
    this.#rates = rates;
  }

  at(baseUrl: string, accountId: number): Place {
    const root = baseUrl.replace(/\/+$/, '');
    return remembered(this.#places, `${root}#${accountId}`, () => ({
      http: politely(createChatwootHttp(root, accountId, this.#timeoutMs), this.#guard(new URL(root).origin)),
      memory: new PlaceMemory(),
    }));
  }

  #guard(origin: string): OriginGuard {
    return remembered(this.#guards, origin, () => originGuard(origin, this.#rates));
  }
}

function remembered<T>(kept: Map<string, T>, key: string, make: () => T): T {
  const known = kept.get(key);
  if (known) return known;
  if (kept.size >= placesKept) kept.clear();
  const made = make();
  kept.set(key, made);
  return made;
}
