import assert from 'node:assert/strict';
import { answers, eachWorld } from './world/conversation-world.ts';

describe('smoke', () => {
  const world = eachWorld();
  it('answers', async () => {
    const w = world();
    await w.customer('Qual o prazo para trocar um produto?');
    console.log(await w.settle());
    console.log(w.replies(), w.outcomes(), w.chatwoot.violations);
    assert.deepEqual(w.replies(), [answers.exchange]);
  });
});
