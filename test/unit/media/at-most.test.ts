import assert from 'node:assert/strict';
import { AtMost } from '../../../bridge/core/media/at-most.ts';

const step = () => new Promise((resolve) => setImmediate(resolve));

describe('places for work', () => {
  it('are never more than there are, and all work is done, in order, also beside work that fails', async () => {
    const places = new AtMost(3);
    let running = 0;
    let most = 0;
    const done: number[] = [];
    const work = (index: number) =>
      places.run('one', async () => {
        most = Math.max(most, (running += 1));
        await step();
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

  it('are shared: who has its share waits, and others go past', async () => {
    const places = new AtMost(4, 2);
    const order: string[] = [];
    const running = new Map<string, number>();
    let most = 0;
    const work = (key: string) =>
      places.run(key, async () => {
        running.set(key, (running.get(key) ?? 0) + 1);
        most = Math.max(most, running.get('flood') ?? 0);
        order.push(key);
        await step();
        running.set(key, (running.get(key) ?? 0) - 1);
      });
    await Promise.all([...Array.from({ length: 10 }, () => work('flood')), work('quiet'), work('quiet')]);
    assert.equal(most, 2);
    assert.deepEqual(order.slice(0, 4), ['flood', 'flood', 'quiet', 'quiet']);
    assert.equal(order.length, 12);
  });
});
