// Turns begin in the order asked and never in such a heap that what has arrived meanwhile stays unread.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { TurnPace } from '../../../bridge/entry/turn-pace.ts';

function work(ms: number): void {
  const untilMs = performance.now() + ms;
  while (performance.now() < untilMs);
}

describe('the pace of turns', () => {
  it('keeps their order', async () => {
    const pace = new TurnPace();
    const begun: number[] = [];
    await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map((turn) => pace.begin().then(() => begun.push(turn))));
    assert.deepEqual(begun, [1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('what came from outside is read long before the last of many turns has begun', async () => {
    const pace = new TurnPace();
    let begun = 0;
    const turns = Promise.all(
      Array.from({ length: 40 }, async () => {
        await pace.begin();
        begun += 1;
        work(10);
      }),
    );
    const readAfter = readFile(import.meta.filename).then(() => begun);
    assert.ok((await readAfter) < 40);
    await turns;
    assert.equal(begun, 40);
  });
});
