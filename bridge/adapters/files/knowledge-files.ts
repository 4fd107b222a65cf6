// A tenant's `knowledge/*.yaml`: documents in the shape of every other border, plus `live` blocks (price, stock) that
// are read at answer time and never become part of a document. A wrong document is left out and named; the rest count.
import path from 'node:path';
import { z } from 'zod';
import type { FieldProblem } from '../../core/errors.ts';
import { KnowledgeDocument, refKey } from '../../core/knowledge/document.ts';
import type { ConfigLayer } from '../../core/ports/tenant-source.ts';
import { yamlFiles } from './list-folder.ts';
import { LayerReader } from './read-layer.ts';

export const knowledgeFolderName = 'knowledge';

const Live = z.strictObject({
  price: z.number().min(0).nullish(),
  currency: z.string().length(3).toUpperCase().nullish(),
  /** Units in stock. */
  stock: z.number().nullish(),
});
export type Live = z.infer<typeof Live>;

const KnowledgeFile = z.strictObject({ documents: z.array(z.unknown()).nullish() });
const Entry = z.looseObject({ live: z.unknown().optional() });

export interface KnowledgeEntry {
  document: KnowledgeDocument;
  live: Live | null;
}

export interface KnowledgeProblem extends FieldProblem {
  file: string;
}

export interface KnowledgeContent {
  files: number;
  /** By `kind:id`, sorted. */
  entries: ReadonlyMap<string, KnowledgeEntry>;
  problems: KnowledgeProblem[];
}

/** One tenant's knowledge folder; only files that changed since the last call are read again. */
export class KnowledgeFiles {
  readonly #folder: string;
  readonly #reader: LayerReader;
  #layers: ConfigLayer[] = [];
  #running: Promise<KnowledgeContent> | null = null;
  #content: KnowledgeContent = { files: 0, entries: new Map(), problems: [] };

  /** @param tenantFolder the folder that holds `knowledge/`; it need not exist */
  constructor(tenantFolder: string) {
    this.#folder = path.join(tenantFolder, knowledgeFolderName);
    this.#reader = new LayerReader(path.dirname(path.dirname(tenantFolder)));
  }

  async read(): Promise<KnowledgeContent> {
    this.#running ??= this.#readAll().finally(() => (this.#running = null));
    return this.#running;
  }

  async #readAll(): Promise<KnowledgeContent> {
    const files = await yamlFiles(this.#folder);
    const read = await Promise.all(files.map((file) => this.#reader.read(file)));
    this.#reader.endReading();
    const layers = read.filter((layer) => layer !== null);
    const isSame =
      layers.length === this.#layers.length && layers.every((layer, index) => layer === this.#layers[index]);
    if (!isSame) this.#content = contentOf(layers);
    this.#layers = layers;
    return this.#content;
  }
}

function contentOf(layers: ConfigLayer[]): KnowledgeContent {
  const problems: KnowledgeProblem[] = [];
  const entries = new Map<string, KnowledgeEntry>();
  for (const layer of layers) {
    for (const [index, given] of givenDocuments(layer, problems).entries()) {
      const found = readEntry(given);
      const path = `documents.${index}`;
      if ('problems' in found) {
        problems.push(...found.problems.map((problem) => ({ file: layer.file, ...below(path, problem) })));
      } else if (entries.has(found.key)) {
        problems.push({
          file: layer.file,
          path,
          message: `${found.key} is already given further up; this one is left out`,
        });
      } else entries.set(found.key, found.entry);
    }
  }
  const sorted = [...entries].sort(([one], [other]) => (one < other ? -1 : 1));
  return { files: layers.length, entries: new Map(sorted), problems };
}

function givenDocuments(layer: ConfigLayer, problems: KnowledgeProblem[]): unknown[] {
  if (layer.problem !== null) {
    problems.push({ file: layer.file, ...layer.problem });
    return [];
  }
  const file = KnowledgeFile.safeParse(layer.content ?? {});
  if (file.success) return file.data.documents ?? [];
  problems.push(...problemsOf(file.error).map((problem) => ({ file: layer.file, ...problem })));
  return [];
}

function readEntry(given: unknown): { key: string; entry: KnowledgeEntry } | { problems: FieldProblem[] } {
  const outer = Entry.safeParse(given);
  if (!outer.success) return { problems: [{ path: '', message: 'must be a map of keys and values' }] };
  const { live: givenLive, ...rest } = outer.data;
  const document = KnowledgeDocument.safeParse({ ...rest, source: 'yaml' });
  const live = Live.nullable().safeParse(givenLive ?? null);
  const problems = [
    ...(document.success ? [] : problemsOf(document.error)),
    ...(live.success ? [] : problemsOf(live.error).map((problem) => below('live', problem))),
  ];
  if (!document.success || !live.success) return { problems };
  return { key: refKey(document.data), entry: { document: document.data, live: live.data } };
}

function problemsOf(error: z.ZodError): FieldProblem[] {
  return error.issues.map(({ path, message }) => ({
    path: path.map(String).join('.'),
    message: message.endsWith('received undefined') ? 'is missing' : message,
  }));
}

function below(path: string, problem: FieldProblem): FieldProblem {
  return { path: problem.path === '' ? path : `${path}.${problem.path}`, message: problem.message };
}
