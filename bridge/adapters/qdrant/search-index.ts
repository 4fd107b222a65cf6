// The search index on a Qdrant server: one collection per embedding model and text version, dense and sparse vectors by
// name, every filter field indexed. Tenants share the collection and are kept apart by an indexed payload field, or have
// one each when the installation asks for it. Which collection serves a tenant follows the questions (serving-aliases.ts).
import { createHash } from 'node:crypto';
import { codeOf } from '../../core/errors.ts';
import type { DocumentRef } from '../../core/knowledge/document.ts';
import type { EmbeddingModel } from '../../core/ports/embedder.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { IndexFilter, IndexPoint, LegHit, SearchIndex, SparseVector } from '../../core/ports/search-index.ts';
import { QdrantCollections } from './collections.ts';
import { HeldPoints } from './held-points.ts';
import { toRef } from './points.ts';
import { QuestionBatches } from './question-batches.ts';
import { everyPointOf, pageOfRefs, pointsNamed, pointsOf, vectorQuestion, wordQuestion } from './requests.ts';
import type { Isolation } from './requests.ts';
import { QdrantServer } from './server.ts';
import type { QdrantAddress } from './server.ts';
import { ServingAliases } from './serving-aliases.ts';

export interface QdrantOptions extends QdrantAddress {
  isolation: Isolation;
  /** Hears of aliases that could not be moved; nothing a customer notices depends on them. */
  logger?: Pick<Logger, 'warn'>;
}

type Offset = string | number;

/** Points or ids. */
const pointsPerRequest = 256;
const refsPerPage = 1000;
const aliasPauseMs = 60_000;
/** Grow this when collections are laid out in another way: the new ones are filled beside the old. */
const layout = 2;

export class QdrantSearchIndex implements SearchIndex {
  readonly shared = true;
  readonly #collections: QdrantCollections;
  readonly #questions: QuestionBatches;
  readonly #aliases: ServingAliases;
  readonly #held = new HeldPoints();
  readonly #aliasWorkDueMs = new Map<string, number>();
  readonly #options: QdrantOptions;
  readonly #name: string;

  constructor(options: QdrantOptions, { model, dimensions }: EmbeddingModel) {
    const server = new QdrantServer(options);
    this.#options = options;
    this.#collections = new QdrantCollections(server, dimensions, options.isolation);
    this.#questions = new QuestionBatches(server, options.readTimeoutMs);
    this.#aliases = new ServingAliases(server);
    const hash = createHash('sha256').update(`${layout} ${options.isolation} ${model} ${dimensions}`).digest('hex');
    this.#name = `ui_${hash.slice(0, 16)}`;
  }

  async upsert(accountId: string, points: IndexPoint[]): Promise<void> {
    for (const some of inRequests(points)) {
      await this.#collections.write(this.#collectionOf(accountId), (client, collection) =>
        client.upsert(collection, { wait: true, ...pointsOf(accountId, some) }),
      );
    }
    this.#inBackground('claim', accountId);
  }

  async remove(accountId: string, refs: DocumentRef[]): Promise<void> {
    const ids = refs.flatMap((ref) => this.#held.idsOf(accountId, ref));
    for (const some of inRequests(ids)) {
      await this.#collections.write(this.#collectionOf(accountId), (client, collection) =>
        client.delete(collection, { wait: true, ...pointsNamed(some) }),
      );
    }
  }

  async lexical(accountId: string, query: SparseVector, filter: IndexFilter, limit: number): Promise<LegHit[]> {
    if (query.indices.length === 0) return [];
    return this.#ask(accountId, wordQuestion(accountId, query, filter, limit));
  }

  async dense(accountId: string, query: Float32Array, filter: IndexFilter, limit: number): Promise<LegHit[]> {
    return this.#ask(accountId, vectorQuestion(accountId, query, filter, limit));
  }

  async refs(accountId: string): Promise<DocumentRef[]> {
    const found: DocumentRef[] = [];
    let offset: Offset | null = null;
    do {
      const page: { refs: DocumentRef[]; next: Offset | null } = await this.#pageOfRefs(accountId, offset);
      found.push(...page.refs);
      offset = page.next;
    } while (offset !== null);
    return found;
  }

  async drop(accountId: string): Promise<void> {
    const name = this.#collectionOf(accountId);
    this.#aliasWorkDueMs.delete(`claim ${accountId}`);
    this.#aliasWorkDueMs.delete(`move ${accountId}`);
    if (this.#options.isolation === 'collection') return this.#collections.drop(name);
    await this.#collections.write(name, (client, collection) =>
      client.delete(collection, { wait: true, ...everyPointOf(accountId) }),
    );
    await this.#aliases.leave(accountId, name);
  }

  async #pageOfRefs(accountId: string, offset: Offset | null): Promise<{ refs: DocumentRef[]; next: Offset | null }> {
    const { points, next_page_offset: next } = await this.#collections.write(
      this.#collectionOf(accountId),
      (client, collection) => client.scroll(collection, pageOfRefs(accountId, refsPerPage, offset)),
    );
    const refs = points.map((point) => this.#held.refOf(accountId, point));
    return { refs, next: typeof next === 'string' || typeof next === 'number' ? next : null };
  }

  async #ask(accountId: string, question: ReturnType<typeof wordQuestion>): Promise<LegHit[]> {
    const points = await this.#questions.ask(accountId, this.#collectionOf(accountId), question);
    this.#inBackground('move', accountId);
    return points.flatMap(({ payload, score }) => {
      const ref = toRef(payload);
      return ref ? [{ ref, score }] : [];
    });
  }

  /** Once in this process for each tenant; after a failure again, but not at once. Nobody waits for it. */
  #inBackground(work: 'claim' | 'move', accountId: string): void {
    const key = `${work} ${accountId}`;
    if ((this.#aliasWorkDueMs.get(key) ?? 0) > performance.now()) return;
    this.#aliasWorkDueMs.set(key, Number.POSITIVE_INFINITY);
    this.#aliases[work](accountId, this.#collectionOf(accountId)).catch((error: unknown) => {
      this.#aliasWorkDueMs.set(key, performance.now() + aliasPauseMs);
      const fields = { account_id: accountId, err: error, code: codeOf(error) };
      this.#options.logger?.warn(fields, 'alias of the search index not moved');
    });
  }

  #collectionOf(accountId: string): string {
    return this.#options.isolation === 'shared' ? this.#name : `${this.#name}_${accountId}`;
  }
}

function* inRequests<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let at = 0; at < items.length; at += pointsPerRequest) yield items.slice(at, at + pointsPerRequest);
}
