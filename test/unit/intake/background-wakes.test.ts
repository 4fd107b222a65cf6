// Wakes made after the sender was answered: none is forgotten in silence, and nobody waits for them.
import assert from 'node:assert/strict';
import { BackgroundWakes } from '../../../bridge/core/intake/background-wakes.ts';
import type { ConversationRef } from '../../../bridge/core/message.ts';
import { gate } from '../../fixtures/gate.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { waitUntil } from '../../sandbox/servers/wait-until.ts';
import { HandClock } from '../hub/world/hand-clock.ts';

describe('background wakes', () => {
  const clock = new HandClock();
  const log = quietLog();
  let made: { id: number; delayMs: number }[];
  let left: number;
  let answer: () => Promise<unknown>;
  let wakes: BackgroundWakes;

  beforeEach(() => {
    [made, left, answer] = [[], 0, async () => undefined];
    const queue = {
      wake: async ({ conversationId: id }: ConversationRef, delayMs: number) => {
        await answer();
        made.push({ id, delayMs });
      },
    };
    const metrics = { count: () => void (left += 1), time: () => undefined };
    wakes = new BackgroundWakes({ queue, clock, logger: log, metrics });
  });

  const wake = (id: number, delayMs: number) => wakes.wake({ accountId: 'loja', conversationId: id }, delayMs);
  const until = async (condition: () => boolean) => assert.ok(await waitUntil(condition, 5_000, 1));

  it('every conversation gets its job, however many there are', async () => {
    for (let id = 0; id < 100; id++) await wake(id, id);
    await until(() => made.length === 100);
    assert.deepEqual(made[42], { id: 42, delayMs: 42 });
  });

  it('resolves before the job is made', async () => {
    const queueIsSlow = gate<undefined>();
    answer = () => queueIsSlow.promise;
    await wake(1, 0);
    assert.deepEqual(made, []);
    queueIsSlow.open(undefined);
    await until(() => made.length === 1);
  });

  it('of several wakes of one conversation the earliest counts', async () => {
    await wake(1, 2_500);
    await wake(1, 0);
    await wake(1, 7_000);
    await wake(2, 100);
    await until(() => made.length === 2);
    assert.deepEqual(made, [
      { id: 1, delayMs: 0 },
      { id: 2, delayMs: 100 },
    ]);
  });

  it('a wake while the conversation’s former one is being made is another job', async () => {
    const queueIsSlow = gate<undefined>();
    answer = () => queueIsSlow.promise;
    await wake(1, 0);
    await new Promise((resolve) => setImmediate(resolve));
    await wake(1, 0);
    queueIsSlow.open(undefined);
    await until(() => made.length === 2);
  });

  it('a queue that is away leaves a line and does not keep the next ones', async () => {
    answer = () => Promise.reject(new Error('away'));
    await wake(1, 0);
    await until(() => log.lines.some(({ message }) => message === 'intake.wake_left_to_sweeper'));
    answer = async () => undefined;
    await wake(2, 0);
    await until(() => made.length === 1);
  });

  it('what is too much is counted and left to the sweeper', async () => {
    const queueIsSlow = gate<undefined>();
    answer = () => queueIsSlow.promise;
    for (let id = 0; id < 5_003; id++) await wake(id, 0);
    assert.equal(left, 3);
    queueIsSlow.open(undefined);
  });
});
