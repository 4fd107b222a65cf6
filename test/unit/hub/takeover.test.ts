import assert from 'node:assert/strict';
import fc from 'fast-check';
import { applyOwnership, freshState, gateFor } from '../../../bridge/core/hub/takeover.ts';
import type { Gate } from '../../../bridge/core/hub/takeover.ts';
import type { Assignee, ConversationFacts, ConversationStatus, OwnershipEvent } from '../../../bridge/core/message.ts';
import type { ConversationState } from '../../../bridge/core/ports/conversation-states.ts';
import { makeTenant } from '../crew/make-turn.ts';

const person: Assignee = { kind: 'person', id: 12 };
const bot: Assignee = { kind: 'assistant', id: 4 };
const other: Assignee = { kind: 'other_bot', id: 9 };

function facts(status: ConversationStatus, more: Partial<ConversationFacts> = {}): ConversationFacts {
  return { status, assignee: null, teamId: null, canReply: true, ...more };
}

function event(
  change: OwnershipEvent['change'],
  at: ConversationFacts,
  atMs: number,
  more: Partial<OwnershipEvent> = {},
): OwnershipEvent {
  const messageId = change === 'person_replied' ? 100 + atMs : 0;
  return {
    kind: 'ownership',
    version: 1,
    change,
    messageId,
    inboxId: 5,
    text: messageId > 0 ? 'Oi' : null,
    atMs,
    conversation: at,
    ...more,
  };
}

const replied = (atMs: number, status: ConversationStatus = 'pending') => event('person_replied', facts(status), atMs);
const status = (name: ConversationStatus, atMs: number, assignee: Assignee | null = null) =>
  event('status_changed', facts(name, { assignee }), atMs);
const assigned = (assignee: Assignee | null, atMs: number, at: ConversationStatus = 'pending') =>
  event('assignee_changed', facts(at, { assignee }), atMs);
const after = (...events: OwnershipEvent[]): ConversationState => events.reduce(applyOwnership, freshState(1));

describe('who owns a conversation', () => {
  const table: [string, OwnershipEvent[], ConversationState['owner']][] = [
    ['nobody did anything', [], 'assistant'],
    ['a person wrote', [replied(10)], 'person'],
    ['a person wrote in an open one', [replied(10, 'open')], 'person'],
    ['a person took it', [assigned(person, 10)], 'person'],
    ['a person opened it and has it', [status('open', 10, person)], 'person'],
    ['it was opened and nobody has it', [status('open', 10)], 'assistant'],
    ['a person gave it back by pending', [replied(10), status('pending', 20)], 'assistant'],
    ['they gave it back and stand there still', [replied(10), status('pending', 20, person)], 'assistant'],
    ['they let go of it while it is pending', [assigned(person, 10), assigned(null, 20)], 'assistant'],
    ['they let go of it while it is open', [replied(10), assigned(null, 20, 'open')], 'person'],
    ['they gave it to the bot', [assigned(person, 10), assigned(bot, 20)], 'assistant'],
    ['it was resolved', [replied(10), status('resolved', 20)], 'assistant'],
    [
      'it was resolved with the person on it, and reopened',
      [replied(10), status('resolved', 20, person), status('pending', 30, person)],
      'assistant',
    ],
    ['a person wrote after it came back', [replied(10), status('pending', 20), replied(30)], 'person'],
    ['it was snoozed', [replied(10), status('snoozed', 20)], 'person'],
    ['old news of pending comes after the person', [replied(10), status('pending', 5)], 'person'],
    ['an old reply comes after the hand-back', [status('pending', 20), replied(10)], 'assistant'],
    ['an old reply comes after the resolve', [status('resolved', 20), replied(10)], 'assistant'],
    ['a reply without a time always counts', [status('pending', 20), replied(0)], 'person'],
    ['a resolve without a time always counts', [replied(10), status('resolved', 0)], 'assistant'],
  ];
  for (const [name, events, owner] of table) {
    it(`after ${name}: ${owner}`, () => assert.equal(after(...events).owner, owner));
  }

  it('a requested person who takes it or writes has it', () => {
    const requested: ConversationState = { ...freshState(1), owner: 'requested', lastStatus: 'open' };
    assert.equal(applyOwnership(requested, assigned(person, 10, 'open')).owner, 'person');
    assert.equal(applyOwnership(requested, replied(10, 'open')).owner, 'person');
    assert.equal(applyOwnership(requested, status('open', 10)).owner, 'requested');
    assert.equal(applyOwnership(requested, status('pending', 10)).owner, 'assistant');
  });

  it('what a person said is remembered, also when it came too late to matter, and once', () => {
    const late = after(status('pending', 20), replied(10), replied(10));
    assert.deepEqual(
      late.window.map(({ from, text, messageId }) => [from, text, messageId]),
      [['person', 'Oi', 110]],
    );
  });

  it('a resolved conversation forgets what was said, and an offer does not outlive a person', () => {
    const state: ConversationState = { ...after(replied(10)), personOffered: true };
    assert.deepEqual(applyOwnership(state, status('resolved', 20)).window, []);
    assert.equal(applyOwnership(state, status('resolved', 20)).personOffered, false);
    assert.equal(applyOwnership({ ...freshState(1), personOffered: true }, replied(10)).personOffered, false);
    assert.equal(applyOwnership({ ...freshState(1), personOffered: true }, status('open', 10)).personOffered, true);
  });

  it('the same news in any order of arrival leads to the same owner, as long as it carries its time', () => {
    const news = fc.uniqueArray(
      fc.record({
        atMs: fc.integer({ min: 1, max: 1_000 }),
        make: fc.constantFrom(
          (atMs: number) => replied(atMs),
          (atMs: number) => status('resolved', atMs),
          (atMs: number) => status('pending', atMs),
          (atMs: number) => assigned(person, atMs),
        ),
      }),
      { selector: ({ atMs }) => atMs, minLength: 1, maxLength: 6 },
    );
    fc.assert(
      fc.property(news, fc.infiniteStream(fc.nat()), (given, seeds) => {
        const events = given.map(({ atMs, make }) => make(atMs));
        const shuffled = events
          .map((value) => ({ value, key: seeds.next().value as number }))
          .toSorted((a, b) => a.key - b.key);
        const inOrder = events.toSorted((a, b) => a.atMs - b.atMs);
        assert.equal(after(...shuffled.map(({ value }) => value)).owner, after(...inOrder).owner);
      }),
    );
  });
});

