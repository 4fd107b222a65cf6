// What the operator wants to know first, gathered once for the page and for its JSON. A part that cannot be asked is null,
// which is not the same as empty, and never keeps the others from being shown.
import type { Clock } from '../../core/ports/clock.ts';
import type { DeadLetter, DeadLetters } from '../../core/ports/dead-letters.ts';
import type { RestingEndpoints } from '../../core/ports/guards.ts';
import type { Mailbox } from '../../core/ports/mailbox.ts';
import type { ReconcileMarks } from '../../core/ports/reconcile-marks.ts';
import type { TurnQueue } from '../../core/ports/turn-queue.ts';
import type { TurnSlots } from '../../core/ports/turn-slots.ts';
import type { Readiness } from '../../core/rpc/ready-report.ts';
import type { Tenant, TenantRegistry } from '../../core/tenant.ts';
import { compared } from './compared.ts';
import type { Compared } from './compared.ts';

export interface OverviewDeps {
  readiness(): Promise<Readiness>;
  tenants: Pick<TenantRegistry, 'list'>;
  queue: Pick<TurnQueue, 'counts'>;
  mailbox: Pick<Mailbox, 'size'>;
  deadLetters: Pick<DeadLetters, 'count' | 'list'>;
  marks: Pick<ReconcileMarks, 'get'>;
  turnSlots: Pick<TurnSlots, 'accountsWaiting'>;
  /** Conversations kept on this instance while the shared stores are away; null where there are none to be away. */
  spilled: (() => Promise<number>) | null;
  /** Outside endpoints that keep failing and are left alone for a moment. */
  resting(): RestingEndpoints[];
  clock: Clock;
}

export interface LetterLine {
  id: string;
  kind: DeadLetter['kind'];
  account_id: string;
  conversation_id: number;
  code: string;
  at: string;
}

export interface TenantLine {
  account_id: string;
  name: string;
  domain: string;
  version: number;
  managed_by: 'file' | 'rpc';
  timezone: string;
  compared: Compared;
}

export interface Overview {
  /** When it was asked. */
  at: string;
  status: Readiness['status'];
  mode: string;
  dependencies: Readiness['dependencies'];
  queue: { waiting: number; delayed: number; active: number; failed: number } | null;
  /** Conversations that hold mail. */
  mailbox: number | null;
  /** What could not be handled and waits for `scripts/replay`. */
  dead_letters: number | null;
  latest_dead_letters: LetterLine[] | null;
  /** Absent where nothing can be spilled. */
  spilled?: number | null;
  resting: { dependency: RestingEndpoints['dependency']; count: number; since: string }[];
  /** Tenants that have conversations waiting for a place: their limit of turns is reached. */
  at_limit: string[] | null;
  tenants: TenantLine[] | null;
  disabled: Readiness['tenants']['disabled'];
}

const lettersShown = 5;

export async function overviewOf(deps: OverviewDeps): Promise<Overview> {
  const [ready, tenants, queue, mailbox, count, letters, atLimit, spilled] = await Promise.all([
    deps.readiness(),
    orNull(tenantLines(deps)),
    orNull(deps.queue.counts()),
    orNull(deps.mailbox.size()),
    orNull(deps.deadLetters.count()),
    orNull(latestLetters(deps, null)),
    orNull(deps.turnSlots.accountsWaiting()),
    deps.spilled && orNull(deps.spilled()),
  ]);
  const { status, mode, dependencies } = ready;
  return {
    at: new Date(deps.clock.now()).toISOString(),
    status,
    mode,
    dependencies,
    queue,
    mailbox,
    dead_letters: count,
    latest_dead_letters: letters,
    ...(deps.spilled ? { spilled } : {}),
    resting: deps.resting().map((one) => {
      return { dependency: one.dependency, count: one.count, since: new Date(one.sinceMs).toISOString() };
    }),
    at_limit: atLimit,
    tenants,
    disabled: ready.tenants.disabled,
  };
}

/** Without what customers wrote. */
export async function latestLetters(
  { deadLetters }: Pick<OverviewDeps, 'deadLetters'>,
  accountId: string | null,
): Promise<LetterLine[]> {
  const letters = await deadLetters.list(accountId, lettersShown);
  return letters.map(({ id, kind, conversation, code, lastAtMs }) => ({
    id,
    kind,
    account_id: conversation.accountId,
    conversation_id: conversation.conversationId,
    code,
    at: new Date(lastAtMs).toISOString(),
  }));
}

/** A store that is away may reject or throw; both are "not known now". */
export async function orNull<T>(asked: Promise<T>): Promise<T | null> {
  return asked.catch(() => null);
}

async function tenantLines({ tenants, marks }: Pick<OverviewDeps, 'tenants' | 'marks'>): Promise<TenantLine[]> {
  return Promise.all((await tenants.list()).map((tenant) => lineOf(tenant, marks)));
}

async function lineOf(tenant: Tenant, marks: OverviewDeps['marks']): Promise<TenantLine> {
  const { accountId, config, domain, revision, managedBy } = tenant;
  return {
    account_id: accountId,
    name: config.name,
    domain,
    version: revision,
    managed_by: managedBy,
    timezone: config.timezone,
    compared: await compared(marks, accountId),
  };
}
