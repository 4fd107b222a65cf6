import assert from 'node:assert/strict';
import { eachWorld } from './world/conversation-world.ts';

describe('a silence', () => {
  const world = eachWorld();

  it('leaves a trace that names it, and a handoff one that says why, for people who look at the conversation', async () => {
    await world().customer('Quero falar com uma pessoa');
    await world().settle();
    await world().customer('Vocês abrem no sábado?');
    await world().settle();
    const traces = await world().stores.traces.list(world().ref().accountId, 1, 10);
    assert.deepEqual(
      traces.map(({ outcome, rung, handoff }) => [outcome, rung, handoff]),
      [
        ['silent_person_requested', null, undefined],
        ['handed_over', 'person', 'customer_asked'],
      ],
    );
    assert.equal(new Set(traces.map(({ turn_id }) => turn_id)).size, 2);
  });
});
