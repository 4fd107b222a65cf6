// Queues, builds, sends, retries and logs deliveries the way Chatwoot's background jobs do: a bot's payload is a snapshot of the
// commit, an account or API-inbox payload is built when its job runs; workers are parallel, so order is not promised.
import { randomUUID } from 'node:crypto';
import type { DomainEvent } from '../events.ts';
import { eventBody } from '../payloads/event-body.ts';
import type { World } from '../world.ts';
import type { Delivery } from './delivery.ts';
import { deliveryHeaders, failureText, mayRetry } from './delivery-rules.ts';
import { settleFailure } from './failure-effects.ts';
import { Misbehaviour, type MisbehaviourRule } from './misbehaviour.ts';
import { postJson } from './post-json.ts';
import { accountIdOf, type Recipient, recipientsOf } from './recipients.ts';
import { railsJson } from './sign-delivery.ts';

interface Job {
  world: World;
  delivery: Delivery;
}

export class DeliveryQueue {
  readonly log: Delivery[] = [];
  readonly misbehaviour = new Misbehaviour();
  private readonly high: Job[] = [];
  private readonly medium: Job[] = [];
  private readonly held: Job[] = [];
  private cancelHeld: () => void = () => undefined;
  private running = 0;
  private unsettled = 0;
  private nextSeq = 1;
  private stopped = false;

  /** Deliveries queued, under way or waiting for a retry. */
  get pending(): number {
    return this.unsettled;
  }

  accept(world: World, event: DomainEvent): void {
    for (const recipient of recipientsOf(world, event)) {
      const delivery = this.newDelivery(world, event, recipient);
      const job = { world, delivery };
      if (recipient.surface === 'agent_bot') {
        delivery.body = railsJson(eventBody(world, event));
        this.release(job);
      } else {
        world.tasks.later(world.config.account_delivery_delay_ms, () => {
          delivery.body = railsJson(eventBody(world, event));
          this.release(job);
        });
      }
    }
  }

  stop(): void {
    this.stopped = true;
    this.high.length = 0;
    this.medium.length = 0;
    this.unsettled = 0;
  }

  private newDelivery(world: World, event: DomainEvent, recipient: Recipient): Delivery {
    const delivery: Delivery = {
      ...recipient,
      seq: this.nextSeq,
      event: event.name,
      deliveryId: randomUUID(),
      accountId: accountIdOf(world, event),
      conversationId: 'conversation' in event ? (event.conversation?.displayId ?? null) : null,
      messageId: 'message' in event ? event.message.id : null,
      note: null,
      state: 'queued',
      body: '',
      attempts: [],
    };
    this.remember(world, delivery);
    return delivery;
  }

  private remember(world: World, delivery: Delivery): void {
    this.nextSeq += 1;
    this.unsettled += 1;
    this.log.push(delivery);
    if (this.log.length > world.config.log_limit) this.log.splice(0, this.log.length - world.config.log_limit);
  }

  private release(job: Job): void {
    const rule = this.misbehaviour.take(job.delivery);
    if (rule === null) this.enqueue(job);
    else this.misbehave(job, rule);
  }

  private misbehave(job: Job, rule: MisbehaviourRule): void {
    switch (rule.action) {
      case 'drop':
        this.settle(job, 'dropped');
        return;
      case 'delay':
        job.world.tasks.later(rule.ms ?? 1000, () => this.enqueue(job));
        return;
      case 'duplicate':
      case 'republish':
        this.enqueue(job);
        for (let copy = 0; copy < (rule.times ?? 1); copy += 1) this.enqueue(this.copyOf(job, rule.action));
        return;
      case 'reorder':
        this.holdForReorder(job, rule);
    }
  }

  private copyOf(job: Job, action: 'duplicate' | 'republish'): Job {
    const again = action === 'republish';
    const delivery: Delivery = {
      ...job.delivery,
      seq: this.nextSeq,
      deliveryId: again ? randomUUID() : job.delivery.deliveryId,
      note: again ? 'republished' : 'duplicate',
      attempts: [],
    };
    this.remember(job.world, delivery);
    return { world: job.world, delivery };
  }

  private holdForReorder(job: Job, rule: MisbehaviourRule): void {
    this.held.push(job);
    this.cancelHeld();
    if (this.held.length >= (rule.size ?? 2)) this.releaseHeld();
    else this.cancelHeld = job.world.tasks.later(rule.ms ?? 1000, () => this.releaseHeld());
  }

  private releaseHeld(): void {
    for (const held of this.held.splice(0).reverse()) this.enqueue(held);
  }

  /** Two queues with strict priority, as in Chatwoot: bot deliveries first. */
  private enqueue(job: Job): void {
    (job.delivery.surface === 'agent_bot' ? this.high : this.medium).push(job);
    this.startWorkers(job.world.config.delivery_workers);
  }

  private startWorkers(limit: number): void {
    while (!this.stopped && this.running < limit) {
      const next = this.high.shift() ?? this.medium.shift();
      if (next === undefined) return;
      this.running += 1;
      void this.attempt(next).finally(() => {
        this.running -= 1;
        this.startWorkers(limit);
      });
    }
  }

  private async attempt(job: Job): Promise<void> {
    const { world, delivery } = job;
    delivery.state = 'sending';
    const headers = deliveryHeaders(world, delivery);
    const at = new Date().toISOString();
    const answer = await postJson({
      url: delivery.url,
      headers,
      body: delivery.body,
      timeoutMs: world.config.delivery_timeout_ms,
    });
    if (this.stopped) return;
    delivery.attempts.push({ at, status: answer.status, error: answer.error, ms: answer.ms, headers });
    if (answer.status !== null && answer.status >= 200 && answer.status < 300) {
      this.settle(job, 'delivered');
    } else if (mayRetry(world, delivery, answer.status)) {
      delivery.state = 'waiting_for_retry';
      world.tasks.later(world.config.bot_retry_ms, () => this.enqueue(job));
      world.bus.emit('change');
    } else {
      this.settle(job, 'failed');
      settleFailure(world, delivery, failureText(answer.status, answer.error));
    }
  }

  private settle(job: Job, state: 'delivered' | 'failed' | 'dropped'): void {
    job.delivery.state = state;
    this.unsettled -= 1;
    job.world.bus.emit('change');
  }
}
