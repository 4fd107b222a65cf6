// The promises of conversation states and turn traces, for every adapter.
import assert from 'node:assert/strict';
import { conversationState, customerMessage, turnTrace } from './store-samples.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

export function describeConversationStates(name: string, open: OpenWorld): void {
  describe(`conversation states on ${name}`, () => {
    const world = useWorld(open);

    it('a state comes back as it was set, to every instance, and the newest one wins', async () => {
      const conversation = { accountId: newAccount(), conversationId: 7 };
      assert.equal(await world().stores.states.get(conversation), null);
      const state = conversationState(Date.now());
      await world().stores.states.set(conversation, state);
      assert.deepEqual(await world().other.states.get(conversation), state);
      const next = { ...state, owner: 'person' as const, window: [], lastService: null };
      await world().other.states.set(conversation, next);
      assert.deepEqual(await world().stores.states.get(conversation), next);
    });

    it('what nobody has answered yet comes back with it, and goes with the state that knows of none', async () => {
      const conversation = { accountId: newAccount(), conversationId: 7 };
      const request = { reason: 'customer_asked', atMs: 1, messageId: 2, saidMs: 1, toldMs: 0, language: 'pt' };
      const unanswered = [{ key: 'message_created:3', entry: customerMessage(3) }];
      const state = { ...conversationState(Date.now()), request, unanswered };
      await world().stores.states.set(conversation, state);
      assert.deepEqual(await world().other.states.get(conversation), state);
      const answered = conversationState(Date.now());
      await world().other.states.set(conversation, answered);
      assert.deepEqual(await world().stores.states.get(conversation), answered);
    });

    it('changing the object afterwards does not change what was stored', async () => {
      const conversation = { accountId: newAccount(), conversationId: 7 };
      const state = conversationState(Date.now());
      await world().stores.states.set(conversation, state);
      state.window.push({ from: 'assistant', text: 'olá', atMs: 1, messageId: 2 });
      assert.equal((await world().stores.states.get(conversation))?.window.length, 1);
    });

    it('a state survives a kill, with fields of a newer build', async () => {
      const conversation = { accountId: newAccount(), conversationId: 7 };
      const state = { ...conversationState(Date.now()), later: { nested: [] } };
      await world().stores.states.set(conversation, state);
      await world().reopen();
      assert.deepEqual(await world().stores.states.get(conversation), state);
      assert.equal(await world().stores.states.get({ ...conversation, conversationId: 8 }), null);
    });
  });
}

export function describeTurnTraces(name: string, open: OpenWorld): void {
  describe(`turn traces on ${name}`, () => {
    const world = useWorld(open);

    it('traces come newest first, of the tenant or of one conversation, at most as many as asked', async () => {
      const accountId = newAccount();
      for (const [conversation, turn] of [
        [1, 'a'],
        [2, 'b'],
        [1, 'c'],
        [2, 'd'],
      ] as const) {
        await world().stores.traces.add(turnTrace(accountId, conversation, turn));
      }
      const turns = async (conversation: number | null, limit: number): Promise<string[]> =>
        (await world().other.traces.list(accountId, conversation, limit)).map(({ turn_id }) => turn_id);
      assert.deepEqual(await turns(null, 10), ['d', 'c', 'b', 'a']);
      assert.deepEqual(await turns(1, 10), ['c', 'a']);
      assert.deepEqual(await turns(null, 1), ['d']);
      assert.deepEqual(await turns(null, 0), []);
      assert.deepEqual(await world().stores.traces.list(newAccount(), null, 10), []);
    });

    it('a trace comes back as it was added, also after a kill', async () => {
      const trace = turnTrace(newAccount(), 1, 'a');
      await world().stores.traces.add(trace);
      await world().reopen();
      assert.deepEqual(await world().stores.traces.list(trace.account_id, 1, 5), [trace]);
    });

    it('a busy conversation is bounded and does not push out another one', async () => {
      const accountId = newAccount();
      await world().stores.traces.add(turnTrace(accountId, 1, 'quiet'));
      for (let turn = 1; turn <= 60; turn += 1) {
        await world().stores.traces.add(turnTrace(accountId, 2, `busy-${turn}`));
      }
      const busy = await world().stores.traces.list(accountId, 2, 1_000);
      assert.ok(busy.length >= 10 && busy.length < 60, `${busy.length} kept`);
      assert.equal(busy[0]?.turn_id, 'busy-60');
      assert.equal((await world().stores.traces.list(accountId, 1, 10)).length, 1);
    });
  });
}
