// The composition root: with the files beside it, the only place that makes adapters and hands them inward. Read it to see
// what the bridge is made of and in which order it starts and stops.
import type { Settings } from './config/settings.ts';
import type { Logger } from './core/ports/logger.ts';
import { createConversing } from './create-conversing.ts';
import { createServer } from './create-server.ts';
import { createThinking } from './create-thinking.ts';
import { SyncCron } from './entry/sync-cron.ts';
import { openFoundation } from './open-foundation.ts';
import type { Foundation } from './open-foundation.ts';

const stopTimeoutMs = 10_000;

export interface App {
  logger: Logger;
  /** Opens what the roles of this instance need; returns the address when it serves HTTP. */
  start(): Promise<{ url: string | null }>;
  /** The reverse of start: no new work, running work gets its time, then the stores close. */
  stop(): Promise<void>;
}

export async function createApp(settings: Readonly<Settings>): Promise<App> {
  const foundation = await openFoundation(settings);
  const { stores, spill, files, tenants, logger } = foundation;
  const thinking = createThinking(foundation);
  const conversing = createConversing(foundation, thinking);
  let isOpen = false;
  const server = createServer(foundation, thinking, conversing, () => isOpen);
  const cron = new SyncCron({ schedule: thinking.schedule, tenants, logger });
  addGauges(foundation);

  return {
    logger,
    start: async () => {
      await conversing.begin();
      const listening = settings.roles.includes('http') ? await server.listen() : null;
      if (settings.roles.includes('worker')) await conversing.worker.start();
      if (settings.roles.includes('cron')) {
        cron.start();
        conversing.cron.start();
      }
      isOpen = true;
      return { url: listening?.url ?? null };
    },
    stop: async () => {
      isOpen = false;
      await server.stop(stopTimeoutMs);
      conversing.worker.stop();
      await conversing.queue.close(stopTimeoutMs);
      await cron.stop();
      await conversing.cron.stop();
      await thinking.close();
      files.close();
      await spill?.close();
      await stores.close();
    },
  };
}

function addGauges({ metrics, stores, spill, guards, tenants }: Foundation): void {
  const { mailbox, queue, deadLetters } = stores;
  metrics.gauge('conversations_waiting', 'Conversations that hold mail', () => mailbox.size());
  metrics.gauge('dead_letters_standing', 'What could not be handled', () => deadLetters.count());
  metrics.gauge('jobs_waiting', 'Wake jobs that could run now', async () => (await queue.counts()).waiting);
  metrics.gauge('tenants_loaded', 'Tenants in service', async () => (await tenants.list()).length);
  metrics.gauge('tenants_disabled', 'Tenants with a wrong file', () => tenants.disabled().length);
  metrics.gauge('endpoints_resting', 'Outside endpoints that keep failing and are left alone for a moment', () =>
    guards.resting().reduce((sum, { count }) => sum + count, 0),
  );
  if (spill) metrics.gauge('conversations_spilled', 'Conversations kept while Redis was away', () => spill.size());
}
