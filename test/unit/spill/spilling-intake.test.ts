// Where a delivery is kept: with the shared stores, else on this instance's own disk, else nowhere, and then it is refused.
import assert from 'node:assert/strict';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { LocalWork } from '../../../bridge/core/spill/local-work.ts';
import { Outage } from '../../../bridge/core/spill/outage.ts';
import { RecentConversations } from '../../../bridge/core/spill/recent-conversations.ts';
import { spillingIntake } from '../../../bridge/core/spill/spilling-intake.ts';
import type { IntakeStores } from '../../../bridge/core/spill/spilling-intake.ts';
import { quietLog } from '../../fixtures/quiet-log.ts';
import { waitUntil } from '../../sandbox/servers/wait-until.ts';
import { conversation, replyTo, SpillWorld } from './spill-world.ts';

const away = () => Promise.reject(new BridgeError('upstream_unavailable', 'away'));

describe('a delivery', () => {
  let world: SpillWorld;
  let outage: Outage;
  let recent: RecentConversations;
  let intake: IntakeStores;
  let isThere: boolean;
  let handedIn: number;

  beforeEach(async () => {
    world = await SpillWorld.open();
    isThere = true;
    handedIn = 0;
    outage = new Outage({
      probe: async () => (isThere ? undefined : away()),
      drain: async () => void (handedIn += 1),
      clock: world.clock,
      logger: quietLog(),
      times: { probeEveryMs: 1, probeTimeoutMs: 500, mattersAfterMs: 0, resumeAfterMs: 0, rememberedMs: 0 },
    });
    const { shared, record } = world;
    const place = {
      record,
      openWork: async () => world.work,
      wipeWork: async () => undefined,
      close: async () => undefined,
    };
    const work = await LocalWork.open(place, outage);
    recent = new RecentConversations(world.clock);
    intake = spillingIntake({ shared, record, work, outage, recent, onTraffic: () => undefined, logger: quietLog() });
  });
  afterEach(async () => {
    outage.close();
    await world.close();
  });

  const lose = async () => {
    isThere = false;
    world.shared.mailbox.store = away;
    world.shared.ledger.confirmPart = away;
    outage.doubt();
    assert.ok(await waitUntil(() => outage.isAway, 5_000, 1));
  };
  const kept = async () => (await world.record.read(conversation)).mail.map(({ mail }) => mail.key);

  it('goes to the shared stores while they are there, and nowhere else', async () => {
    assert.equal((await intake.mailbox.store(world.mail(1))).outcome, 'stored');
    assert.deepEqual(await world.waiting(), ['message:1']);
    assert.equal(await world.record.size(), 0);
    assert.deepEqual(recent.list(), [conversation]);
  });

  it('is kept here while they are away, once, where turns find it too', async () => {
    await lose();
    assert.equal((await intake.mailbox.store(world.mail(1))).outcome, 'stored');
    assert.equal((await intake.mailbox.store(world.mail(1))).outcome, 'duplicate');
    assert.deepEqual(await kept(), ['message:1']);
    assert.equal((await world.work.mailbox.read(conversation)).mail.length, 1);
    assert.equal(await intake.mailbox.size(), 1);
  });

  it('that the shared stores refuse for a moment is kept here and handed in at once', async () => {
    world.shared.mailbox.store = away;
    assert.equal((await intake.mailbox.store(world.mail(1))).outcome, 'stored');
    assert.deepEqual(await kept(), ['message:1']);
    assert.ok(await waitUntil(() => handedIn === 1 && outage.isUp, 5_000, 1));
  });

  it('that gets no answer from them in time is kept here', async () => {
    world.shared.mailbox.store = () => new Promise(() => undefined);
    assert.equal((await intake.mailbox.store(world.mail(1))).outcome, 'stored');
    assert.deepEqual(await kept(), ['message:1']);
  });

  it('is kept here although the turns’ own copy cannot be made', async () => {
    await lose();
    world.work.mailbox.store = away;
    assert.equal((await intake.mailbox.store(world.mail(1))).outcome, 'stored');
    assert.deepEqual(await kept(), ['message:1']);
  });

  it('is refused when neither can keep it', async () => {
    await lose();
    world.record.keep = away;
    await assert.rejects(intake.mailbox.store(world.mail(1)), { code: 'upstream_unavailable' });
  });

  it('that fails for our own mistake is not kept here', async () => {
    world.shared.mailbox.store = () => Promise.reject(new Error('a bug'));
    await assert.rejects(intake.mailbox.store(world.mail(1)), /a bug/);
    assert.equal(await world.record.size(), 0);
  });

  it('that proves a part of a reply is kept for the ledger it belongs to', async () => {
    await world.work.ledger.begin(replyTo('degraded', 1));
    await lose();
    await intake.ledger.confirmPart(conversation, 'degraded', 2, 61);
    assert.deepEqual((await world.record.read(conversation)).proofs, [{ turnId: 'degraded', part: 2, messageId: 61 }]);
    assert.equal((await world.work.ledger.current(conversation))?.parts[1]?.messageId, 61);
  });

  it('that changes a message kept here changes it there', async () => {
    await lose();
    await intake.mailbox.store(world.mail(1));
    const entry = { ...world.mail(1).entry, text: 'outra coisa' };
    const change = { conversation, key: 'message:1', entry, quiet: null, fromMs: null };
    assert.equal((await intake.mailbox.amend(change)).amended, true);
    const [spilled] = (await world.record.read(conversation)).mail;
    assert.deepEqual(spilled?.mail.entry, entry);
  });
});
