// One connection to Redis for commands. It reconnects for ever, answers quickly when Redis is away, and turns every kind
// of trouble into our own error, so that no store has to know how ioredis fails.
import { createHash } from 'node:crypto';
import { Redis, type ChainableCommander } from 'ioredis';
import type { Logger } from '../../core/ports/logger.ts';
import { failFast } from './redis-options.ts';
import { isReadyWithin } from './is-ready-within.ts';
import { redisError } from './redis-error.ts';
import { watchConnection } from './watch-connection.ts';

export interface RedisScript {
  readonly lua: string;
  readonly sha: string;
}

/** A Lua script, which Redis runs as one atomic step. */
export function redisScript(lua: string): RedisScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') };
}

export type RedisArgument = string | number;

export class RedisConnection {
  readonly #client: Redis;

  constructor(url: string, name: string, logger: Logger) {
    this.#client = new Redis(url, { ...failFast, connectionName: name });
    watchConnection(this.#client, name, logger);
  }

  /** Runs commands; rejects with `upstream_unavailable` when Redis cannot serve them. */
  async run<T>(commands: (client: Redis) => Promise<T>): Promise<T> {
    try {
      return await commands(this.#client);
    } catch (error) {
      throw redisError(error);
    }
  }

  /** Runs commands as one transaction and returns their results in order. */
  async transaction(add: (commands: ChainableCommander) => void): Promise<unknown[]> {
    return this.run(async (client) => {
      const commands = client.multi();
      add(commands);
      return resultsOf(await commands.exec());
    });
  }

  /** Runs commands in one round trip, each for itself. */
  async pipeline(add: (commands: ChainableCommander) => void): Promise<unknown[]> {
    return this.run(async (client) => {
      const commands = client.pipeline();
      add(commands);
      return resultsOf(await commands.exec());
    });
  }

  async script(script: RedisScript, keys: string[], args: RedisArgument[]): Promise<unknown> {
    return this.run(async (client) => {
      try {
        return await client.evalsha(script.sha, keys.length, ...keys, ...args);
      } catch (error) {
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return client.eval(script.lua, keys.length, ...keys, ...args);
      }
    });
  }

  /** Waits for the first connection, at most so long; false when there is none yet. */
  ready(timeoutMs: number): Promise<boolean> {
    return isReadyWithin(this.#client, timeoutMs);
  }

  close(): void {
    this.#client.disconnect();
  }
}

function resultsOf(results: [error: Error | null, result: unknown][] | null): unknown[] {
  if (results === null) throw new Error('the transaction was not run');
  return results.map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}
