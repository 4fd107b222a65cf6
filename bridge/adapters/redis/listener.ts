// The connection that hears what other instances publish. Publishing is best effort by nature: messages sent while this
// connection was away are gone, so whoever listens is told when that may have happened.
import { Redis } from 'ioredis';
import type { Logger } from '../../core/ports/logger.ts';
import { patient } from './redis-options.ts';
import { watchConnection } from './watch-connection.ts';

export interface Subscription {
  channel: string;
  onMessage(message: string): void;
  /** The connection was away: messages may have been missed. */
  onGap?(): void;
}

export class RedisListener {
  readonly #client: Redis;
  readonly #logger: Logger;
  readonly #subscriptions: Subscription[] = [];

  constructor(url: string, name: string, logger: Logger) {
    this.#logger = logger;
    this.#client = new Redis(url, { ...patient, connectionName: name });
    watchConnection(this.#client, name, logger);
    this.#client.on('message', (channel: string, message: string) => this.#hear(channel, message));
    this.#client.once('ready', () => this.#client.on('ready', () => this.#tellGap()));
  }

  /** Resolves when Redis has taken the subscription, which waits as long as Redis is away. */
  async subscribe(subscription: Subscription): Promise<void> {
    this.#subscriptions.push(subscription);
    await this.#client.subscribe(subscription.channel).catch((error: unknown) => {
      this.#logger.warn({ channel: subscription.channel, err: error }, 'redis.subscribe_failed');
    });
  }

  close(): void {
    this.#client.disconnect();
  }

  #hear(channel: string, message: string): void {
    for (const subscription of this.#subscriptions) {
      if (subscription.channel === channel) subscription.onMessage(message);
    }
  }

  #tellGap(): void {
    for (const subscription of this.#subscriptions) subscription.onGap?.();
  }
}
