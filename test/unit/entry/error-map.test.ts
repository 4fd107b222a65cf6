import assert from 'node:assert/strict';
import fc from 'fast-check';
import { BridgeError, errorCodes } from '../../../bridge/core/errors.ts';
import { toHttp, toQueueDecision, toRpcError, toWebhook } from '../../../bridge/entry/error-map.ts';

const rules = { maxAttempts: 4, firstDelayMs: 1000, maxDelayMs: 60_000, laterMs: 2000, random: () => 0.5 };
const failed = (code: (typeof errorCodes)[number], retryAfterMs?: number) =>
  new BridgeError(code, 'words', retryAfterMs === undefined ? {} : { retryAfterMs });

describe('the error map', () => {
  it('gives every code the numbers of the published table', () => {
    const numbers = Object.fromEntries(
      errorCodes.map((code) => [code, [toHttp(failed(code)).status, toRpcError(failed(code)).code]]),
    );
    assert.deepEqual(numbers, {
      bad_signature: [401, -32001],
      method_not_found: [200, -32601],
      rate_limited: [429, -32015],
      too_large: [413, -32016],
      conflict: [409, -32017],
      unauthorized: [401, -32001],
      forbidden: [403, -32003],
      unknown_tenant: [404, -32002],
      bad_request: [400, -32602],
      upstream_unavailable: [503, -32010],
      upstream_rejected: [502, -32011],
      model_misbehaved: [502, -32012],
      run_limit: [504, -32013],
      busy: [409, -32014],
      internal: [500, -32603],
    });
  });

  it('tells the three kinds of a bad JSON-RPC request apart by where they were found out', () => {
    const error = failed('bad_request');
    assert.deepEqual(
      (['parse', 'request', 'call'] as const).map((stage) => toRpcError(error, stage).code),
      [-32700, -32600, -32602],
    );
  });

  it('names the path of each bad field', () => {
    const problems = [{ path: 'limits.usd_rate', message: 'must be positive' }];
    const error = new BridgeError('bad_request', 'words', { problems });
    assert.deepEqual(toRpcError(error).data, { problems });
    assert.deepEqual(toHttp(error).body.error.problems, problems);
  });

  it('says nothing about the inside of our own bugs', () => {
    for (const error of [new Error('SECRET at /srv/x.ts:1'), new BridgeError('internal', 'SECRET'), 'SECRET', null]) {
      assert.ok(!JSON.stringify([toHttp(error), toRpcError(error), toWebhook(error)]).includes('SECRET'));
      assert.equal(toHttp(error).status, 500);
    }
  });

  it('answers a webhook with 400, 401, 413 or 500 only', () => {
    const statuses = new Set(errorCodes.map((code) => toWebhook(failed(code)).status));
    assert.deepEqual([...statuses].sort(), [400, 401, 413, 500]);
  });

  it('retries what is away with growing waits, then hands over', () => {
    const decisions = [0, 1, 2, 3].map((attempt) => toQueueDecision(failed('upstream_unavailable'), attempt, rules));
    assert.deepEqual(decisions, [
      { kind: 'again', delayMs: 750, attempt: 1 },
      { kind: 'again', delayMs: 1500, attempt: 2 },
      { kind: 'again', delayMs: 3000, attempt: 3 },
      { kind: 'end', handOver: true, alert: false },
    ]);
  });

  it('gives a model that misbehaved one more try', () => {
    assert.equal(toQueueDecision(failed('model_misbehaved'), 0, rules).kind, 'again');
    assert.deepEqual(toQueueDecision(failed('model_misbehaved'), 1, rules), {
      kind: 'end',
      handOver: true,
      alert: false,
    });
  });

  it('does not count a try when the conversation is busy or a limit was reached', () => {
    for (const code of ['busy', 'rate_limited'] as const) {
      const decision = toQueueDecision(failed(code), 3, rules);
      assert.equal(decision.kind, 'again');
      assert.equal(decision.attempt, 3);
    }
  });

  it('never comes back earlier than the other side asked for', () => {
    const code = fc.constantFrom('upstream_unavailable', 'busy', 'rate_limited', 'model_misbehaved');
    const unit = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(code, fc.nat(600_000), fc.nat(10), unit, (name, retryAfterMs, attempt, value) => {
        const decision = toQueueDecision(failed(name, retryAfterMs), attempt, { ...rules, random: () => value });
        assert.ok(decision.kind === 'end' || decision.delayMs >= retryAfterMs);
      }),
    );
  });

  it('ends a turn at our own bug, calls the operator and leaves the customer to a person', () => {
    assert.deepEqual(toQueueDecision(new Error('bug'), 0, rules), { kind: 'end', handOver: true, alert: true });
  });

  it('ends at once, for a person, where another try cannot help', () => {
    for (const code of ['upstream_rejected', 'run_limit'] as const) {
      assert.deepEqual(toQueueDecision(failed(code), 0, rules), { kind: 'end', handOver: true, alert: false });
    }
  });
});
