// Guards on cockatiel: a retry and a circuit breaker for each endpoint, a bulkhead for each tenant. In one folder, because a
// second opinion about retries is how calls get repeated beside others that still run.
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  CircuitState,
  ConsecutiveBreaker,
  ExponentialBackoff,
  bulkhead,
  circuitBreaker,
  handleWhen,
  retry,
  wrap,
} from 'cockatiel';
import type { BulkheadPolicy, CircuitBreakerPolicy, IBackoff, IPolicy, IRetryBackoffContext } from 'cockatiel';
import { BridgeError } from '../../core/errors.ts';
import type { Clock } from '../../core/ports/clock.ts';
import type { GuardedCall, GuardedDependency, Guards, RestingEndpoints } from '../../core/ports/guards.ts';
import type { Logger } from '../../core/ports/logger.ts';
import type { Metrics } from '../../core/ports/metrics.ts';
import { guardPolicies } from './policies.ts';
import type { GuardPolicy } from './policies.ts';

export interface EndpointGuardsDeps {
  clock: Clock;
  logger: Logger;
  metrics: Metrics;
  /** Uniform in [0, 1), so that calls which failed together do not come back together. */
  random: () => number;
  policies?: Record<GuardedDependency, GuardPolicy>;
}

interface Guarded {
  dependency: GuardedDependency;
  breaker: CircuitBreakerPolicy;
  policy: IPolicy;
  restingSinceMs: number | null;
}

/** Endpoints come and go with tenants; those that work can be forgotten at any time. */
const endpointsKept = 2_000;

export class EndpointGuards implements Guards {
  readonly #deps: EndpointGuardsDeps;
  readonly #policies: Record<GuardedDependency, GuardPolicy>;
  readonly #endpoints = new Map<string, Guarded>();
  /** Failures that came too late for another try. */
  readonly #late = new WeakSet<Error>();
  readonly #places = new Map<string, BulkheadPolicy>();

  constructor(deps: EndpointGuardsDeps) {
    this.#deps = deps;
    this.#policies = deps.policies ?? guardPolicies;
  }

  async run<T>(call: GuardedCall, work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const { policy } = this.#endpoint(call);
    const attempt = async (): Promise<T> => {
      signal.throwIfAborted();
      const startedMs = performance.now();
      try {
        return await work(signal);
      } catch (error) {
        const isLate = performance.now() - startedMs > this.#policies[call.dependency].longestTryMs;
        if (isLate && error instanceof Error) this.#late.add(error);
        // Whoever asked does not wait any more: that says nothing about the endpoint, and nobody wants another try.
        throw signal.aborted ? new CallerLeft(error) : error;
      }
    };
    try {
      return await untilAborted(
        this.#inPlace(call, () => policy.execute(attempt, signal)),
        signal,
      );
    } catch (error) {
      throw this.#translated(call.dependency, error);
    }
  }

  resting(): RestingEndpoints[] {
    const found = new Map<GuardedDependency, RestingEndpoints>();
    for (const { dependency, breaker, restingSinceMs } of this.#endpoints.values()) {
      if (breaker.state === CircuitState.Closed || restingSinceMs === null) continue;
      const before = found.get(dependency);
      const sinceMs = Math.min(before?.sinceMs ?? restingSinceMs, restingSinceMs);
      found.set(dependency, { dependency, count: (before?.count ?? 0) + 1, sinceMs });
    }
    return [...found.values()];
  }

  async #inPlace<T>({ dependency, accountId }: GuardedCall, run: () => Promise<T>): Promise<T> {
    const name = `${dependency} ${accountId}`;
    const { callsAtOnce, callsWaiting } = this.#policies[dependency];
    const place = this.#places.get(name) ?? bulkhead(callsAtOnce, callsWaiting);
    this.#places.set(name, place);
    try {
      return await place.execute(run);
    } finally {
      const isIdle = place.executionSlots === callsAtOnce && place.queueSlots === callsWaiting;
      if (isIdle && this.#places.get(name) === place) this.#places.delete(name);
    }
  }

