// Whether the shared stores are there, and what everybody does meanwhile.
import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { Outage } from '../../../bridge/core/spill/outage.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { waitUntil } from '../../sandbox/servers/wait-until.ts';
import { HandClock } from '../hub/world/hand-clock.ts';

const away = () => Promise.reject(new BridgeError('upstream_unavailable', 'away'));

async function until(condition: () => boolean): Promise<void> {
  assert.ok(await waitUntil(condition, 5_000, 1), 'it never happened');
}

describe('an outage of the shared stores', () => {
  let isThere: boolean;
  let probes: number;
  let drained: number;
  let drain: () => Promise<void>;
  let clock: HandClock;
  let outage: Outage;

  beforeEach(() => {
    isThere = true;
    probes = drained = 0;
    drain = async () => undefined;
    clock = new HandClock();
    outage = new Outage({
      probe: async () => {
        probes += 1;
        if (!isThere) await away();
      },
      drain: async () => {
        await drain();
        drained += 1;
      },
      clock,
      logger: quietLog(),
      times: {
        probeEveryMs: 1,
        probeTimeoutMs: 200,
        mattersAfterMs: 3_000,
        resumeAfterMs: 8_500,
        rememberedMs: 60_000,
      },
    });
  });
  afterEach(() => outage.close());

  const lose = async () => {
    isThere = false;
    await assert.rejects(outage.guard(away));
    await until(() => outage.isAway);
  };

  it('one failed call is a doubt, and no outage when the stores answer', async () => {
    await assert.rejects(outage.guard(away), { code: 'upstream_unavailable' });
    await until(() => probes === 1);
    assert.equal(await outage.guard(async () => 'served'), 'served');
    assert.ok(outage.isUp && outage.pauseMs === 0);
  });

  it('a failure that is not about being away raises no doubt', async () => {
    await assert.rejects(outage.guard(() => Promise.reject(new BridgeError('conflict', 'no'))));
    assert.equal(probes, 0);
  });

  it('calls are refused at once while they are away, and reach nobody', async () => {
    await lose();
    let calls = 0;
    await assert.rejects(
      outage.guard(async () => (calls += 1)),
      { code: 'upstream_unavailable' },
    );
    assert.equal(calls, 0);
  });

  it('stores that do not answer at all are away', async () => {
    outage.close();
    const hanging = new Outage({
      probe: () => new Promise(() => undefined),
      drain: async () => undefined,
      clock,
      logger: quietLog(),
      times: { probeEveryMs: 1, probeTimeoutMs: 5, mattersAfterMs: 0, resumeAfterMs: 0, rememberedMs: 0 },
    });
    hanging.doubt();
    await until(() => hanging.isAway);
    hanging.close();
  });

  it('when they are back everything is handed in before regular turns begin, and those wait for the other instances', async () => {
    let open: () => void = () => undefined;
    drain = () => new Promise((resolve) => (open = resolve));
    let told = 0;
    outage.onBack(() => (told += 1));
    await lose();
    clock.move(10_000);
    isThere = true;
    await until(() => !outage.isAway);
    assert.ok(!outage.isUp && outage.pauseMs > 0 && told === 0, 'it is being handed in');
    open();
    await until(() => outage.isUp);
    assert.equal(told, 1);
    assert.equal(outage.pauseMs, 8_500);
    assert.ok(outage.wasLately);
    clock.move(8_500);
    assert.equal(outage.pauseMs, 0);
    clock.move(60_000);
    assert.ok(!outage.wasLately);
  });

  it('after one that was too short for anybody to answer without them, nobody waits', async () => {
    await lose();
    clock.move(1_000);
    isThere = true;
    await until(() => outage.isUp && drained === 1);
    assert.ok(outage.pauseMs === 0 && !outage.wasLately);
  });

  it('what was spilled although they were there is handed in as soon as they said so', async () => {
    outage.doubt();
    outage.drainSoon();
    await until(() => drained === 1 && outage.isUp);
  });

  it('what came while the rest was handed in is handed in too', async () => {
    drain = async () => {
      if (drained === 0) outage.drainSoon();
    };
    outage.drainSoon();
    await until(() => drained === 2 && outage.isUp);
  });

  it('stores that go away again while it is handed in are away, and it is handed in later', async () => {
    await lose();
    drain = async () => {
      isThere = false;
      await away();
    };
    isThere = true;
    await until(() => probes > 2 && outage.isAway && !isThere);
    drain = async () => undefined;
    isThere = true;
    await until(() => drained === 1 && outage.isUp);
  });

  it('what an earlier process left is handed in before anything else', async () => {
    outage.begin(true);
    assert.ok(outage.pauseMs > 0);
    await until(() => drained === 1);
    assert.ok(outage.wasLately);
  });
});
