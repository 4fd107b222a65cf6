import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { SyncSchedule } from '../../../bridge/core/knowledge/sync-schedule.ts';
import type { SyncOptions, SyncReport } from '../../../bridge/core/knowledge/sync.ts';
import { openEmbeddedWorld } from '../../contract/embedded-world.ts';
import type { EmbeddedWorld } from '../../contract/embedded-world.ts';
import { gate } from '../../fixtures/gate.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { never, tenantNamed } from './knowledge-bench.ts';

const tenant = tenantNamed('loja_um');
const intervalMs = 60 * 60_000;
const report: SyncReport = {
  items: 3,
  fetched: 1,
  embedded: 1,
  unchanged: 2,
  removed: 0,
  differences: 0,
  index: null,
  calls: 2,
  ms: 5,
};

describe('when knowledge is compared', () => {
  let world: EmbeddedWorld;
  let asked: SyncOptions[];
  let work: () => Promise<SyncReport | null>;

  beforeEach(async () => {
    world = await openEmbeddedWorld();
    asked = [];
    work = async () => report;
  });
  afterEach(() => world.close());

  /** One instance; all of them share locks and the time of the last pass. */
  const instance = (log = quietLog()) => {
    const { locks, cache } = world.stores;
    const sync = async (_tenant: unknown, options: SyncOptions) => {
      asked.push(options);
      return work();
    };
    return new SyncSchedule({ sync, locks, cache, clock: { now: () => Date.now() }, logger: log, intervalMs });
  };

  it('once an interval over all instances, and at once when somebody asks, with one line in the log', async () => {
    const log = quietLog();
    await instance().runDue([tenant]);
    await instance().runDue([tenant]);
    assert.equal(asked.length, 1);
    assert.deepEqual(await instance(log).runNow(tenant, { dryRun: true, signal: never }), report);
    assert.deepEqual(
      asked.map(({ dryRun }) => dryRun),
      [false, true],
    );
    const [line] = log.lines;
    assert.deepEqual([line?.message, line?.fields['items'], line?.fields['dry_run']], ['sync.finished', 3, true]);
  });

  it('whoever asks while it runs, here or elsewhere, is told that it runs', async () => {
    const { promise, open } = gate<SyncReport>();
    work = () => promise;
    const first = instance().runNow(tenant, { dryRun: false, signal: never });
    await assert.rejects(
      instance().runNow(tenant, { dryRun: false, signal: never }),
      (error) => error instanceof BridgeError && error.code === 'busy',
    );
    open(report);
    assert.deepEqual(await first, report);
    assert.deepEqual(await instance().runNow(tenant, { dryRun: false, signal: never }), report);
  });

  it('a pass that was asked for ends when the bridge stops', async () => {
    const schedule = instance();
    work = async () => {
      schedule.close();
      assert.equal(asked[0]?.signal.aborted, true);
      return null;
    };
    assert.equal(await schedule.runNow(tenant, { dryRun: false, signal: never }), null);
  });

  it('a failed pass waits for its next moment too', async () => {
    work = () => Promise.reject(new BridgeError('upstream_unavailable', 'away'));
    const schedule = instance();
    await schedule.runDue([tenant]);
    await schedule.runDue([tenant]);
    assert.equal(asked.length, 1);
  });
});
