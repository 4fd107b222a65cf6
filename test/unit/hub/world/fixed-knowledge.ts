// Knowledge with a fixed set of documents: what the hub needs to know about searching is only what comes back.
import { setTimeout as delay } from 'node:timers/promises';
import type { KnowledgeDocument } from '../../../../bridge/core/knowledge/document.ts';
import type { Knowledge, SearchHit, SearchQuery, SearchResult } from '../../../../bridge/core/knowledge/knowledge.ts';
import type { Tenant } from '../../../../bridge/core/tenant.ts';

type Answers = Record<string, KnowledgeDocument[]>;

export class FixedKnowledge implements Knowledge {
  readonly queries: SearchQuery[] = [];
  /** The next search rejects with it, until it is taken away. */
  failure: Error | null = null;
  /** Runs inside each search, for what happens while an answer is thought of. */
  during: () => Promise<void> = () => delay(0);
  readonly #answers: Answers;

  /** A search finds the documents whose key, lower case, stands in the question. */
  constructor(answers: Answers) {
    this.#answers = answers;
  }

  async search(_tenant: Tenant, query: SearchQuery, signal: AbortSignal): Promise<SearchResult> {
    this.queries.push(query);
    await this.during();
    signal.throwIfAborted();
    if (this.failure) throw this.failure;
    const asked = query.text.toLowerCase();
    const found = Object.entries(this.#answers).flatMap(([key, documents]) => (asked.includes(key) ? documents : []));
    return {
      hits: found.map(toHit),
      ms: 1,
      degraded: null,
      embedded: { model: 'small-vectors', tokens: 3 },
      unanswered: [],
    };
  }

  upsert = () => Promise.reject(new Error('not asked for'));
  remove = () => Promise.reject(new Error('not asked for'));
  removeAll = () => Promise.reject(new Error('not asked for'));
  reconcile = () => Promise.reject(new Error('not asked for'));
  status = () => Promise.reject(new Error('not asked for'));
}

function toHit(document: KnowledgeDocument, index: number): SearchHit {
  const excerpt = document.body.slice(0, 200);
  return { document, score: 0.9 - index * 0.01, matched: ['lexical'], valid: true, excerpt };
}

export function rule(id: string, body: string, title = `Regra ${id}`): KnowledgeDocument {
  return { kind: 'rule', id, title, body };
}
