// Wake jobs on bull; the only file that knows bull. A job is made once and tried once: what must happen again is a new job,
// and what is lost is made again from the mailbox's wake marks. Adding uses a connection of its own that says no at once
// when Redis is away, because bull would wait for ever.
import Bull from 'bull';
import { Redis } from 'ioredis';
import { codeOf } from '../../core/errors.ts';
import { conversationKey, type ConversationRef } from '../../core/message.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { TurnDecision, TurnJob, TurnQueue } from '../../core/ports/turn-queue.ts';
import { failFast, patient } from './redis-options.ts';
import { redisError } from './redis-error.ts';
import { isReadyWithin } from './is-ready-within.ts';
import { watchConnection } from './watch-connection.ts';

type Handler = (job: TurnJob) => Promise<TurnDecision>;

interface JobData extends TurnJob {
  version: 1;
}

const queueName = 'turns';
const prefix = 'ui:bull';
/** Delayed jobs of one conversation that are due in the same slot are one job. */
const slotMs = 50;
const failedKept = 1000;

const settings: Bull.AdvancedSettings = {
  lockDuration: 4_000,
  lockRenewTime: 1_500,
  stalledInterval: 2_000,
  // A stall is a process that died; the mailbox decides how often a conversation is tried.
  maxStalledCount: 1_000_000,
  guardInterval: 1_000,
  retryProcessDelay: 1_000,
};

export class RedisTurnQueue implements TurnQueue {
  readonly #url: string;
  readonly #instanceId: string;
  readonly #logger: Logger;
  readonly #clients: Redis[] = [];
  readonly #producer: Bull.Queue<JobData>;
  #consumer: Bull.Queue<JobData> | null = null;
  #closing: Promise<void> | null = null;
  #giveUp: () => void = () => undefined;
  readonly #givenUp = new Promise<undefined>((resolve) => (this.#giveUp = () => resolve(undefined)));

  constructor(url: string, instanceId: string, logger: Logger) {
    this.#url = url;
    this.#instanceId = instanceId;
    this.#logger = logger;
    this.#producer = this.#open('producer');
  }

  /** Waits until jobs can be added, at most so long; false when there is no connection yet. */
  ready(timeoutMs: number): Promise<boolean> {
    return isReadyWithin(this.#producer.client, timeoutMs);
  }

  async wake(conversation: ConversationRef, delayMs: number): Promise<void> {
    await this.#add({ version: 1, conversation, attempt: 0 }, delayMs);
  }

  async process(concurrency: number, handle: Handler): Promise<void> {
    this.#consumer = this.#open('consumer');
    this.#consumer.on('failed', (job, error) => {
      this.#logger.error({ ...job.data.conversation, attempt: job.data.attempt, err: error }, 'queue.handler_threw');
    });
    const running = this.#consumer.process(concurrency, (job) => this.#run(job.data, handle));
    // Ends only when the queue closes.
    running.catch((error: unknown) => {
      if (this.#closing === null) this.#logger.error({ err: error }, 'queue.stopped');
    });
  }

  async counts(): Promise<{ waiting: number; delayed: number; active: number; failed: number }> {
    try {
      const { waiting, delayed, active, failed } = await this.#producer.getJobCounts();
      return { waiting, delayed, active, failed };
    } catch (error) {
      throw redisError(error);
    }
  }

  close(timeoutMs: number): Promise<void> {
    this.#closing ??= this.#close(timeoutMs);
    return this.#closing;
  }

  async #run(data: JobData, handle: Handler): Promise<void> {
    const handled = handle({ conversation: data.conversation, attempt: data.attempt });
    const decision = await Promise.race([handled, this.#givenUp]);
    if (decision === undefined || decision.kind === 'done') return;
    await this.#add({ ...data, attempt: decision.attempt }, decision.delayMs).catch((error: unknown) => {
      this.#logger.warn({ ...data.conversation, err: error }, 'queue.again_left_to_sweeper');
    });
  }

  async #add(data: JobData, delayMs: number): Promise<void> {
    try {
      await this.#producer.add(data, {
        attempts: 1,
        removeOnComplete: true,
        removeOnFail: failedKept,
        ...timing(data, delayMs),
      });
    } catch (error) {
      throw redisError(error);
    }
  }

  #open(role: 'producer' | 'consumer'): Bull.Queue<JobData> {
    const queue = new Bull<JobData>(queueName, { prefix, settings, createClient: (type) => this.#connect(role, type) });
    queue.on('error', (error) => {
      // Connections report their own trouble, once; bull repeats it with every try.
      if (codeOf(redisError(error)) !== 'upstream_unavailable') this.#logger.warn({ role, err: error }, 'queue.error');
    });
    return queue;
  }

  #connect(role: 'producer' | 'consumer', type: string): Redis {
    const name = `${this.#instanceId}-queue-${role}-${type}`;
    // Bull refuses the ready check on connections that listen; the one that sends commands waits for a loading server.
    const options = role === 'producer' ? failFast : { ...patient, enableReadyCheck: type === 'client' };
    const client = new Redis(this.#url, { ...options, connectionName: name });
    watchConnection(client, name, this.#logger);
    this.#clients.push(client);
    return client;
  }

  /**
   * A job that does not end in time stays marked as running until its lock runs out; then another instance takes it.
   * Bull waits for its handlers without limit, so it is told that they ended, on connections that can no longer say so.
   */
  async #close(timeoutMs: number): Promise<void> {
    const queues = [this.#consumer, this.#producer].filter((queue) => queue !== null);
    const closed = Promise.allSettled(queues.map((queue) => queue.close()));
    const timer = setTimeout(() => {
      for (const client of this.#clients) client.disconnect();
      this.#giveUp();
    }, timeoutMs);
    await closed;
    clearTimeout(timer);
    for (const client of this.#clients) client.disconnect();
  }
}

/**
 * A delayed job gets the id of its slot, which bull refuses to add twice. The slot lies after now, so the job with its id
 * cannot be running yet; a job without delay has no id, because a running one must never swallow it.
 */
function timing(data: JobData, delayMs: number): Pick<Bull.JobOptions, 'delay' | 'jobId'> {
  if (delayMs <= 0) return {};
  const nowMs = Date.now();
  const slot = Math.floor((nowMs + delayMs) / slotMs) + 1;
  return { delay: slot * slotMs - nowMs, jobId: `${conversationKey(data.conversation)}@${slot}#${data.attempt}` };
}
