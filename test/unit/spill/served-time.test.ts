// A starved process must not take its own standing still for somebody else's absence.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { Outage } from '../../../bridge/core/spill/outage.ts';
import { within } from '../../../bridge/core/spill/within.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { waitUntil } from '../../sandbox/servers/wait-until.ts';
import { HandClock } from '../hub/world/hand-clock.ts';

/** Nothing else runs in this process meanwhile. */
function standStill(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

/** An answer that lies ready, unread, when the process gets round again. */
const answerFromOutside = () => readFile(import.meta.filename, 'utf8');

describe('waiting for an answer', () => {
  it('takes one that lay there unread while this process stood still', async () => {
    const answer = within(200, answerFromOutside);
    standStill(1_000);
    assert.ok((await answer).length > 0);
  });

  it('ends when none comes', async () => {
    await assert.rejects(
      within(20, () => new Promise(() => undefined)),
      { code: 'upstream_unavailable' },
    );
  });

  it('a process that stood still while it asked the stores sees no outage', async () => {
    let asked = 0;
    const outage = new Outage({
      probe: async () => {
        asked += 1;
        const answer = answerFromOutside();
        standStill(1_000);
        await answer;
        asked += 1;
      },
      drain: async () => undefined,
      clock: new HandClock(),
      logger: quietLog(),
      times: { probeEveryMs: 1, probeTimeoutMs: 200, mattersAfterMs: 0, resumeAfterMs: 0, rememberedMs: 0 },
    });
    const seen: string[] = [];
    outage.onAway(() => seen.push('away'));
    outage.doubt();
    assert.ok(await waitUntil(() => asked === 2, 5_000, 1));
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(seen, []);
    assert.ok(outage.isUp);
    outage.close();
  });
});
