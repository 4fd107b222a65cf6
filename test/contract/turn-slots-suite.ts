// The promises of the places for turns, for every adapter. What needs a lease to end waits for it.
import assert from 'node:assert/strict';
import type { ConversationRef } from '../../bridge/core/message.ts';
import type { TurnLimits } from '../../bridge/core/ports/turn-slots.ts';
import { waitUntil } from '../sandbox/servers/wait-until.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

const longMs = 60_000;
const shortMs = 40;
const two: TurnLimits = { concurrent: 2, perMinute: 1_000 };

export function describeTurnSlots(name: string, open: OpenWorld): void {
  describe(`turn slots on ${name}`, () => {
    const world = useWorld(open);
    const slots = () => world().stores.turnSlots;
    const some = (count: number, accountId = newAccount()): ConversationRef[] =>
      Array.from({ length: count }, (_, index) => ({ accountId, conversationId: index + 1 }));
    const enter = async (conversation: ConversationRef | undefined, limits = two, leaseMs = longMs) => {
      assert.ok(conversation);
      return world().other.turnSlots.enter(conversation, limits, leaseMs);
    };
    const kinds = (entrances: { kind: string }[]) => entrances.map(({ kind }) => kind);

    it('so many get a place, the rest wait in the order they came', async () => {
      const conversations = some(5);
      const entrances = [];
      for (const conversation of conversations) entrances.push(await enter(conversation));
      assert.deepEqual(kinds(entrances), ['admitted', 'admitted', 'waiting', 'waiting', 'waiting']);
      assert.deepEqual(entrances.slice(2), [
        { kind: 'waiting', ahead: 0 },
        { kind: 'waiting', ahead: 1 },
        { kind: 'waiting', ahead: 2 },
      ]);
    });

    it('of many that ask at once no more than allowed get a place', async () => {
      const entrances = await Promise.all(some(30).map((conversation) => enter(conversation)));
      assert.equal(kinds(entrances).filter((kind) => kind === 'admitted').length, 2);
    });

    it('another tenant has places of its own', async () => {
      for (const conversation of some(5)) await enter(conversation);
      assert.equal((await enter(some(1)[0])).kind, 'admitted');
    });

    it('a conversation that has a place gets no second one', async () => {
      const [one] = some(1);
      assert.equal((await enter(one)).kind, 'admitted');
      assert.deepEqual(await enter(one), { kind: 'busy' });
    });

    it('who waits is called in order when places are free, has the place already, and is called once', async () => {
      const [a, b, c, d] = some(4);
      assert.ok(a && b && c && d);
      for (const conversation of [a, b, c, d]) await enter(conversation);
      assert.deepEqual(await slots().call(a.accountId, two, longMs), []);
      assert.equal(await slots().leave(a, null), true);
      assert.deepEqual(await slots().call(a.accountId, two, longMs), [c]);
      assert.deepEqual(await slots().call(a.accountId, two, longMs), []);
      assert.deepEqual(await enter(c), { kind: 'admitted', ticket: null });
      assert.equal((await enter(d)).kind, 'waiting');
    });

    it('nobody overtakes those who wait, also not when a place is free', async () => {
      const [a, b, c, d] = some(4);
      assert.ok(a && b && c && d);
      for (const conversation of [a, b, c]) await enter(conversation);
      await slots().leave(a, null);
      assert.equal((await enter(d)).kind, 'waiting');
      assert.equal((await enter(c)).kind, 'admitted');
    });

    it('tenants with somebody waiting are known until nobody waits', async () => {
      const [a, b, c] = some(3);
      assert.ok(a && b && c);
      for (const conversation of [a, b, c]) await enter(conversation);
      assert.ok((await slots().accountsWaiting()).includes(a.accountId));
      await slots().leave(a, null);
      await slots().call(a.accountId, two, longMs);
      await slots().call(a.accountId, two, longMs);
      assert.ok(!(await slots().accountsWaiting()).includes(a.accountId));
      assert.equal(await slots().leave(b, null), false);
    });

    it('a minute has so many turns; what made no turn gives its part back', async () => {
      const limits = { concurrent: 10, perMinute: 2 };
      const [a, b, c] = some(3);
      assert.ok(a && b && c);
      const first = await enter(a, limits);
      assert.equal(first.kind, 'admitted');
      assert.equal((await enter(b, limits)).kind, 'admitted');
      await slots().leave(b, null);
      assert.equal((await enter(c, limits)).kind, 'waiting', 'a place is free, the minute is not');
      await slots().leave(a, first.ticket);
      assert.deepEqual(await slots().call(a.accountId, limits, longMs), [c]);
    });

    it('the place of a process that died is free after its lease, and renewing keeps it', async () => {
      const one: TurnLimits = { concurrent: 1, perMinute: 1_000 };
      const [dead, waits] = some(2);
      const [alive, waitsLonger] = some(2);
      assert.ok(dead && waits && alive && waitsLonger);
      await enter(dead, one, shortMs);
      await enter(alive, one, shortMs * 5);
      await slots().renew(alive, longMs);
      await enter(waits, one);
      await enter(waitsLonger, one);
      assert.ok(await waitUntil(async () => (await slots().call(dead.accountId, one, shortMs)).length === 1, 5_000, 5));
      assert.ok(
        await waitUntil(async () => (await enter(dead, one)).kind === 'admitted', 5_000, 5),
        'nor does a called one keep a place',
      );
      assert.deepEqual(await slots().call(alive.accountId, one, longMs), []);
    });
  });
}
