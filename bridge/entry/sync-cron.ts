// The clock of the knowledge sync: one tick looks for tenants that are due. What "due" means is core's business.
import { schedule } from 'node-cron';
import type { ScheduledTask } from 'node-cron';
import type { SyncSchedule } from '../core/knowledge/sync-schedule.ts';
import type { Logger } from '../core/ports/logger.ts';
import type { TenantRegistry } from '../core/tenant.ts';

const everyTenSeconds = '*/10 * * * * *';

export class SyncCron {
  readonly #deps: { schedule: SyncSchedule; tenants: TenantRegistry; logger: Logger };
  #task: ScheduledTask | null = null;

  constructor(deps: { schedule: SyncSchedule; tenants: TenantRegistry; logger: Logger }) {
    this.#deps = deps;
  }

  start(): void {
    this.#task = schedule(everyTenSeconds, () => this.#tick(), { noOverlap: true, name: 'knowledge-sync' });
    void this.#tick();
  }

  async stop(): Promise<void> {
    this.#deps.schedule.close();
    await this.#task?.stop();
  }

  async #tick(): Promise<void> {
    try {
      await this.#deps.schedule.runDue(await this.#deps.tenants.list());
    } catch (error) {
      this.#deps.logger.error({ err: error }, 'sync.tick_failed');
    }
  }
}
