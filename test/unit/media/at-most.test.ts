import assert from 'node:assert/strict';
import { AtMost } from '../../../bridge/core/media/at-most.ts';

describe('places for work', () => {
  it('are never more than there are, and all work is done, in order, also beside work that fails', async () => {
    const places = new AtMost(3);
    let running = 0;
    let most = 0;
    const done: number[] = [];
    const work = (index: number) =>
      places.run(async () => {
        most = Math.max(most, (running += 1));
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        if (index % 4 === 0) throw new Error('fails');
        done.push(index);
      });
    await Promise.allSettled(Array.from({ length: 20 }, (_, index) => work(index)));
    assert.equal(most, 3);
    assert.deepEqual(
      done,
      Array.from({ length: 20 }, (_, index) => index).filter((index) => index % 4 !== 0),
    );
  });
});
