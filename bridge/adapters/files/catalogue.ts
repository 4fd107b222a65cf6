// The business system of a tenant without Odoo: its knowledge files behind the same port, so that sync, answers and
// checks do not know the difference. Facts that change (price, stock) come from `live` blocks, read when asked.
import { createHash } from 'node:crypto';
import { parseRefKey, refKey, restHashOf, type DocumentKind, type DocumentRef } from '../../core/knowledge/document.ts';
import type { BusinessSystem, ManifestPage, ProductFacts } from '../../core/ports/business-system.ts';
import type { IntegrationCheck } from '../../core/ports/integration-check.ts';
import type { KnowledgeContent, KnowledgeEntry, KnowledgeFiles } from './knowledge-files.ts';

export class YamlCatalogue implements BusinessSystem {
  readonly #files: KnowledgeFiles;

  constructor(files: KnowledgeFiles) {
    this.#files = files;
  }

  /** Sorted by `kind:id`; the cursor is the last reference of the page before. No kinds = all. */
  async manifest(kinds: DocumentKind[], after: string, limit: number): Promise<ManifestPage> {
    const { entries } = await this.#files.read();
    const asked = [...entries].filter(([, { document }]) => kinds.length === 0 || kinds.includes(document.kind));
    const items = asked.map(([key, { document }]) => ({ ...parseRefKey(key), hash: restHashOf(document) }));
    const rest = items.filter((item) => refKey(item) > after);
    const page = rest.slice(0, Math.max(1, limit));
    const last = page.at(-1);
    return {
      items: page,
      next: last !== undefined && rest.length > page.length ? refKey(last) : '',
      digest: createHash('sha256').update(JSON.stringify(items)).digest('hex'),
    };
  }

  async documents(refs: DocumentRef[]): ReturnType<BusinessSystem['documents']> {
    const { entries } = await this.#files.read();
    const found = refs.map((ref) => ({ ref, entry: entries.get(refKey(ref)) }));
    return {
      documents: found.flatMap(({ entry }) => (entry === undefined ? [] : [withHash(entry)])),
      gone: found.filter(({ entry }) => entry === undefined).map(({ ref }) => ref),
    };
  }

  async productFacts(refs: DocumentRef[]): Promise<ProductFacts[]> {
    const { entries } = await this.#files.read();
    return refs.flatMap((ref) => {
      const live = entries.get(refKey(ref))?.live;
      if (live === null || live === undefined) return [];
      return [{ ref, price: live.price ?? null, currency: live.currency ?? null, stock: live.stock ?? null }];
    });
  }

  async check(): Promise<IntegrationCheck> {
    const startedAt = performance.now();
    const content = await this.#files.read();
    return { ...verdict(content), ms: Math.round(performance.now() - startedAt) };
  }
}

function withHash({ document }: KnowledgeEntry): KnowledgeEntry['document'] {
  return { ...document, hash: restHashOf(document) };
}

function verdict({ entries, files, problems }: KnowledgeContent): Omit<IntegrationCheck, 'ms'> {
  const [first] = problems;
  const counted = `${entries.size} documents in ${files} knowledge files`;
  if (first === undefined) return { ok: true, message: counted, fix: null };
  const message = `${counted}, ${problems.length} problems; the first: ${first.file} ${first.path}: ${first.message}`;
  return { ok: false, message, fix: 'Run scripts/tenant check: it names every place' };
}
