// Handing a conversation in after an outage: what was answered is never answered again, what was not is, and a death in
// the middle changes neither.
import assert from 'node:assert/strict';
import { freshState } from '../../../bridge/core/hub/takeover.ts';
import { drainConversation } from '../../../bridge/core/spill/drain-conversation.ts';
import type { DrainDeps } from '../../../bridge/core/spill/drain-conversation.ts';
import type { Stores } from '../../../bridge/core/stores.ts';
import { ownershipMail } from '../../contract/store-samples.ts';
import { Died, Mortal } from '../hub/world/mortal.ts';
import { conversation, replyTo, SpillWorld } from './spill-world.ts';

describe('handing a conversation in', () => {
  let world: SpillWorld;

  beforeEach(async () => {
    world = await SpillWorld.open();
  });
  afterEach(() => world.close());

  const drain = (deps: DrainDeps = world) => drainConversation(deps, conversation);

  it('what still waits lies in the shared mailbox under its key, and nothing is kept here any more', async () => {
    await world.spilled(1);
    await world.spilled(2);
    assert.equal(await drain(), true);
    assert.deepEqual(await world.waiting(), ['message:1', 'message:2']);
    assert.equal(await world.record.size(), 0);
    assert.equal(await world.work.mailbox.size(), 0);
    assert.ok((await world.shared.mailbox.read(conversation)).notBeforeMs <= world.clock.now());
  });

  it('what was answered meanwhile does not wait, also when the shared mailbox had it, and comes twice for nothing', async () => {
    await world.shared.mailbox.store(world.mail(1));
    await world.spilled(1);
    await world.spilled(2);
    await world.spilled(3);
    await world.answered('degraded', 1, 2);
    await drain();
    assert.deepEqual(await world.waiting(), ['message:3']);
    assert.equal(await world.shared.ledger.answeredUpTo(conversation), 2);
    assert.equal((await world.shared.mailbox.store(world.mail(2))).outcome, 'duplicate');
  });

  it('what the shared mailbox took although its answer came too late waits once', async () => {
    await world.shared.mailbox.store(world.mail(1));
    await world.spilled(1);
    await drain();
    assert.deepEqual(await world.waiting(), ['message:1']);
  });

  it('what the shared stores answered before is not brought back', async () => {
    await world.shared.mailbox.store(world.mail(1));
    await world.shared.mailbox.remove(conversation, ['message:1']);
    await world.spilled(1);
    await drain();
    assert.deepEqual(await world.waiting(), []);
  });

  it('the reply stands in the shared ledger as if it had been given there', async () => {
    await world.shared.ledger.begin(replyTo('regular', 1));
    await world.shared.ledger.finish(conversation, 'regular', 'done');
    await world.spilled(2);
    await world.answered('degraded', 2);
    await drain();
    const { turnId, state, parts, memo } = (await world.shared.ledger.current(conversation)) ?? {};
    assert.deepEqual([turnId, state, memo?.keys], ['degraded', 'done', ['message:2']]);
    assert.ok(parts?.every(({ messageId }) => messageId !== null));
  });

  it('a reply whose end nobody saw is left to be read back', async () => {
    await world.spilled(1);
    await world.work.ledger.begin(replyTo('degraded', 1));
    await drain();
    const standing = await world.shared.ledger.current(conversation);
    assert.deepEqual([standing?.turnId, standing?.state], ['degraded', 'intended']);
    assert.deepEqual(await world.waiting(), ['message:1']);
  });

  it('a reply begun before the outage, never out and answered since, is never sent', async () => {
    await world.shared.mailbox.store(world.mail(1));
    await world.shared.ledger.begin(replyTo('regular', 1));
    await world.spilled(1);
    await world.answered('degraded', 1);
    assert.equal(await drain(), true);
    const standing = await world.shared.ledger.current(conversation);
    assert.deepEqual([standing?.turnId, standing?.state], ['degraded', 'done']);
    assert.deepEqual(await world.waiting(), []);
  });

  it('of two replies to the same message, one never out and one whose end nobody saw, the second is read back', async () => {
    await world.shared.ledger.begin(replyTo('regular', 1));
    await world.spilled(1);
    await world.work.ledger.begin(replyTo('degraded', 1));
    assert.equal(await drain(), true);
    const standing = await world.shared.ledger.current(conversation);
    assert.deepEqual([standing?.turnId, standing?.state], ['degraded', 'intended']);
  });

  it('a reply that is half out is settled first; what was answered since does not wait meanwhile', async () => {
    await world.shared.mailbox.store(world.mail(1));
    await world.shared.ledger.begin(replyTo('regular', 1));
    await world.shared.ledger.confirmPart(conversation, 'regular', 1, 50);
    await world.spilled(2);
    await world.answered('degraded', 2);
    assert.equal(await drain(), false);
    assert.equal((await world.shared.ledger.current(conversation))?.turnId, 'regular');
    assert.deepEqual(await world.waiting(), ['message:1']);
    await world.shared.ledger.finish(conversation, 'regular', 'done');
    assert.equal(await drain(), true);
    assert.equal((await world.shared.ledger.current(conversation))?.turnId, 'degraded');
    assert.equal(await world.record.size(), 0);
  });

  it('a proof that came meanwhile reaches the reply it belongs to', async () => {
    await world.shared.ledger.begin(replyTo('regular', 1));
    await world.record.prove(conversation, { turnId: 'regular', part: 2, messageId: 51 });
    await drain();
    assert.equal((await world.shared.ledger.current(conversation))?.parts[1]?.messageId, 51);
  });

  it('a person’s reply is handed in whatever became of it here', async () => {
    await world.record.keep(ownershipMail(conversation, 'takeover', world.clock.now(), 4));
    await world.record.settle(conversation, ['takeover']);
    await drain();
    assert.deepEqual(await world.waiting(), ['takeover']);
  });

  it('memory goes on: what was said before, then what was said meanwhile', async () => {
    const said = (messageId: number) => ({ from: 'customer' as const, text: `m${messageId}`, atMs: 0, messageId });
    const before = { ...freshState(world.clock.now()), window: [said(1), said(2)], testUnlocked: true };
    await world.shared.states.set(conversation, before);
    await world.spilled(3);
    await world.answered('degraded', 3);
    await world.work.states.set(conversation, {
      ...freshState(world.clock.now()),
      owner: 'requested',
      window: [said(2), said(3)],
      lastService: 'sales',
    });
    await drain();
    const after = await world.shared.states.get(conversation);
    assert.deepEqual(
      [after?.window.map(({ messageId }) => messageId), after?.owner, after?.lastService, after?.testUnlocked],
      [[1, 2, 3], 'requested', 'sales', true],
    );
  });

  it('a conversation somebody holds is handed in later', async () => {
    await world.spilled(1);
    const lock = await world.shared.locks.acquire('conversation:acme/7', 60_000);
    const drained = drain();
    await lock?.release();
    assert.equal(await drained, true);
  });

  it('a death at any step, and the same again, leaves what one pass leaves', async function () {
    this.timeout(60_000);
    const steps = await deathAt(null);
    assert.ok(steps > 10);
    for (let step = 1; step <= steps; step++) {
      for (const when of ['before', 'after'] as const) await deathAt({ step, when });
    }
  });

  /** Returns how many steps a whole pass has. */
  async function deathAt(death: { step: number; when: 'before' | 'after' } | null): Promise<number> {
    const own = await SpillWorld.open();
    await own.shared.mailbox.store(own.mail(1));
    await own.shared.ledger.begin(replyTo('regular', 1));
    for (const id of [1, 2, 3]) await own.spilled(id);
    await own.answered('degraded', 1, 2);
    await own.record.keep(ownershipMail(conversation, 'takeover', world.clock.now(), 4));
    const mortal = new Mortal(death);
    const shared: Stores = {
      ...own.shared,
      mailbox: mortal.bind('mailbox', own.shared.mailbox),
      ledger: mortal.bind('ledger', own.shared.ledger),
      states: mortal.bind('states', own.shared.states),
      queue: mortal.bind('queue', own.shared.queue),
    };
    const { work, clock } = own;
    const dying = { shared, work, clock, record: mortal.bind('record', own.record) };
    await drain(dying).catch((error: unknown) => {
      if (!(error instanceof Died)) throw error;
    });
    const where = JSON.stringify(death);
    if (death) assert.equal(await drain(own), true, where);
    assert.deepEqual(await own.waiting(), ['message:3', 'takeover'], where);
    const standing = await own.shared.ledger.current(conversation);
    assert.deepEqual([standing?.turnId, standing?.state], ['degraded', 'done'], where);
    assert.equal(await own.record.size(), 0, where);
    await own.close();
    return mortal.steps.length;
  }
});
