// A delivery's whole way: intake, queue, worker, hub, and what finds mail that no delivery told of. While Redis is away
// the spill stands in for mailbox and queue; everything here takes its decorators where there are any.
import { ChatwootDeliveries } from './adapters/chatwoot/deliveries.ts';
import { Admission } from './core/hub/admission.ts';
import { Hub } from './core/hub/hub.ts';
import { BackgroundWakes } from './core/intake/background-wakes.ts';
import { buryMail } from './core/intake/bury-mail.ts';
import { Intake } from './core/intake/receive-delivery.ts';
import { ReconcileSchedule } from './core/intake/reconcile-schedule.ts';
import { Reconcile } from './core/intake/reconcile.ts';
import { RecentTenants } from './core/tenants/recent-tenants.ts';
import type { ThinkingParts } from './create-thinking.ts';
import { ConversationCron } from './entry/conversation-cron.ts';
import { TurnWorker } from './entry/turn-worker.ts';
import { limits } from './open-foundation.ts';
import type { Foundation } from './open-foundation.ts';

const workerConcurrency = 256;
const warmTimeoutMs = 10_000;

export function createConversing(foundation: Foundation, parts: ThinkingParts) {
  const { thinking } = parts;
  const { stores, spill, tenants, metrics, clock, logger } = foundation;
  const hub = new Hub({ ...stores, ...thinking, tenants, metrics, limits });
  const queue = spill?.gatedQueue(stores.queue) ?? stores.queue;
  const mailbox = spill?.intake.mailbox ?? stores.mailbox;
  const worker = new TurnWorker({
    hub,
    admission: new Admission({ ...stores, tenants, clock, logger }),
    bury: (failure) => buryMail({ ...stores, clock, logger, metrics }, failure),
    queue,
    mailbox,
    reminders: stores.reminders,
    clock,
    logger,
    metrics,
    random: () => Math.random(),
    concurrency: workerConcurrency,
  });
  return {
    intake: createIntake(foundation),
    worker,
    queue,
    mailbox,
    cron: createConversationCron(foundation),
    /** What an earlier process left in the journal beside Redis is handed in before anything else. */
    begin: () =>
      spill?.begin({
        tenants,
        connect: thinking.connect,
        makeHub: (local, speaking) => new Hub({ ...local, ...thinking, connect: speaking, tenants, metrics, limits }),
        warm: (accountId) => parts.warm(accountId, AbortSignal.timeout(warmTimeoutMs)),
        concurrency: workerConcurrency,
      }),
  };
}

function createIntake({ stores, spill, tenants, vault, metrics, clock, logger }: Foundation): Intake {
  const deliveries = new ChatwootDeliveries(vault, clock);
  const recentTenants = new RecentTenants(tenants, clock);
  tenants.onChange(() => recentTenants.forget());
  stores.tenants.onChange(() => recentTenants.forget());
  const queue = new BackgroundWakes({ queue: spill?.intake.queue ?? stores.queue, clock, logger, metrics });
  const kept = { ...stores, ...spill?.intake, queue };
  return new Intake({ ...kept, tenants: recentTenants, deliveries, clock, logger, metrics });
}

function createConversationCron({ stores, spill, systems, tenants, metrics, clock, logger }: Foundation) {
  const connect = systems.connect.bind(systems);
  const reconcile = new Reconcile({ ...stores, clock, logger, metrics, connect });
  const schedule = new ReconcileSchedule({ reconcile, ...stores, clock, logger });
  return new ConversationCron({ reconcile: spill?.heldBack(schedule) ?? schedule, tenants, logger });
}
