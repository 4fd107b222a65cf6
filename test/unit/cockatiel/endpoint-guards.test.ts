import assert from 'node:assert/strict';
import { EndpointGuards } from '../../../bridge/adapters/cockatiel/endpoint-guards.ts';
import { guardPolicies } from '../../../bridge/adapters/cockatiel/policies.ts';
import type { GuardPolicy } from '../../../bridge/adapters/cockatiel/policies.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { GuardedCall } from '../../../bridge/core/ports/guards.ts';
import { restingChecks } from '../../../bridge/guarded-systems.ts';
import { gate } from '../../fixtures/gate.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { silentMetrics } from '../../fixtures/silent-metrics.ts';

const never = new AbortController().signal;
const call: GuardedCall = { dependency: 'model', endpoint: 'hash-one', host: 'model.example', accountId: 'loja' };
const away = (more: { retryAfterMs?: number } = {}) => new BridgeError('upstream_unavailable', 'away', more);

function guardsWith(policy: Partial<GuardPolicy> = {}) {
  const log = quietLog();
  const model = { ...guardPolicies.model, firstPauseMs: 1, restMs: 20, longestRestMs: 20, ...policy };
  const policies = { ...guardPolicies, model };
  const clock = { now: () => 5_000 };
  const guards = new EndpointGuards({ clock, logger: log, metrics: silentMetrics, random: () => 0.5, policies });
  return { guards, log };
}

/** An endpoint that fails so often and then answers; how often it was asked, and how many asked at once. */
function endpoint(failures: number, error: () => Error = away) {
  const seen = { calls: 0, atOnce: 0, most: 0 };
  const work = async (): Promise<string> => {
    seen.calls += 1;
    seen.atOnce += 1;
    seen.most = Math.max(seen.most, seen.atOnce);
    await new Promise((resolve) => setImmediate(resolve));
    seen.atOnce -= 1;
    if (seen.calls <= failures) throw error();
    return 'answer';
  };
  return { seen, work };
}

describe('guards of outside systems', () => {
  it('a call that failed for the moment is made once more, never beside one that still runs', async () => {
    const { guards } = guardsWith({ tries: 3 });
    const { seen, work } = endpoint(2);
    assert.equal(await guards.run(call, work, never), 'answer');
    assert.deepEqual([seen.calls, seen.most], [3, 1]);
  });

  it('a refusal is not repeated, nor is what comes with a pause that is too long for a customer, nor what failed late', async () => {
    const { guards } = guardsWith();
    const refused = endpoint(9, () => new BridgeError('upstream_rejected', 'no'));
    await assert.rejects(guards.run(call, refused.work, never), { code: 'upstream_rejected' });
    assert.equal(refused.seen.calls, 1);
    const patient = endpoint(9, () => away({ retryAfterMs: 60_000 }));
    await assert.rejects(guards.run(call, patient.work, never), { retryAfterMs: 60_000 });
    assert.equal(patient.seen.calls, 1);
    const late = endpoint(9);
    await assert.rejects(guardsWith({ longestTryMs: -1 }).guards.run(call, late.work, never), {
      code: 'upstream_unavailable',
    });
    assert.equal(late.seen.calls, 1);
  });

  it('an endpoint that keeps failing is left alone, then tried, and used again when it answers', async () => {
    const { guards, log } = guardsWith({ tries: 1, failuresInRow: 3 });
    const failing = endpoint(3);
    for (let times = 0; times < 3; times++) await assert.rejects(guards.run(call, failing.work, never));
    await assert.rejects(guards.run(call, failing.work, never), /left alone/);
    assert.equal(failing.seen.calls, 3);
    let answer: string | null = null;
    while (answer === null) {
      await new Promise((resolve) => setImmediate(resolve));
      answer = await guards.run(call, failing.work, never).catch(() => null);
    }
    assert.deepEqual([answer, failing.seen.calls], ['answer', 4]);
    assert.equal(await guards.run(call, failing.work, never), 'answer');
    assert.deepEqual(
      log.lines.map(({ level, message }) => [level, message]),
      [
        ['warn', 'endpoint.left_alone'],
        ['info', 'endpoint.back'],
      ],
    );
    assert.ok(!JSON.stringify(log.lines).includes('hash-one'));
  });

  it('one key or address at rest leaves the others in use, and /ready says so with what to do', async () => {
    const { guards } = guardsWith({ tries: 1, failuresInRow: 1, restMs: 60_000, longestRestMs: 60_000 });
    assert.deepEqual(
      restingChecks(guards, () => 9_000),
      [],
    );
    await assert.rejects(guards.run(call, endpoint(1).work, never));
    assert.equal(await guards.run({ ...call, endpoint: 'hash-two' }, endpoint(0).work, never), 'answer');
    const [check, ...others] = restingChecks(guards, () => 9_000);
    assert.deepEqual(others, []);
    assert.deepEqual(await check?.check(never), {
      state: 'degraded',
      ms: null,
      message: '1 failing for 4 s, asked only now and then',
      fix: 'Check the model endpoint, its key and its quota; until it answers, replies are made without a model.',
    });
  });

  it('whoever leaves gets no more tries, at once, and says nothing about the endpoint', async () => {
    const { guards } = guardsWith({ tries: 5, failuresInRow: 1, firstPauseMs: 60_000, longestPauseMs: 60_000 });
    const leaving = new AbortController();
    const { seen, work } = endpoint(1, () => {
      leaving.abort(new Error('the turn ended'));
      return away();
    });
    await assert.rejects(guards.run(call, work, leaving.signal), /the turn ended|away/);
    assert.equal(seen.calls, 1);
    assert.deepEqual(guards.resting(), []);
    await assert.rejects(guards.run(call, work, leaving.signal), /the turn ended/);
    assert.equal(seen.calls, 1);
  });

  it('a tenant has so many places and so many waiting; one more is told at once, and another tenant has its own', async () => {
    const { guards } = guardsWith({ callsAtOnce: 2, callsWaiting: 1 });
    const held = gate<string>();
    let begun = 0;
    const work = (): Promise<string> => {
      begun += 1;
      return held.promise;
    };
    const calls = [1, 2, 3].map(() => guards.run(call, work, never));
    await assert.rejects(guards.run(call, work, never), { code: 'upstream_unavailable' });
    const other = guards.run({ ...call, accountId: 'outra' }, work, never);
    while (begun < 3) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(begun, 3);
    held.open('answer');
    assert.deepEqual(await Promise.all([...calls, other]), ['answer', 'answer', 'answer', 'answer']);
    assert.equal(await guards.run(call, work, never), 'answer');
  });

  it('whoever waits for a place leaves it when the time is over', async () => {
    const { guards } = guardsWith({ callsAtOnce: 1, callsWaiting: 1 });
    const held = gate<string>();
    const running = guards.run(call, () => held.promise, never);
    const leaving = new AbortController();
    let begun = false;
    const waiting = guards.run(
      call,
      async () => {
        begun = true;
      },
      leaving.signal,
    );
    leaving.abort(new Error('the turn ended'));
    await assert.rejects(waiting, /the turn ended/);
    held.open('answer');
    await running;
    assert.equal(await guards.run(call, async () => 'next', never), 'next');
    assert.equal(begun, false);
  });
});
