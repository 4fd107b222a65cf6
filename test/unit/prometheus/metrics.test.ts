import assert from 'node:assert/strict';
import { PrometheusMetrics } from '../../../bridge/adapters/prometheus/metrics.ts';

describe('the metrics', () => {
  it('counts and durations appear under the prefix, with their labels', async () => {
    const metrics = new PrometheusMetrics({ processMetrics: false });
    metrics.count('turns', { outcome: 'reply' });
    metrics.count('turns', { outcome: 'reply' }, 2);
    metrics.time('webhook', 3, { outcome: 'stored' });
    const { text } = await metrics.render();
    assert.match(text, /^ui_turns_total\{outcome="reply"\} 3$/m);
    assert.match(text, /^ui_webhook_seconds_bucket\{le="0.005",outcome="stored"\} 1$/m);
    assert.match(text, /^ui_webhook_seconds_bucket\{le="0.0025",outcome="stored"\} 0$/m);
    assert.match(text, /^ui_webhook_seconds_sum\{outcome="stored"\} 0.003$/m);
  });

  it('a metric never throws: other labels than the first time, odd names, odd numbers', async () => {
    const metrics = new PrometheusMetrics({ processMetrics: false });
    metrics.count('calls', { tool: 'search' });
    metrics.count('calls', { rung: 'model' });
    metrics.count('calls');
    metrics.count('odd-name.1');
    metrics.count('calls', {}, -1);
    metrics.time('wait', Number.NaN);
    const { text } = await metrics.render();
    assert.match(text, /^ui_calls_total\{tool=""\} 2$/m);
    assert.match(text, /^ui_odd_name_1_total 1$/m);
  });

  it('a gauge is read when somebody looks, and a failing reading leaves it out without breaking the page', async () => {
    const metrics = new PrometheusMetrics({ processMetrics: false });
    let depth = 1;
    metrics.gauge('queue_waiting', 'Jobs that wait', () => depth);
    metrics.gauge('broken', 'Cannot be read', () => Promise.reject(new Error('away')));
    depth = 5;
    const { text } = await metrics.render();
    assert.match(text, /^ui_queue_waiting 5$/m);
    assert.doesNotMatch(text, /^ui_broken \d/m);
  });

  it('two instances in one process do not share numbers, and process metrics come by default', async () => {
    const [one, other] = [new PrometheusMetrics(), new PrometheusMetrics()];
    one.count('turns');
    assert.doesNotMatch((await other.render()).text, /ui_turns_total/);
    assert.match((await other.render()).text, /^ui_process_cpu_user_seconds_total/m);
  });
});
