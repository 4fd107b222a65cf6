// Takes wake jobs and runs turns. The hub decides what a turn does; this file decides what a failed one deserves, and
// finds mail whose job was lost (a crash between storing and queueing, a queue that was away).
import type { Admission } from '../core/hub/admission.ts';
import type { Hub } from '../core/hub/hub.ts';
import { codeOf } from '../core/errors.ts';
import { isWorthTrying } from '../core/intake/bury-mail.ts';
import type { Failure } from '../core/intake/bury-mail.ts';
import type { Clock } from '../core/ports/clock.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { Mailbox } from '../core/ports/mailbox.ts';
import type { Metrics } from '../core/ports/metrics.ts';
import type { Reminders } from '../core/ports/reminders.ts';
import type { TurnDecision, TurnJob, TurnQueue } from '../core/ports/turn-queue.ts';
import { toQueueDecision } from './error-map.ts';
import type { RetryRules } from './error-map.ts';
import { RunningTurns } from './running-turns.ts';
import { TurnPace } from './turn-pace.ts';

export interface TurnWorkerDeps {
  hub: Hub;
  admission: Admission;
  /** Takes the mail nobody can handle away; false when somebody else holds the conversation. */
  bury(failure: Failure): Promise<boolean>;
  queue: TurnQueue;
  mailbox: Mailbox;
  reminders: Reminders;
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  random: () => number;
  concurrency: number;
}

const sweepEveryMs = 1_000;
const sweepLimit = 500;
/** When even the apology cannot be delivered, the mail stays and is tried again at this pace, until it is buried. */
const undeliverableDelayMs = 60_000;

export class TurnWorker {
  readonly #deps: TurnWorkerDeps;
  readonly #rules: RetryRules;
  readonly #running = new RunningTurns();
  readonly #pace = new TurnPace();
  #sweeping: NodeJS.Timeout | null = null;

  constructor(deps: TurnWorkerDeps) {
    this.#deps = deps;
    this.#rules = { maxAttempts: 4, firstDelayMs: 1_000, maxDelayMs: 30_000, laterMs: 1_000, random: deps.random };
  }

  async start(): Promise<void> {
    await this.#deps.queue.process(this.#deps.concurrency, (job) => this.#alone(job));
    this.#sweeping = setInterval(() => void this.#sweep(), sweepEveryMs);
    await this.#sweep();
  }

  stop(): void {
    if (this.#sweeping) clearInterval(this.#sweeping);
  }

  async #alone(job: TurnJob): Promise<TurnDecision> {
    const { conversation } = job;
    const decision = await this.#running.during(
      conversation,
      async () => {
        await this.#pace.begin();
        return this.#run(job);
      },
      // A job that cannot be made is made by the sweep.
      () => this.#deps.queue.wake(conversation, 0).catch(() => undefined),
    );
    return decision ?? { kind: 'done' };
  }

  async #run(job: TurnJob): Promise<TurnDecision> {
    const decision = await this.#decision(job).catch((error: unknown): TurnDecision => {
      // Our own bug: thrown on, it would come back with every sweep.
      this.#deps.logger.error({ ...job.conversation, alert: true, err: error }, 'worker.failed');
      return { kind: 'again', delayMs: undeliverableDelayMs, attempt: job.attempt };
    });
    if (decision.kind === 'again' && decision.delayMs > sweepEveryMs) {
      await this.#putOff(job, this.#deps.clock.now() + decision.delayMs).catch(() => undefined);
    }
    return decision;
  }

  /** The wake mark moves along, or the sweeper would bring the conversation back before its time; never to an earlier one. */
  async #putOff({ conversation }: TurnJob, untilMs: number): Promise<void> {
    const { notBeforeMs } = await this.#deps.mailbox.read(conversation);
    if (untilMs > notBeforeMs) await this.#deps.mailbox.postpone(conversation, untilMs);
  }

  async #decision(job: TurnJob): Promise<TurnDecision> {
    try {
      return await this.#deps.admission.during(job, (place) => this.#deps.hub.handle(job, place));
    } catch (error) {
      return this.#afterFailure(job, error);
    }
  }

  async #afterFailure(job: TurnJob, error: unknown): Promise<TurnDecision> {
    const failed = (await this.#failuresBefore(job, error)) ?? job.attempt;
    const decision = toQueueDecision(error, failed, this.#rules);
    const fields = { ...job.conversation, attempt: failed, code: codeOf(error), err: error };
    if (decision.kind === 'again') {
      this.#deps.logger.info({ ...fields, will_retry: true, delay_ms: decision.delayMs }, 'turn.failed');
      return decision;
    }
    // Said once as an end; what follows are tries to say it to the customer.
    if (failed < this.#rules.maxAttempts) {
      this.#deps.metrics.count('turns', { outcome: 'failed' });
      this.#deps.logger.error({ ...fields, alert: decision.alert }, 'turn.failed');
    }
    return this.#giveUp(job, failed);
  }

  /** Null for what is no failure of the turn (somebody else is busy with it, a limit): that is not counted. */
  async #failuresBefore(job: TurnJob, error: unknown): Promise<number | null> {
    const asFirst = toQueueDecision(error, 0, this.#rules);
    if (asFirst.kind === 'again' && asFirst.attempt === 0) return null;
    return this.#deps.hub.countFailure(job).catch(() => null);
  }

  async #giveUp(job: TurnJob, failed: number): Promise<TurnDecision> {
    try {
      return await this.#deps.hub.giveUp(job);
    } catch (error) {
      const attempts = failed + 1;
      if (!isWorthTrying(error, attempts) && (await this.#bury(job, error, attempts))) return { kind: 'done' };
      const fields = { ...job.conversation, attempt: failed, code: codeOf(error), err: error };
      this.#deps.logger.warn({ ...fields, will_retry: true, delay_ms: undeliverableDelayMs }, 'turn.undeliverable');
      return { kind: 'again', delayMs: undeliverableDelayMs, attempt: job.attempt };
    }
  }

  async #bury({ conversation }: TurnJob, error: unknown, attempts: number): Promise<boolean> {
    try {
      return await this.#deps.bury({ conversation, error, attempts });
    } catch (cause) {
      this.#deps.logger.error({ ...conversation, alert: true, err: cause }, 'mail.not_buried');
      return false;
    }
  }

  /** The hub moves a reminder ahead when it begins with it, so that none is woken for again and again. */
  async #sweepReminders(): Promise<void> {
    const { reminders, queue, clock } = this.#deps;
    for (const { conversation } of await reminders.due(clock.now(), sweepLimit)) await queue.wake(conversation, 0);
  }

  /** Wakes conversations whose mail is due. A second job for one that has a job already finds nothing to do. */
  async #sweep(): Promise<void> {
    try {
      const due = await this.#deps.mailbox.due(this.#deps.clock.now() - sweepEveryMs, sweepLimit);
      for (const conversation of due) {
        if (!this.#running.has(conversation)) await this.#deps.queue.wake(conversation, 0);
      }
      await this.#sweepReminders();
      await this.#deps.admission.callWaiting();
    } catch (error) {
      this.#deps.logger.warn({ err: error }, 'sweep.failed');
    }
  }
}
