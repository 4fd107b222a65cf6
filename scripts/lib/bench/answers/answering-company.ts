// One company of the evaluation set that answers: real knowledge, real ladder, a model and an embedding service that
// count how often they are asked. With or without caches, so that one run can be held against the other.
import { TwoLevelCache } from '../../../../bridge/core/cache/two-level-cache.ts';
import type { Answer } from '../../../../bridge/core/answer.ts';
import { climb } from '../../../../bridge/core/crew/answer-ladder.ts';
import { AnswerCache } from '../../../../bridge/core/crew/cached/answer-cache.ts';
import { CrewFactory } from '../../../../bridge/core/crew/crew-factory.ts';
import type { Embedder } from '../../../../bridge/core/ports/embedder.ts';
import type { Tenant } from '../../../../bridge/core/tenant.ts';
import { searchKnowledge } from '../../../../bridge/core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from '../../../../bridge/core/tools/tool.ts';
import { quietLog } from '../../../../test/fixtures/quiet-log.ts';
import { ReadingModel } from '../../../../test/fixtures/reading-model.ts';
import { openRealKnowledge } from '../../../../test/fixtures/real-knowledge.ts';
import type { RealKnowledge } from '../../../../test/fixtures/real-knowledge.ts';
import { silentMetrics } from '../../../../test/fixtures/silent-metrics.ts';
import { makeTenant, makeTurn } from '../../../../test/unit/crew/make-turn.ts';
import { evalDocuments } from './eval-set.ts';
import type { EvalDomain } from './eval-set.ts';

/** The instant of the evaluation set: a Saturday morning. */
export const evalMs = Date.parse('2026-11-21T10:00:00-03:00');
const clock = { now: () => evalMs };

class CountedEmbedder implements Embedder {
  readonly isRemote = true;
  readonly model: string;
  readonly dimensions: number;
  readonly #local: Embedder;
  requests = 0;

  constructor(local: Embedder) {
    this.#local = local;
    this.model = local.model;
    this.dimensions = local.dimensions;
  }

  async embed(texts: string[], signal: AbortSignal) {
    this.requests += 1;
    return this.#local.embed(texts, signal);
  }
}

export class AnsweringCompany {
  readonly tenant: Tenant;
  readonly #real: RealKnowledge;
  readonly #embedder: CountedEmbedder;
  readonly #crews = new CrewFactory(createCatalogue([toCatalogueTool(searchKnowledge)]));
  readonly #model = new ReadingModel();
  #answers = freshCache();

  private constructor(tenant: Tenant, real: RealKnowledge, embedder: CountedEmbedder) {
    this.tenant = tenant;
    this.#real = real;
    this.#embedder = embedder;
  }

  static async open(domain: EvalDomain): Promise<AnsweringCompany> {
    const tenant = { ...makeTenant({ account_id: domain }), accountId: domain, domain };
    const embedders: CountedEmbedder[] = [];
    const real = await openRealKnowledge(tenant, clock, evalDocuments(domain) as object[], (local) => {
      const counted = new CountedEmbedder(local);
      embedders.push(counted);
      return counted;
    });
    const [embedder] = embedders;
    if (!embedder) throw new Error('the knowledge base asked for no embedder');
    return new AnsweringCompany(tenant, real, embedder);
  }

  /** Model calls and embedding requests so far. */
  get externalCalls(): number {
    return this.#model.calls + this.#embedder.requests;
  }

  /** The model's calls alone. */
  get modelCalls(): number {
    return this.#model.calls;
  }

  async ask(question: string): Promise<Answer> {
    const turn = makeTurn({ tenant: this.tenant, knowledge: this.#real.knowledge, question, model: this.#model });
    return climb({ ...turn, atMs: evalMs }, 'info', { crews: this.#crews, answers: this.#answers });
  }

  /** What a model that never saw the question before answers now. */
  async askFresh(question: string): Promise<Answer> {
    const kept = this.#answers;
    this.#answers = freshCache();
    try {
      return await this.ask(question);
    } finally {
      this.#answers = kept;
    }
  }

  forgetAnswers(): void {
    this.#answers = freshCache();
  }

  /** The document as somebody edited it. */
  async edit(document: object): Promise<void> {
    await this.#real.upsert([document]);
  }

  close(): Promise<void> {
    return this.#real.close();
  }
}

function freshCache(): AnswerCache {
  const logger = quietLog();
  return new AnswerCache(
    new TwoLevelCache({ store: null, clock, logger, metrics: silentMetrics, maxBytes: 32 * 1024 * 1024 }),
  );
}
