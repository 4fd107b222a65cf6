// One conversation has one turn in a process, and nobody who came meanwhile is forgotten or polls for its end.
import assert from 'node:assert/strict';
import { RunningTurns } from '../../../bridge/entry/running-turns.ts';

const conversation = { accountId: 'acme', conversationId: 7 };

describe('jobs of a conversation whose turn runs here', () => {
  it('all end at once, and are looked after once when the turn is over', async () => {
    const running = new RunningTurns();
    let end: () => void = () => undefined;
    let again = 0;
    const lookAgain = async () => void (again += 1);
    const first = running.during(conversation, () => new Promise<void>((resolve) => (end = resolve)), lookAgain);
    for (let job = 0; job < 5; job++) {
      assert.equal(await running.during(conversation, () => assert.fail('two at once'), lookAgain), null);
    }
    assert.ok(running.has(conversation) && again === 0);
    end();
    await first;
    assert.equal(again, 1);
    assert.ok(!running.has(conversation));
  });

  it('are looked after when the turn fails, too', async () => {
    const running = new RunningTurns();
    let again = 0;
    const failing = running.during(
      conversation,
      async () => {
        assert.equal(
          await running.during(
            conversation,
            () => assert.fail('two at once'),
            async () => undefined,
          ),
          null,
        );
        throw new Error('failed');
      },
      async () => void (again += 1),
    );
    await assert.rejects(failing, /failed/);
    assert.equal(again, 1);
  });

  it('a turn that nobody asked after leaves nothing behind', async () => {
    const running = new RunningTurns();
    assert.equal(
      await running.during(
        conversation,
        async () => 'said',
        () => assert.fail('nobody came'),
      ),
      'said',
    );
  });
});
