// Collections are made when they are first needed, with all their indexes, and made again when somebody removed them.
import type { QdrantClient } from '@qdrant/js-client-rest';
import { BridgeError } from '../../core/errors.ts';
import { denseVector, wordVector } from './points.ts';
import { isConflict, isMissing } from './server.ts';
import type { QdrantServer } from './server.ts';

type IndexParams = 'keyword' | 'integer' | 'bool' | { type: 'keyword'; is_tenant: true };

const indexes: Record<string, IndexParams> = {
  tenant: { type: 'keyword', is_tenant: true },
  kind: 'keyword',
  from_ms: 'integer',
  to_ms: 'integer',
  channels: 'keyword',
  services: 'keyword',
  audience: 'keyword',
  priority: 'integer',
  active: 'bool',
  source: 'keyword',
};

export class QdrantCollections {
  readonly #server: QdrantServer;
  readonly #dimensions: number;
  readonly #made = new Map<string, Promise<void>>();

  constructor(server: QdrantServer, dimensions: number) {
    this.#server = server;
    this.#dimensions = dimensions;
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

  async #make(name: string): Promise<void> {
    const { exists } = await this.#server.write((client) => client.collectionExists(name));
    if (!exists) await this.#create(name);
    for (const [field, schema] of Object.entries(indexes)) {
      await this.#server.write((client) =>
        client.createPayloadIndex(name, { wait: true, field_name: field, field_schema: schema }),
      );
    }
  }

  async #create(name: string): Promise<void> {
    try {
      await this.#server.write((client) =>
        client.createCollection(name, {
          vectors: { [denseVector]: { size: this.#dimensions, distance: 'Cosine' } },
          sparse_vectors: { [wordVector]: { modifier: 'idf' } },
        }),
      );
    } catch (error) {
      // Another instance was quicker.
      if (!(error instanceof BridgeError && isConflict(error.cause))) throw error;
    }
  }
}
