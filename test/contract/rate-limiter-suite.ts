// The promises of budgets per time, for every adapter. A span is waited for, never measured.
import assert from 'node:assert/strict';
import { waitUntil } from '../sandbox/servers/wait-until.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

const longMs = 60_000;
const shortMs = 60;

export function describeRateLimiter(name: string, open: OpenWorld): void {
  describe(`rate limiter on ${name}`, () => {
    const world = useWorld(open);

    it('so many go at once, whoever asks; the next is told how long to wait', async () => {
      const budget = newAccount();
      const asked = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? world().stores : world().other));
      const waits = await Promise.all(asked.map(({ rates }) => rates.take(budget, { count: 5, perMs: longMs })));
      assert.equal(waits.filter((waitMs) => waitMs === 0).length, 5);
      assert.ok(waits.every((waitMs) => waitMs >= 0 && waitMs <= longMs));
    });

    it('budgets with different names do not touch each other', async () => {
      const rate = { count: 1, perMs: longMs };
      const [one, two] = [newAccount(), newAccount()];
      assert.equal(await world().stores.rates.take(one, rate), 0);
      assert.equal(await world().stores.rates.take(two, rate), 0);
      assert.ok((await world().stores.rates.take(one, rate)) > 0);
    });

    it('when the span is over the next one goes, and asking in vain cost nothing', async () => {
      const budget = newAccount();
      const rate = { count: 1, perMs: shortMs };
      const take = () => world().stores.rates.take(budget, rate);
      assert.equal(await take(), 0);
      assert.ok(await waitUntil(async () => (await take()) === 0, 5_000, 1));
      assert.ok(await waitUntil(async () => (await take()) === 0, 5_000, 1));
    });

    it('never more than the budget in any span, also across its borders', async () => {
      const budget = newAccount();
      const rate = { count: 3, perMs: shortMs };
      const taken: number[] = [];
      await waitUntil(
        async () => {
          const beforeMs = Date.now();
          if ((await world().stores.rates.take(budget, rate)) === 0) taken.push(beforeMs, Date.now());
          return taken.length >= 24;
        },
        10_000,
        1,
      );
      assert.equal(taken.length, 24);
      for (let index = 0; index + 7 < taken.length; index += 2) {
        // From before the first of four to after the last of them lies a whole span at least.
        const spanMs = (taken[index + 7] ?? 0) - (taken[index] ?? 0);
        assert.ok(spanMs >= shortMs - 1, `four within ${spanMs} ms`);
      }
    });

    it('a smaller budget is in force at once', async () => {
      const budget = newAccount();
      for (let index = 0; index < 5; index++) {
        assert.equal(await world().stores.rates.take(budget, { count: 10, perMs: longMs }), 0);
      }
      assert.ok((await world().stores.rates.take(budget, { count: 2, perMs: longMs })) > 0);
    });
  });
}