  #endpoint({ dependency, endpoint, host }: GuardedCall): Guarded {
    const name = `${dependency} ${endpoint}`;
    const known = this.#endpoints.get(name);
    if (known) return known;
    if (this.#endpoints.size >= endpointsKept) this.#forgetWorkingOnes();
    const made = this.#guard(dependency, host);
    this.#endpoints.set(name, made);
    return made;
  }

  #guard(dependency: GuardedDependency, host: string): Guarded {
    const settings = this.#policies[dependency];
    const { failuresInRow, restMs, longestRestMs, tries } = settings;
    const breaker = circuitBreaker(handleWhen(isAway), {
      halfOpenAfter: new ExponentialBackoff({ initialDelay: restMs, maxDelay: longestRestMs }),
      breaker: new ConsecutiveBreaker(failuresInRow),
    });
    const again = retry(
      handleWhen((error) => isAway(error) && !this.#late.has(error) && pauseAskedMs(error) <= settings.longestPauseMs),
      { maxAttempts: tries - 1, backoff: { next: (context) => this.#pause(settings, context) } },
    );
    again.onRetry(() => this.#deps.metrics.count('calls_repeated', { dependency }));
    const guarded: Guarded = { dependency, breaker, policy: wrap(again, breaker), restingSinceMs: null };
    this.#watch(guarded, host);
    return guarded;
  }

  #watch(guarded: Guarded, host: string): void {
    const { clock, logger, metrics } = this.#deps;
    const { dependency, breaker } = guarded;
    breaker.onBreak(() => {
      metrics.count('endpoint_rests', { dependency });
      // Said once an outage, not once a rest: after each one the endpoint is only tried.
      if (guarded.restingSinceMs === null) logger.warn({ dependency, host, alert: true }, 'endpoint.left_alone');
      guarded.restingSinceMs ??= clock.now();
    });
    breaker.onReset(() => {
      if (guarded.restingSinceMs === null) return;
      const ms = clock.now() - guarded.restingSinceMs;
      guarded.restingSinceMs = null;
      logger.info({ dependency, host, ms }, 'endpoint.back');
    });
  }

  /** Doubling, with its upper half random; never earlier than the other side asked for. */
  #pause(settings: GuardPolicy, context: IRetryBackoffContext<unknown>): IBackoff<IRetryBackoffContext<unknown>> {
    const fullMs = Math.min(settings.longestPauseMs, settings.firstPauseMs * 2 ** (context.attempt - 1));
    const askedMs = 'error' in context.result ? pauseAskedMs(context.result.error) : 0;
    const duration = Math.max(askedMs, fullMs / 2) + (fullMs / 2) * this.#deps.random();
    return { duration, next: (following) => this.#pause(settings, following) };
  }

  #translated(dependency: GuardedDependency, error: unknown): unknown {
    if (error instanceof CallerLeft) return error.cause;
    if (error instanceof BrokenCircuitError) {
      return new BridgeError(
        'upstream_unavailable',
        `${names[dependency]} keeps failing and is left alone for a moment.`,
      );
    }
    if (error instanceof BulkheadRejectedError) {
      this.#deps.metrics.count('calls_without_place', { dependency });
      return new BridgeError('upstream_unavailable', `Too many calls of this tenant wait for ${names[dependency]}.`);
    }
    return error;
  }

  #forgetWorkingOnes(): void {
    for (const [name, { breaker }] of this.#endpoints) {
      if (breaker.state === CircuitState.Closed) this.#endpoints.delete(name);
    }
  }
}

class CallerLeft extends Error {
  constructor(cause: unknown) {
    super('the caller left', { cause });
  }
}

const names: Record<GuardedDependency, string> = {
  model: 'The model endpoint',
  embeddings: 'The embedding service',
  odoo: 'Odoo',
};

function isAway(error: Error): boolean {
  return error instanceof BridgeError && error.code === 'upstream_unavailable';
}

function pauseAskedMs(error: Error): number {
  return error instanceof BridgeError ? (error.retryAfterMs ?? 0) : 0;
}

/** A pause or a place in the queue is left at once; what really runs ends by the same signal. */
async function untilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  let leave: () => void = () => undefined;
  const left = new Promise<never>((_resolve, reject) => {
    leave = () => reject(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
    signal.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([work, left]);
  } finally {
    signal.removeEventListener('abort', leave);
  }
}
