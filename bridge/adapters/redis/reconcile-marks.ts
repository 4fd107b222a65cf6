// How far tenants were compared, one hash for all of them.
import type { Logger } from '../../core/ports/logger.ts';
import type { ReconcileMark, ReconcileMarks } from '../../core/ports/reconcile-marks.ts';
import type { RedisConnection } from './connection.ts';
import { readStored } from './stored-json.ts';

const key = 'ui:reconcile-marks';

export class RedisReconcileMarks implements ReconcileMarks {
  readonly #redis: RedisConnection;
  readonly #logger: Logger;

  constructor(redis: RedisConnection, logger: Logger) {
    this.#redis = redis;
    this.#logger = logger;
  }

  async get(accountId: string): Promise<ReconcileMark | null> {
    const text = await this.#redis.run((client) => client.hget(key, accountId));
    return readStored(text, key, this.#logger) as ReconcileMark | null;
  }

  async set(accountId: string, mark: ReconcileMark): Promise<void> {
    await this.#redis.run((client) => client.hset(key, accountId, JSON.stringify(mark)));
  }
}
