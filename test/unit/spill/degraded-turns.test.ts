// Turns without the shared stores, on a real conversation: what they take for their own, what they leave, and when.
import assert from 'node:assert/strict';
import { ChatwootPastMail } from '../../../bridge/adapters/chatwoot/past-mail.ts';
import { createChatwootHttp } from '../../../bridge/adapters/chatwoot/http.ts';
import type { TenantClients } from '../../../bridge/core/hub/tenant-clients.ts';
import { gatherBacklog } from '../../../bridge/core/spill/gather-backlog.ts';
import type { Backlog } from '../../../bridge/core/spill/gather-backlog.ts';
import type { SpillRecord } from '../../../bridge/core/ports/spill-record.ts';
import { RecentConversations } from '../../../bridge/core/spill/recent-conversations.ts';
import { replacing } from '../../../bridge/core/spill/replacing.ts';
import { account, answers, eachWorld, inboxes } from '../hub/world/conversation-world.ts';
import { SpillWorld } from './spill-world.ts';

const unsureForMs = 1_500;

describe('a turn without the shared stores', () => {
  const world = eachWorld();
  let spill: SpillWorld;
  let recent: RecentConversations;
  let awaySinceMs: number;

  beforeEach(async () => {
    spill = await SpillWorld.open();
    recent = new RecentConversations(world().clock);
    awaySinceMs = world().clock.now() + 60_000;
  });
  afterEach(() => spill.close());

  /** What the customer wrote so far went to the shared stores; from here on they are away. */
  const lose = () => {
    world().clock.move(60_000);
    awaySinceMs = world().clock.now();
    world().clock.move(unsureForMs);
  };

  /** The world's own stores play the shared ones; what is delivered there is kept here as well. */
  const keepNewest = async () => {
    const { mail } = await world().stores.mailbox.read(world().ref());
    const newest = mail.at(-1);
    assert.ok(newest);
    const quiet = { quietMs: 0, maxMs: 0 };
    await spill.record.keep({ conversation: world().ref(), ...newest, quiet, nowMs: world().clock.now() });
    return newest;
  };

  /** `meanwhile` happens once, when everything has been read and nothing is put in place yet. */
  const gather = async (meanwhile: (() => Promise<void>) | null = null): Promise<Backlog> => {
    const { chatwoot } = world().tenant.config.integrations;
    const http = createChatwootHttp(chatwoot?.base_url ?? '', account, 2_000);
    const tokens = { bot: 'bot-token', user: 'admin-token' };
    const ours = { chatwootAccountId: account, botId: null };
    const clients: TenantClients = {
      ...{ triage: null, business: null, model: null, media: world().media },
      conversations: world().conversations(),
      pastMail: new ChatwootPastMail(http, tokens, ours, Object.values(inboxes)),
    };
    const { work } = spill;
    let still = meanwhile;
    const record = replacing(spill.record as SpillRecord, {
      read: async (conversation) => {
        const kept = await spill.record.read(conversation);
        const now = still;
        still = null;
        await now?.();
        return kept;
      },
    });
    const deps = { record, work, recent, clock: world().clock, awaySinceMs, unsureForMs };
    return gatherBacklog(deps, world().tenant, clients, world().ref(), AbortSignal.timeout(5_000));
  };

  const waiting = async () => (await spill.work.mailbox.read(world().ref())).mail.map(({ entry }) => entry.messageId);
  const idsOf = (from: 0 | 1) =>
    world()
      .chatwoot.messagesOf(world().conversation())
      .filter((message) => message.message_type === from)
      .map(({ id }) => id);

  it('leaves in place what arrives while it gathers the rest', async () => {
    lose();
    await world().customer('como faço para trocar?');
    await keepNewest();
    const arrives = async () => {
      await world().customer('e a entrega, quanto tempo leva?');
      const { key, entry } = await keepNewest();
      const quiet = { quietMs: 0, maxMs: 0 };
      await spill.work.mailbox.store({ conversation: world().ref(), key, entry, quiet, nowMs: world().clock.now() });
    };
    assert.equal((await gather(arrives)).kind, 'gathered');
    assert.deepEqual(await waiting(), idsOf(0));
  });

  it('takes what the customer wrote since our last reply, wherever it was delivered', async () => {
    await world().customer('como faço para trocar?');
    await world().settle();
    await world().customer('e a entrega, quanto tempo leva?');
    lose();
    await world().customer('para a capital');
    await keepNewest();
    assert.deepEqual(await gather(), { kind: 'gathered', isAllNew: false });
    assert.deepEqual(await waiting(), idsOf(0).slice(1));
    const state = await spill.work.states.get(world().ref());
    assert.deepEqual(
      state?.window.map(({ from, text }) => [from, text]),
      [
        ['customer', 'como faço para trocar?'],
        ['assistant', world().replies()[0]],
      ],
    );
    assert.ok(world().replies()[0]?.includes(answers.exchange));
  });

  it('need not wait long for what came after the stores went away', async () => {
    await world().customer('como faço para trocar?');
    await world().settle();
    lose();
    await world().customer('e a entrega?');
    await keepNewest();
    assert.deepEqual(await gather(), { kind: 'gathered', isAllNew: true });
  });

  it('answers a message that came while a reply of this time was on its way, though the reply stands below it', async () => {
    lose();
    await world().customer('como faço para trocar?');
    await keepNewest();
    await world().customer('e a entrega?');
    const second = await keepNewest();
    await spill.record.settle(world().ref(), [`message_created:${idsOf(0)[0] ?? 0}`]);
    await sendOwn('degraded');
    assert.deepEqual(await gather(), { kind: 'gathered', isAllNew: true });
    assert.deepEqual(await waiting(), [second.entry.messageId]);
  });

  it('leaves a conversation whose last reply may not cover what came right before the stores went away', async () => {
    await world().customer('como faço para trocar?');
    const [accepted] = (await world().stores.mailbox.read(world().ref())).mail;
    assert.ok(accepted);
    recent.accepted({ conversation: world().ref(), ...accepted, quiet: null, nowMs: world().clock.now() });
    await sendOwn('regular');
    awaySinceMs = world().clock.now();
    world().clock.move(unsureForMs);
    await world().customer('e a entrega?');
    await keepNewest();
    assert.deepEqual(await gather(), { kind: 'unsure', reason: 'perhaps_unanswered' });
    recent.settled(world().ref(), [accepted.key]);
    assert.equal((await gather()).kind, 'gathered');
  });

  it('has nothing to do where everything was answered', async () => {
    await world().customer('como faço para trocar?');
    await world().settle();
    lose();
    assert.deepEqual(await gather(), { kind: 'nothing' });
  });

  it('leaves a conversation to the person who wrote there', async () => {
    await world().customer('como faço para trocar?');
    world().chatwoot.personReplies({ ...world().conversation(), text: 'Oi, é a Bia.' });
    await world().customer('obrigada');
    lose();
    assert.deepEqual(await gather(), { kind: 'unsure', reason: 'person_wrote' });
    assert.deepEqual(await waiting(), []);
  });

  async function sendOwn(turnId: string): Promise<void> {
    const part = { text: 'Resposta.', turnId, part: 1 };
    await world().conversations().sendPart(1, part, AbortSignal.timeout(5_000));
    await world().chatwoot.idle();
  }
});
