// Asks every dependency how it is, all at once and each for a limited time, and sums it up. A dependency that cannot be
// worked without makes the whole bridge `down`; any other trouble makes it `degraded`.
import type { Clock } from '../ports/clock.ts';
import type { TenantRegistry } from '../tenant.ts';
import type { StoreHealth } from '../stores.ts';
import type { DependencyState, Readiness } from './ready-report.ts';

export interface DependencyCheck {
  name: string;
  /** Nothing works without it. */
  isEssential: boolean;
  check(signal: AbortSignal): Promise<StoreHealth>;
}

export interface ReadinessDeps {
  mode: string;
  dependencies: readonly DependencyCheck[];
  tenants: Pick<TenantRegistry, 'list' | 'disabled'>;
  clock: Clock;
  timeoutMs: number;
}

export async function readiness(deps: ReadinessDeps): Promise<Readiness> {
  const [states, loaded] = await Promise.all([
    Promise.all(deps.dependencies.map((dependency) => askOne(dependency, deps))),
    deps.tenants.list().catch(() => []),
  ]);
  const disabled = deps.tenants.disabled();
  return {
    status: sumUp(deps.dependencies, states, disabled.length > 0),
    mode: deps.mode,
    dependencies: Object.fromEntries(
      deps.dependencies.map(({ name }, index) => [name, states[index] ?? { state: 'down' as const }]),
    ),
    tenants: { loaded: loaded.map((tenant) => tenant.accountId), disabled },
  };
}

/** One answer for everybody who asks within `ms`, so that probes cannot load the dependencies. */
export function sharedFor(ms: number, clock: Clock, ask: () => Promise<Readiness>): () => Promise<Readiness> {
  let last: { atMs: number; answer: Promise<Readiness> } | null = null;
  return () => {
    if (!last || clock.now() - last.atMs >= ms) last = { atMs: clock.now(), answer: ask() };
    return last.answer;
  };
}

const lost: StoreHealth = { state: 'down', ms: null, message: 'gave no answer in time', fix: null };

async function askOne(dependency: DependencyCheck, { clock, timeoutMs }: ReadinessDeps): Promise<DependencyState> {
  const startedMs = clock.now();
  const signal = AbortSignal.timeout(timeoutMs);
  const late = new Promise<StoreHealth>((resolve) => signal.addEventListener('abort', () => resolve(lost)));
  const asked = dependency.check(signal).catch((error: unknown): StoreHealth => {
    return { ...lost, message: error instanceof Error ? error.message : 'failed' };
  });
  const { state, ms, message, fix } = await Promise.race([asked, late]);
  return {
    state,
    ...(state === 'embedded' ? {} : { ms: ms ?? clock.now() - startedMs }),
    ...(message === null ? {} : { message }),
    ...(fix === null ? {} : { fix }),
  };
}

function sumUp(
  dependencies: readonly DependencyCheck[],
  states: readonly DependencyState[],
  hasDisabledTenant: boolean,
): Readiness['status'] {
  const inTrouble = (state: DependencyState | undefined) => state?.state === 'down' || state?.state === 'degraded';
  if (dependencies.some(({ isEssential }, index) => isEssential && states[index]?.state === 'down')) return 'down';
  return hasDisabledTenant || states.some(inTrouble) ? 'degraded' : 'ready';
}
