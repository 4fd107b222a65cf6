// The lexicons in the tenants folder: `_base/lexicon.yaml` for everybody, `<domain>/lexicon.yaml` beside it. Compiled once
// for each domain and again when a file changes. A wrong file is left out and named; search then knows fewer wordings.
import path from 'node:path';
import { Lexicon } from '../../core/knowledge/text/lexicon.ts';
import { LexiconFile, mergeLexicons, unknownConcepts } from '../../core/knowledge/text/lexicon-file.ts';
import type { ConfigLayer } from '../../core/ports/tenant-source.ts';
import type { Logger } from '../../core/ports/logger.ts';
import { LayerReader } from './read-layer.ts';

export const lexiconFileName = 'lexicon.yaml';
const lookAgainMs = 5_000;

interface Compiled {
  layers: readonly ConfigLayer[];
  lexicon: Lexicon;
  lookedAtMs: number;
}

export class LexiconFiles {
  readonly #root: string;
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #readers = new Map<string, LayerReader>();
  readonly #compiled = new Map<string, Promise<Compiled>>();

  constructor(parts: { root: string; log: Logger; now?: () => number }) {
    this.#root = path.resolve(parts.root);
    this.#log = parts.log;
    this.#now = parts.now ?? Date.now;
  }

  /** Never rejects for a wrong file. Files are looked at again after five seconds. */
  async for(domain: string): Promise<Lexicon> {
    const known = this.#compiled.get(domain);
    const standing = await known;
    if (standing && this.#now() - standing.lookedAtMs < lookAgainMs) return standing.lexicon;
    if (this.#compiled.get(domain) === known) this.#compiled.set(domain, this.#compile(domain, standing));
    return (await this.#compiled.get(domain))?.lexicon ?? this.for(domain);
  }

  async #compile(domain: string, standing: Compiled | undefined): Promise<Compiled> {
    const reader = this.#readers.get(domain) ?? new LayerReader(this.#root);
    this.#readers.set(domain, reader);
    const folders = ['_base', ...(isFolderName(domain) ? [domain] : [])];
    const read = await Promise.all(
      folders.map((folder) => reader.read(path.join(this.#root, folder, lexiconFileName))),
    );
    reader.endReading();
    const layers = read.filter((layer) => layer !== null);
    const lookedAtMs = this.#now();
    const isSame =
      standing?.layers.length === layers.length && layers.every((layer, i) => layer === standing.layers[i]);
    if (standing && isSame) return { ...standing, lookedAtMs };
    const data = mergeLexicons(layers.flatMap((layer) => this.#check(layer)));
    for (const name of unknownConcepts(data)) this.#log.warn({ domain, name }, 'lexicon names an unknown concept');
    return { layers, lexicon: new Lexicon(data), lookedAtMs };
  }

  #check({ file, content, problem }: ConfigLayer): LexiconFile[] {
    if (problem !== null) {
      this.#log.error({ file, ...problem }, 'lexicon file left out');
      return [];
    }
    const parsed = LexiconFile.safeParse(content ?? {});
    if (parsed.success) return [parsed.data];
    const [issue] = parsed.error.issues;
    this.#log.error({ file, path: issue?.path.join('.'), message: issue?.message }, 'lexicon file left out');
    return [];
  }
}

function isFolderName(domain: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(domain);
}
