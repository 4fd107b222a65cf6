// What a bot's token alone gets to see: a team's 500 told from an outage, and refusals that are believed rather than repeated.
import assert from 'node:assert/strict';
import { ChatwootConversations } from '../../../bridge/adapters/chatwoot/conversations.ts';
import { PlaceMemory } from '../../../bridge/adapters/chatwoot/place-memory.ts';
import { account, botOnly, codeOf, eachRig, never, ours } from './chatwoot-rig.ts';

describe('a bot that reads a conversation', () => {
  const rig = eachRig();
  const bot = () => new ChatwootConversations(rig.http, botOnly, ours, rig.memory);
  beforeEach(() => {
    rig.writes('Oi');
  });

  it('takes the 500 of a team for people, which one cheap read more tells from an outage', async () => {
    rig.api.assign({ account, conversation: 1, team: 71 });
    assert.equal(await bot().readLive(1, never), 'people');
    rig.api.fault({ path: 'conversations.labels', action: 'error', status: 500 });
    assert.equal(await codeOf(bot().readLive(1, never)), 'upstream_unavailable');
  });

  it('takes a 500 without a team for an outage too when nothing else answers', async () => {
    rig.api.fault({ path: '/conversations/1', action: 'error', status: 500, count: 2 });
    assert.equal(await codeOf(bot().readLive(1, never)), 'upstream_unavailable');
    assert.equal(typeof (await bot().readLive(1, never)), 'object');
  });
});

describe('a bot in a Chatwoot that does not tell its version', () => {
  const rig = eachRig('4.13.0');
  let nowMs = 0;
  beforeEach(() => {
    nowMs = 1;
    rig.memory = new PlaceMemory(() => nowMs);
    rig.writes('Oi');
    rig.api.fault({ path: 'api.version', action: 'error', status: 404, count: 50 });
  });
  const bot = () => new ChatwootConversations(rig.http, botOnly, ours, rig.memory);
  const refusals = () => rig.asked().filter((line) => line.endsWith(' 401')).length;

  it('is refused once and not on every turn, until an upgrade may have lifted it', async () => {
    for (let turn = 0; turn < 5; turn++) assert.equal(await bot().readLive(1, never), 'unreadable');
    assert.equal(refusals(), 1);
    nowMs += 7 * 3_600_000;
    assert.equal(await bot().readLive(1, never), 'unreadable');
    assert.equal(refusals(), 2);
  });

  it('is asked its version once an hour where it tells it', async () => {
    rig.api.clearFaults();
    for (let turn = 0; turn < 5; turn++) assert.equal(await bot().readLive(1, never), 'unreadable');
    assert.deepEqual(rig.asked(), ['api.version none 200']);
    nowMs += 3_600_001;
    await bot().readLive(1, never);
    assert.deepEqual(rig.asked(), ['api.version none 200', 'api.version none 200']);
  });
});