describe('whether the assistant may speak', () => {
  const withBot = makeTenant({ integrations: { chatwoot: { base_url: 'https://c.example', account_id: 1 } } });
  const without = makeTenant({
    integrations: { chatwoot: { base_url: 'https://c.example', account_id: 1, surface: 'account_webhook' } },
  });
  const fresh = freshState(1);
  const speaks: Gate = { speak: true };
  const silent = (reason: Exclude<Gate, { speak: true }>['reason']): Gate => ({ speak: false, reason });

  const table: [string, typeof withBot, ConversationState, ConversationFacts, Gate][] = [
    ['pending', withBot, fresh, facts('pending'), speaks],
    ['pending and the bot’s', withBot, fresh, facts('pending', { assignee: bot }), speaks],
    [
      'pending with the old person on it: a returning customer',
      withBot,
      fresh,
      facts('pending', { assignee: person }),
      speaks,
    ],
    ['pending with a team', withBot, fresh, facts('pending', { teamId: 71 }), speaks],
    ['pending and another bot’s', withBot, fresh, facts('pending', { assignee: other }), silent('not_ours_now')],
    ['open', withBot, fresh, facts('open'), silent('not_ours_now')],
    ['resolved', withBot, fresh, facts('resolved'), silent('not_ours_now')],
    ['snoozed', withBot, fresh, facts('snoozed'), silent('not_ours_now')],
    ['pending, window closed', withBot, fresh, facts('pending', { canReply: false }), silent('window_closed')],
    ['pending, a person wrote', withBot, after(replied(10)), facts('pending'), silent('person_owns')],
    [
      'pending, a person wrote, window closed',
      withBot,
      after(replied(10)),
      facts('pending', { canReply: false }),
      silent('person_owns'),
    ],
    [
      'pending again after it was known to be open',
      withBot,
      { ...after(replied(10)), lastStatus: 'open' },
      facts('pending'),
      speaks,
    ],
    [
      'pending again after it was known to be resolved',
      withBot,
      { ...after(replied(10)), lastStatus: 'resolved' },
      facts('pending'),
      speaks,
    ],
    [
      'open as it was known to be',
      withBot,
      { ...after(replied(10)), lastStatus: 'open' },
      facts('open'),
      silent('person_owns'),
    ],
    [
      'pending after we handed it over',
      withBot,
      { ...fresh, owner: 'requested', lastStatus: 'open' },
      facts('pending'),
      speaks,
    ],
    ['open, unlocked by a tester', withBot, { ...fresh, testUnlocked: true }, facts('open'), speaks],
    [
      'open, unlocked, a person on it',
      withBot,
      { ...fresh, testUnlocked: true },
      facts('open', { assignee: person }),
      silent('not_ours_now'),
    ],
    [
      'open, unlocked, handed over',
      withBot,
      { ...fresh, testUnlocked: true, owner: 'requested' },
      facts('open'),
      silent('person_requested'),
    ],
    ['without a bot: open', without, fresh, facts('open'), speaks],
    [
      'without a bot: open, a person on it',
      without,
      fresh,
      facts('open', { assignee: person }),
      silent('not_ours_now'),
    ],
    [
      'without a bot: open, handed over',
      without,
      { ...fresh, owner: 'requested' },
      facts('open'),
      silent('person_requested'),
    ],
    ['without a bot: open, a person wrote', without, after(replied(10, 'open')), facts('open'), silent('person_owns')],
    ['without a bot: pending', without, fresh, facts('pending'), silent('not_ours_now')],
    ['without a bot: resolved', without, fresh, facts('resolved'), silent('not_ours_now')],
    ['without a bot: another bot’s', without, fresh, facts('open', { assignee: other }), silent('not_ours_now')],
  ];
  for (const [name, tenant, state, at, gate] of table) {
    it(`${name}: ${gate.speak ? 'yes' : `no, ${gate.reason}`}`, () =>
      assert.deepEqual(gateFor(tenant, state, at), gate));
  }
});
