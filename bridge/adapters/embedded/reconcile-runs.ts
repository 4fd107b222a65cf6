// Pages of reconcile runs in files, one file a run and one line a page: a bridge that is restarted in the middle of a run
// must not take the documents of the earlier pages for gone.
import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { documentKinds } from '../../core/knowledge/document.ts';
import type { ManifestItem } from '../../core/ports/business-system.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { ReconcileRuns } from '../../core/ports/reconcile-runs.ts';
import { openForAppend } from './durable-files.ts';

const keptMs = 24 * 60 * 60 * 1000;
const Page = z.array(z.object({ kind: z.enum(documentKinds), id: z.string(), hash: z.string() }));

export class EmbeddedReconcileRuns implements ReconcileRuns {
  readonly #folder: string;
  readonly #clock: Clock;

  constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  async add(accountId: string, run: string, items: ManifestItem[]): Promise<void> {
    await this.#forgetOld();
    const file = await openForAppend(this.#path(accountId, run));
    try {
      // A line break on both sides: a page torn by a crash, which nobody was told is kept, spoils only its own line.
      await file.appendFile(`\n${JSON.stringify(items)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  async items(accountId: string, run: string): Promise<ManifestItem[]> {
    const text = await readFile(this.#path(accountId, run), 'utf8').catch(emptyWhenMissing);
    return text.split('\n').flatMap(readPage);
  }

  #path(accountId: string, run: string): string {
    const name = createHash('sha256').update(`${accountId} ${run}`).digest('hex').slice(0, 32);
    return join(this.#folder, `${name}.jsonl`);
  }

  async #forgetOld(): Promise<void> {
    const names = await readdir(this.#folder).catch((): string[] => []);
    for (const name of names) {
      const path = join(this.#folder, name);
      const { mtimeMs } = await stat(path);
      if (mtimeMs < this.#clock.now() - keptMs) await rm(path, { force: true });
    }
  }
}

function emptyWhenMissing(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
  throw error;
}

function readPage(line: string): ManifestItem[] {
  if (line === '') return [];
  try {
    return Page.parse(JSON.parse(line));
  } catch {
    return [];
  }
}
