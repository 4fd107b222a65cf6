// Usage counters in Redis: a hash a day, and a sorted set of the days a tenant has. Days end by themselves.
import type { UsageLedger } from '../../core/ports/usage-ledger.ts';
import type { RedisConnection } from './connection.ts';

const keptSeconds = 400 * 24 * 3600;

export class RedisUsageLedger implements UsageLedger {
  readonly #redis: RedisConnection;

  constructor(redis: RedisConnection) {
    this.#redis = redis;
  }

  async add(accountId: string, day: string, amounts: Record<string, number>): Promise<void> {
    const key = dayKey(accountId, day);
    await this.#redis.transaction((commands) => {
      for (const [name, by] of Object.entries(amounts)) commands.hincrbyfloat(key, name, by);
      commands.expire(key, keptSeconds);
      commands.zadd(daysKey(accountId), sortable(day), day);
      commands.expire(daysKey(accountId), keptSeconds);
    });
  }

  async range(accountId: string, fromDay: string, toDay: string): Promise<Record<string, Record<string, number>>> {
    const [from, to] = [sortable(fromDay), sortable(toDay)];
    const days = await this.#redis.run((client) => client.zrangebyscore(daysKey(accountId), from, to));
    const rows = (await this.#redis.pipeline((commands) => {
      for (const day of days) commands.hgetall(dayKey(accountId, day));
    })) as Record<string, string>[];
    const counted = days.map((day, index): [string, Record<string, number>] => [day, numbersOf(rows[index] ?? {})]);
    return Object.fromEntries(counted.filter(([, counters]) => Object.keys(counters).length > 0));
  }
}

function numbersOf(row: Record<string, string>): Record<string, number> {
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, Number(value)]));
}

function sortable(day: string): number {
  return Number(day.replaceAll('-', ''));
}

function dayKey(accountId: string, day: string): string {
  return `ui:usage:${accountId}:${day}`;
}

function daysKey(accountId: string): string {
  return `ui:usage-days:${accountId}`;
}
