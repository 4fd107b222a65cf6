// An orderly end in the middle of a turn: what runs is finished, what waits is given back, nothing is said twice or lost.
import assert from 'node:assert/strict';
import { eventually } from './eventually.ts';
import { inEachMode } from './in-each-mode.ts';

const question = 'Qual o prazo para trocar um produto?';
const answer = /15 dias/;

inEachMode('SIGTERM in the middle of a turn', 120_000, (installation) => {
  it('the reply on its way arrives once, the process ends with 0, and the next one answers what waited', async () => {
    const { api } = installation();
    const hold = api.holdNext({ path: 'messages.create', when: 'before-store' });
    const running = await installation().ask(question, { contact: { name: 'Ana', phone_number: '+5511999000201' } });
    await hold.reached;
    const { child } = installation().bridge;
    const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
    const waiting = await installation().ask('Oi, e', { contact: { name: 'Rui', phone_number: '+5511999000202' } });
    await eventually('the second message to be stored', async () => isStored(waiting.message.id));
    child.kill('SIGTERM');
    await eventually('the bridge to begin to stop', async () => installation().log.includes('"msg":"stopping"'));
    assert.equal(child.exitCode, null);
    hold.release();
    assert.equal(await ended, 0);
    const replies = installation().repliesIn(running);
    assert.deepEqual([replies.length, answer.test(replies[0] ?? '')], [1, true]);

    await installation().restart();
    await api.waitForReply(waiting, undefined, 60_000);
    await installation().quiet();
    assert.equal(installation().repliesIn(running).length, 1);
    assert.equal(installation().repliesIn(waiting).length, 1);
    assert.deepEqual(api.violations, []);
  });

  function isStored(messageId: number): boolean {
    const line = new RegExp(`message(_created)?:${messageId}".*"outcome":"stored"`);
    return installation()
      .log.split('\n')
      .some((written) => line.test(written));
  }
});
