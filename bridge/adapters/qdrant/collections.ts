// Collections are made when they are first needed, with all their indexes, and made again when somebody removed them.
import type { QdrantClient } from '@qdrant/js-client-rest';
import { BridgeError } from '../../core/errors.ts';
import { collectionWith, indexOn, indexedFields } from './requests.ts';
import type { Isolation } from './requests.ts';
import { isConflict, isMissing } from './server.ts';
import type { QdrantServer } from './server.ts';

export class QdrantCollections {
  readonly #server: QdrantServer;
  readonly #dimensions: number;
  readonly #isolation: Isolation;
  readonly #made = new Map<string, Promise<void>>();

  constructor(server: QdrantServer, dimensions: number, isolation: Isolation) {
    this.#server = server;
    this.#dimensions = dimensions;
    this.#isolation = isolation;
  }

  /** Runs the request on a collection that exists. */
  async write<Result>(name: string, request: (client: QdrantClient, name: string) => Promise<Result>): Promise<Result> {
    await this.#ensure(name);
    try {
      return await this.#server.write((client) => request(client, name));
    } catch (error) {
      if (!(error instanceof BridgeError && isMissing(error.cause))) throw error;
      this.#made.delete(name);
      await this.#ensure(name);
      return this.#server.write((client) => request(client, name));
    }
  }

  async drop(name: string): Promise<void> {
    this.#made.delete(name);
    await this.#server.write((client) => client.deleteCollection(name));
  }

  #ensure(name: string): Promise<void> {
    const made = this.#made.get(name) ?? this.#make(name);
    this.#made.set(name, made);
    made.catch(() => this.#made.delete(name));
    return made;
  }

  /** A start that was cut off between the collection and its last index is finished by the next one. */
  async #make(name: string): Promise<void> {
    const indexed = (await this.#indexedFieldsOf(name)) ?? (await this.#create(name));
    for (const [field, schema] of Object.entries(indexedFields)) {
      if (indexed.has(field)) continue;
      const body = indexOn(field, schema);
      await this.#server.write((client) => client.createPayloadIndex(name, { wait: true, ...body }));
    }
  }

  /** Null when there is no such collection. */
  async #indexedFieldsOf(name: string): Promise<Set<string> | null> {
    try {
      const { payload_schema: fields } = await this.#server.write((client) => client.getCollection(name));
      return new Set(Object.keys(fields));
    } catch (error) {
      if (error instanceof BridgeError && isMissing(error.cause)) return null;
      throw error;
    }
  }

  async #create(name: string): Promise<Set<string>> {
    const body = collectionWith(this.#dimensions, this.#isolation);
    try {
      await this.#server.write((client) => client.createCollection(name, body));
    } catch (error) {
      // Another instance was quicker.
      if (!(error instanceof BridgeError && isConflict(error.cause))) throw error;
    }
    return new Set();
  }
}
