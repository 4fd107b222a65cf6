// One entry per account of a Chatwoot, shared by the tenants and turns that speak to it: how it is reached and what is
// remembered about it.
import { createChatwootHttp } from './http.ts';
import type { ChatwootHttp } from './http.ts';
import { PlaceMemory } from './place-memory.ts';

export interface Place {
  http: ChatwootHttp;
  memory: PlaceMemory;
}

const placesKept = 5_000;

export class ChatwootPlaces {
  readonly #places = new Map<string, Place>();
  readonly #timeoutMs: number;

  /** `timeoutMs` bounds one request; a send is bounded tighter, by the conversation lock. */
  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  at(baseUrl: string, accountId: number): Place {
    const key = `${baseUrl.replace(/\/+$/, '')}#${accountId}`;
    const known = this.#places.get(key);
    if (known) return known;
    if (this.#places.size >= placesKept) this.#places.clear();
    const place = { http: createChatwootHttp(baseUrl, accountId, this.#timeoutMs), memory: new PlaceMemory() };
    this.#places.set(key, place);
    return place;
  }
}
