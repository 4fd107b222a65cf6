// The promises of the wake queue, for every adapter. Each test has stores of its own, because a queue is processed once.
import assert from 'node:assert/strict';
import type { TurnDecision, TurnJob } from '../../bridge/core/ports/turn-queue.ts';
import { waitUntil } from '../sandbox/servers/wait-until.ts';
import { newAccount, type OpenWorld, type StoreWorld } from './store-world.ts';

const patienceMs = 15_000;
const done: TurnDecision = { kind: 'done' };

export function describeTurnQueue(name: string, open: OpenWorld): void {
  describe(`turn queue on ${name}`, function () {
    this.timeout(60_000);
    let world: StoreWorld;
    beforeEach(async () => {
      world = await open();
    });
    afterEach(() => world.close());

    it('a wake becomes a job, also when it came before anybody processed', async () => {
      const conversation = { accountId: newAccount(), conversationId: 7 };
      await world.stores.queue.wake(conversation, 0);
      const jobs: TurnJob[] = [];
      await world.stores.queue.process(2, async (job) => (jobs.push(job), done));
      await until(() => jobs.length === 1);
      assert.deepEqual(jobs, [{ conversation, attempt: 0 }]);
      await until(async () => isEmpty(await world.stores.queue.counts()));
    });

    it('a delayed job does not run before its time, and counts as delayed until then', async () => {
      const conversation = { accountId: newAccount(), conversationId: 7 };
      let ranAtMs = 0;
      await world.stores.queue.process(2, async () => ((ranAtMs = Date.now()), done));
      const wokenAtMs = Date.now();
      await world.stores.queue.wake(conversation, 400);
      assert.equal((await world.stores.queue.counts()).delayed, 1);
      await until(() => ranAtMs > 0);
      // Timers may fire a millisecond early by the wall clock.
      assert.ok(ranAtMs >= wokenAtMs + 398, `ran ${ranAtMs - wokenAtMs} ms after the wake`);
    });

    it('a handler that wants to go on later runs again with the attempt it named', async () => {
      const attempts: number[] = [];
      await world.stores.queue.process(2, async ({ attempt }) => {
        attempts.push(attempt);
        return attempt < 2 ? { kind: 'again', delayMs: 20, attempt: attempt + 1 } : done;
      });
      await world.stores.queue.wake({ accountId: newAccount(), conversationId: 7 }, 0);
      await until(() => attempts.length === 3);
      assert.deepEqual(attempts, [0, 1, 2]);
    });

    it('a wake that comes while the conversation is being handled leads to another run', async () => {
      const conversation = { accountId: newAccount(), conversationId: 7 };
      const { queue } = world.stores;
      let runs = 0;
      await queue.process(1, async () => {
        runs += 1;
        if (runs === 1) await queue.wake(conversation, 0);
        if (runs === 2) await queue.wake(conversation, 30);
        return done;
      });
      await queue.wake(conversation, 0);
      await until(() => runs >= 3);
    });

    it('never more jobs run at once than allowed, and all of them run', async () => {
      let running = 0;
      let most = 0;
      const handled = new Set<number>();
      await world.stores.queue.process(3, async ({ conversation }) => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        handled.add(conversation.conversationId);
        return done;
      });
      const accountId = newAccount();
      await Promise.all(
        Array.from({ length: 30 }, (_, index) => world.stores.queue.wake({ accountId, conversationId: index }, 0)),
      );
      await until(() => handled.size === 30);
      assert.ok(most <= 3, `${most} at once`);
    });

    it('a handler that throws leaves a dead letter and a log line, and the next job runs', async () => {
      const handled: number[] = [];
      await world.stores.queue.process(1, async ({ conversation }) => {
        if (conversation.conversationId === 1) throw new Error('a bug');
        handled.push(conversation.conversationId);
        return done;
      });
      const accountId = newAccount();
      await world.stores.queue.wake({ accountId, conversationId: 1 }, 0);
      await world.stores.queue.wake({ accountId, conversationId: 2 }, 0);
      await until(() => handled.includes(2));
      await until(async () => (await world.stores.queue.counts()).failed === 1);
      await until(() => world.log.some(({ level, message }) => level === 'error' && message === 'queue.handler_threw'));
    });

    it('closing waits for the job that runs and starts no other', async () => {
      const { queue } = world.stores;
      let started = 0;
      let ended = 0;
      let finish: () => void = () => undefined;
      const gate = new Promise<void>((resolve) => (finish = resolve));
      await queue.process(1, async () => {
        started += 1;
        await gate;
        ended += 1;
        return done;
      });
      const accountId = newAccount();
      await queue.wake({ accountId, conversationId: 1 }, 0);
      await queue.wake({ accountId, conversationId: 2 }, 0);
      await until(() => started === 1);
      const closing = queue.close(patienceMs);
      setImmediate(finish);
      await closing;
      assert.deepEqual([started, ended], [1, 1]);
    });

    it('closing gives up on a job that does not end', async () => {
      let started = 0;
      await world.stores.queue.process(1, async () => ((started += 1), new Promise<TurnDecision>(() => undefined)));
      await world.stores.queue.wake({ accountId: newAccount(), conversationId: 1 }, 0);
      await until(() => started === 1);
      await world.stores.queue.close(50);
    });
  });
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  assert.ok(await waitUntil(condition, patienceMs, 5), 'it never happened');
}

function isEmpty(counts: Record<string, number>): boolean {
  return Object.values(counts).every((count) => count === 0);
}
