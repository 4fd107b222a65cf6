// How requests behave when Chatwoot is in trouble, asks for patience, or is asked too much; over HTTP, counted where they arrive.
import assert from 'node:assert/strict';
import { ChatwootConversations } from '../../../bridge/adapters/chatwoot/conversations.ts';
import { ChatwootPlaces } from '../../../bridge/adapters/chatwoot/places.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { account, both, codeOf, eachRig, never, ours } from './chatwoot-rig.ts';

const part = { text: 'Oi!', turnId: 'turn-1', part: 1 };

/** Lets `count` through and then asks for the same patience always, which a test's budget of time cannot outlast. */
class SpentAfter {
  readonly names: string[] = [];
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
  }

  async take(name: string): Promise<number> {
    this.names.push(name);
    return this.names.length <= this.#count ? 0 : 60_000;
  }
}

describe('requests to Chatwoot', () => {
  const rig = eachRig();
  const speaker = (places = new ChatwootPlaces(1_000)) => {
    const { http, memory } = places.at(`${rig.sandbox.url}/`, account);
    return new ChatwootConversations(http, both, ours, memory);
  };
  const seen = (endpoint: string) => rig.api.requests.filter((request) => request.endpoint === endpoint).length;
  beforeEach(() => {
    rig.writes('Oi');
  });

  for (const [trouble, fault] of Object.entries({
    'a cut line': { action: 'cut' as const },
    'a gateway’s 502': { action: 'error' as const, status: 502 },
    'a 503': { action: 'error' as const, status: 503 },
    'a short patience': { action: 'rate-limit' as const, retry_after_s: 1, count: 1 },
  })) {
    it(`that may be repeated outlive ${trouble}`, async () => {
      rig.api.fault({ count: 2, ...fault, path: 'conversations.show' });
      assert.equal(typeof (await speaker().readLive(1, never)), 'object');
      rig.api.fault({ path: 'conversations.toggle_status', ...fault });
      await speaker().open(1, never);
      assert.equal(rig.api.conversation({ account, conversation: 1 }).status, 'open');
    });

    it(`that say something are never repeated: ${trouble}`, async () => {
      rig.api.fault({ path: 'messages.create', ...fault });
      assert.equal(await codeOf(speaker().sendPart(1, part, never)), 'upstream_unavailable');
      rig.api.fault({ path: 'messages.create', ...fault });
      assert.equal(await codeOf(speaker().addNote(1, 'nota', never)), 'upstream_unavailable');
      assert.equal(seen('messages.create'), 2);
    });
  }

  it('are not repeated after a refusal, nor after a bug', async () => {
    rig.api.fault({ path: 'conversations.show', action: 'error', status: 500 });
    assert.equal(await codeOf(speaker().readLive(1, never)), 'upstream_unavailable');
    assert.equal(await codeOf(speaker().readLive(99, never)), 'upstream_rejected');
    assert.equal(seen('conversations.show'), 2);
  });

  it('come back when Chatwoot said, which is the queue’s to wait when it is long', async () => {
    rig.api.fault({ path: 'conversations.show', action: 'rate-limit', retry_after_s: 30 });
    const error: unknown = await speaker()
      .readLive(1, never)
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof BridgeError);
    assert.deepEqual([error.code, error.retryAfterMs, seen('conversations.show')], ['upstream_unavailable', 30_000, 1]);
  });

  it('stop when the turn does', async () => {
    rig.api.fault({ path: 'conversations.show', action: 'error', status: 503, count: 50 });
    const turn = new AbortController();
    const asked = codeOf(speaker().readLive(1, turn.signal));
    await rig.api.waitFor('the first answer', () => seen('conversations.show') === 1);
    turn.abort();
    assert.equal(await asked, 'upstream_unavailable');
    assert.ok(seen('conversations.show') <= 2);
    rig.api.clearFaults();
  });

  it('leave a Chatwoot alone that failed ten times in a row, for all its tenants and accounts, and no other', async () => {
    const places = new ChatwootPlaces(1_000);
    rig.api.fault({ path: 'messages.create', action: 'error', status: 503, count: 50 });
    for (let index = 0; index < 10; index++) await codeOf(speaker(places).sendPart(1, part, never));
    const before = rig.api.requests.length;
    const elsewhere = places.at(rig.sandbox.url, account + 1);
    const other = new ChatwootConversations(elsewhere.http, both, ours, elsewhere.memory);
    for (const asked of [speaker(places).sendPart(1, part, never), other.sendPart(1, part, never)]) {
      const error: unknown = await asked.catch((thrown: unknown) => thrown);
      assert.ok(error instanceof BridgeError);
      assert.deepEqual([error.code, error.retryAfterMs], ['upstream_unavailable', 5_000]);
    }
    assert.equal(rig.api.requests.length, before);
    rig.api.clearFaults();
    const sameServer = rig.sandbox.url.replace('127.0.0.1', 'localhost');
    const { http, memory } = places.at(sameServer, account);
    assert.equal(typeof (await new ChatwootConversations(http, both, ours, memory).readLive(1, never)), 'object');
  });

  it('do not count refusals, bugs and callers who gave up as a Chatwoot that is down', async () => {
    const places = new ChatwootPlaces(1_000);
    rig.api.fault({ path: 'conversations.show', action: 'error', status: 500, count: 12 });
    for (let index = 0; index < 12; index++) await codeOf(speaker(places).readLive(1, never));
    for (let index = 0; index < 12; index++) await codeOf(speaker(places).readLive(99, never));
    for (let index = 0; index < 12; index++) await codeOf(speaker(places).readLive(1, AbortSignal.abort()));
    assert.equal(typeof (await speaker(places).readLive(1, never)), 'object');
  });

  it('take from one budget a Chatwoot, and wait in the queue when it is spent', async () => {
    const rates = new SpentAfter(1);
    const places = new ChatwootPlaces(1_000, rates);
    await speaker(places).readLive(1, never);
    const error: unknown = await speaker(places)
      .sendPart(1, part, never)
      .catch((thrown: unknown) => thrown);
    assert.ok(error instanceof BridgeError);
    assert.deepEqual([error.code, error.retryAfterMs], ['upstream_unavailable', 60_000]);
    assert.deepEqual(new Set(rates.names), new Set([`chatwoot:${new URL(rig.sandbox.url).origin}`]));
    assert.equal(seen('messages.create'), 0);
  });

  it('go on without a budget while its store is away', async () => {
    const away = { take: () => Promise.reject(new Error('no store')) };
    assert.equal(typeof (await speaker(new ChatwootPlaces(1_000, away)).readLive(1, never)), 'object');
  });
});
