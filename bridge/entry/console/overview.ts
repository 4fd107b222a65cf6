// What the operator wants to know first, gathered once for the page and for its JSON. A part that cannot be asked is null
// and never keeps the others from being shown.
import type { DeadLetters } from '../../core/ports/dead-letters.ts';
import type { Mailbox } from '../../core/ports/mailbox.ts';
import type { TurnQueue } from '../../core/ports/turn-queue.ts';
import type { Readiness } from '../../core/rpc/ready-report.ts';
import type { TenantRegistry } from '../../core/tenant.ts';

export interface OverviewDeps {
  readiness(): Promise<Readiness>;
  tenants: Pick<TenantRegistry, 'list'>;
  queue: Pick<TurnQueue, 'counts'>;
  mailbox: Pick<Mailbox, 'size'>;
  deadLetters: Pick<DeadLetters, 'count'>;
}

export interface Overview {
  status: Readiness['status'];
  mode: string;
  dependencies: Readiness['dependencies'];
  queue: { waiting: number; delayed: number; active: number; failed: number } | null;
  /** Conversations that hold mail. */
  mailbox: number | null;
  /** What could not be handled and waits for `scripts/replay`. */
  dead_letters: number | null;
  tenants: { account_id: string; name: string; domain: string; version: number; managed_by: 'file' | 'rpc' }[];
  disabled: Readiness['tenants']['disabled'];
}

export async function overviewOf(deps: OverviewDeps): Promise<Overview> {
  const [ready, tenants, queue, mailbox, deadLetters] = await Promise.all([
    deps.readiness(),
    deps.tenants.list().catch(() => []),
    deps.queue.counts().catch(() => null),
    deps.mailbox.size().catch(() => null),
    deps.deadLetters.count().catch(() => null),
  ]);
  const { status, mode, dependencies } = ready;
  return {
    status,
    mode,
    dependencies,
    queue,
    mailbox,
    dead_letters: deadLetters,
    tenants: tenants.map(({ accountId, config, domain, revision, managedBy }) => {
      return { account_id: accountId, name: config.name, domain, version: revision, managed_by: managedBy };
    }),
    disabled: ready.tenants.disabled,
  };
}
