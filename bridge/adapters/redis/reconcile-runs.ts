// Pages of reconcile runs in Redis: a balancer may send each page of one run to another instance. A list a run, one entry
// a page, forgotten a day after the last page.
import { z } from 'zod';
import { documentKinds } from '../../core/knowledge/document.ts';
import type { ManifestItem } from '../../core/ports/business-system.ts';
import type { ReconcileRuns } from '../../core/ports/reconcile-runs.ts';
import type { RedisConnection } from './connection.ts';

const keptSeconds = 24 * 3600;
const Page = z.array(z.object({ kind: z.enum(documentKinds), id: z.string(), hash: z.string() }));

export class RedisReconcileRuns implements ReconcileRuns {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async add(accountId: string, run: string, items: ManifestItem[]): Promise<void> {
    const key = runKey(accountId, run);
    await this.#redis.transaction((commands) => {
      commands.rpush(key, JSON.stringify(items));
      commands.expire(key, keptSeconds);
    });
  }

  async items(accountId: string, run: string): Promise<ManifestItem[]> {
    const pages = await this.#redis.run((client) => client.lrange(runKey(accountId, run), 0, -1));
    return pages.flatMap((page) => Page.parse(JSON.parse(page)));
  }
}

function runKey(accountId: string, run: string): string {
  return `ui:reconcile:${accountId}:${run}`;
}
