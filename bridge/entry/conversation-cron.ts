// The clock of what conversations need without anybody writing to us. One tick; who is due is core's business.
import { schedule } from 'node-cron';
import type { ScheduledTask } from 'node-cron';
import type { ReconcileSchedule } from '../core/intake/reconcile-schedule.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { TenantRegistry } from '../core/tenant.ts';

export interface ConversationCronDeps {
  reconcile: Pick<ReconcileSchedule, 'runDue' | 'close'>;
  tenants: Pick<TenantRegistry, 'list'>;
  logger: Logger;
}

const everyTenSeconds = '*/10 * * * * *';

export class ConversationCron {
  readonly #deps: ConversationCronDeps;
  #task: ScheduledTask | null = null;
  #running: Promise<void> | null = null;

  constructor(deps: ConversationCronDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#task = schedule(everyTenSeconds, () => this.#tick(), { noOverlap: true, name: 'conversations' });
    void this.#tick();
  }

  /** Waits for a tick that runs, so that nothing is written to stores that are closing. */
  async stop(): Promise<void> {
    this.#deps.reconcile.close();
    await this.#task?.stop();
    await this.#running;
  }

  async #tick(): Promise<void> {
    this.#running ??= this.#runAll().finally(() => (this.#running = null));
    await this.#running;
  }

  async #runAll(): Promise<void> {
    try {
      await this.#deps.reconcile.runDue(await this.#deps.tenants.list());
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'conversations.tick_failed');
    }
  }
}
