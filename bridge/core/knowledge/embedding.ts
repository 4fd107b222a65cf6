// Gives stored documents their vectors and marks them embedded. Marking compares first: a document that changed while it
// was embedded stays pending and gets its own turn.
import { countCalls } from '../cost/count-calls.ts';
import type { PaidCall } from '../cost/paid-call.ts';
import { codeOf } from '../errors.ts';
import type { Embedder } from '../ports/embedder.ts';
import type { Tenant } from '../tenant.ts';
import type { StoredDocument } from './document.ts';
import { refKey } from './document.ts';
import { embedDocuments } from './embed-documents.ts';
import type { Embedded } from './embed-documents.ts';
import type { Indexes } from './indexes.ts';
import type { KnowledgeDeps } from './knowledge-deps.ts';
import type { LiveTenant, LiveTenants } from './live-tenants.ts';
import { toPoint } from './points.ts';
import { analyseDocument } from './sparse.ts';

const documentsAtOnce = 256;

export class Embedding {
  readonly #deps: KnowledgeDeps;
  readonly #indexes: Indexes;
  readonly #live: LiveTenants;

  constructor(deps: KnowledgeDeps, indexes: Indexes, live: LiveTenants) {
    this.#deps = deps;
    this.#indexes = indexes;
    this.#live = live;
  }

  /** Returns the keys of the documents that have their vector now. Never rejects for a service that is away. */
  async embed(tenant: Tenant, documents: readonly StoredDocument[], signal: AbortSignal): Promise<Set<string>> {
    return (await this.#embed(tenant, documents, signal)).done;
  }

  /** `isStopped` when the service or the index is away, so that the next documents would fare no better. */
  async #embed(
    tenant: Tenant,
    documents: readonly StoredDocument[],
    signal: AbortSignal,
  ): Promise<{ done: Set<string>; isStopped: boolean }> {
    if (documents.length === 0) return { done: new Set(), isStopped: false };
    const embedder = await this.#deps.embedderFor(tenant);
    const embedded = await embedDocuments(this.#deps, embedder, documents, signal);
    if (embedded.failure) {
      this.#deps.logger.warn(
        { account_id: tenant.accountId, reason: embedded.failure.message },
        'documents wait for their vectors',
      );
    }
    await this.#count(tenant, embedder, embedded.tokens);
    const placed = await this.#place(tenant, documents, embedded.vectors);
    const done = placed ? documents.filter(({ textHash }) => embedded.vectors.has(textHash)) : [];
    await this.#mark(tenant, documents, new Set(done), embedder.model, embedded);
    const keys = new Set(done.map(({ document }) => refKey(document)));
    return { done: keys, isStopped: !placed || embedded.failure !== null };
  }

  /** The local embedder costs nothing. */
  async #count(tenant: Tenant, { isRemote, model }: Embedder, tokens: number): Promise<void> {
    const { usage, pricing, clock, logger } = this.#deps;
    if (!usage || !pricing || !isRemote || tokens === 0) return;
    const call: PaidCall = { purpose: 'embedding', model, inputTokens: tokens, outputTokens: 0 };
    await countCalls({ usage, pricing, clock, logger }, tenant, [call]);
  }

  hasPending(accountId: string): boolean {
    const live = this.#live.peek(accountId);
    return live !== undefined && live.waiting.size > 0;
  }

  async catchUp(live: LiveTenant, tenant: Tenant, signal: AbortSignal): Promise<{ embedded: number; pending: number }> {
    const pending = [...live.corpus.entries()]
      .map(({ stored }) => stored)
      .filter(({ document }) => live.waiting.has(refKey(document)));
    let embedded = 0;
    for (let at = 0; at < pending.length && !signal.aborted; at += documentsAtOnce) {
      const batch = pending.slice(at, at + documentsAtOnce);
      const { done, isStopped } = await this.#embed(tenant, batch, signal);
      embedded += done.size;
      if (isStopped) break;
    }
    return { embedded, pending: pending.length - embedded };
  }

  /** False when a shared index is away: the documents stay pending, although their vectors are kept. */
  async #place(
    tenant: Tenant,
    documents: readonly StoredDocument[],
    vectors: ReadonlyMap<string, Float32Array>,
  ): Promise<boolean> {
    const lexicon = await this.#deps.lexiconFor(tenant);
    const embedder = await this.#deps.embedderFor(tenant);
    const index = this.#indexes.for(embedder, lexicon);
    const known = this.#live.peek(tenant.accountId);
    const live = known?.index === index ? known : undefined;
    if (!index.shared && !live) return true;
    const points = documents.map((stored) => {
      const dense = vectors.get(stored.textHash) ?? null;
      const analysed =
        live?.corpus.get(stored.document)?.analysed ??
        analyseDocument(stored.document, tenant.config.language, lexicon);
      return toPoint(tenant, stored, analysed, dense);
    });
    try {
      await index.upsert(tenant.accountId, points);
      for (const { ref, dense } of points) if (dense) live?.waiting.delete(refKey(ref));
      return true;
    } catch (error) {
      this.#deps.logger.warn(
        { account_id: tenant.accountId, err: error, code: codeOf(error) },
        'search index not updated',
      );
      return false;
    }
  }

  async #mark(
    tenant: Tenant,
    documents: readonly StoredDocument[],
    done: ReadonlySet<StoredDocument>,
    model: string,
    { failure, refused }: Embedded,
  ): Promise<void> {
    const now = await this.#deps.documents.get(
      tenant.accountId,
      documents.map(({ document }) => document),
    );
    const standing = new Map(now.map((stored) => [refKey(stored.document), stored]));
    const marked = documents.flatMap((stored) => {
      const current = standing.get(refKey(stored.document));
      if (current?.textHash !== stored.textHash || current.restHash !== stored.restHash) return [];
      const next = done.has(stored)
        ? { ...current, embeddedWith: model, failure: null }
        : { ...current, failure: refused.get(stored.textHash) ?? (failure?.lasting ? failure.message : null) };
      return next.embeddedWith === current.embeddedWith && next.failure === current.failure ? [] : [next];
    });
    if (marked.length > 0) await this.#deps.documents.upsert(tenant.accountId, marked);
  }
}
