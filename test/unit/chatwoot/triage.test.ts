// Team, labels, priority and attributes against the simulated Chatwoot, with each kind of token.
import assert from 'node:assert/strict';
import { ChatwootTriage } from '../../../bridge/adapters/chatwoot/triage.ts';
import { account, both, botOnly, codeOf, eachRig, never, userOnly } from './chatwoot-rig.ts';

describe('triage in Chatwoot', () => {
  const rig = eachRig();
  const conversation = { account, conversation: 1 };
  beforeEach(() => {
    rig.writes('Oi');
  });
  const triage = (tokens: { bot: string | null; user: string | null } = both) =>
    new ChatwootTriage(rig.http, tokens, rig.memory);
  const now = () => rig.api.conversation(conversation);

  it('finds a team by its name, however it is written, and asks for the teams once', async () => {
    assert.equal(await triage().assignTeam(1, ' Atendimento ', never), true);
    assert.equal(await triage().assignTeam(1, 'atendimento', never), true);
    assert.equal(now().meta.team?.id, 71);
    assert.deepEqual(rig.asked(), [
      'teams.list user 200',
      'conversations.assignments bot 200',
      'conversations.assignments bot 200',
    ]);
  });

  it('changes nothing for a team that does not exist, or that our credentials may not see', async () => {
    rig.api.assign({ ...conversation, user: 'Bia' });
    assert.equal(await triage().assignTeam(1, 'vendas', never), false);
    assert.equal(await new ChatwootTriage(rig.http, botOnly).assignTeam(1, 'atendimento', never), false);
    assert.equal(now().meta.assignee?.id, 12, 'an unknown team would have unassigned the person');
  });

  it('says so when the team was deleted since it was looked up, and looks again the next time', async () => {
    rig.memory.keep('teams', [{ id: 999, name: 'vendas' }], 60_000);
    assert.equal(await triage().assignTeam(1, 'vendas', never), false);
    assert.equal(await triage().assignTeam(1, 'atendimento', never), true);
  });

  for (const [who, tokens] of Object.entries({ bot: botOnly, user: userOnly, both })) {
    it(`adds labels and keeps those that stand, and twice is like once (${who})`, async () => {
      rig.api.setLabels({ ...conversation, labels: ['vip'] });
      await triage(tokens).addLabels(1, ['Entrega Falhou', 'vip'], never);
      await triage(tokens).addLabels(1, ['entrega-falhou'], never);
      assert.deepEqual(now().labels, ['vip', 'entrega-falhou']);
      assert.equal(rig.asked().filter((line) => line.startsWith('conversations.set_labels')).length, 1);
    });

    it(`merges attributes into those that stand, and null takes one away (${who})`, async () => {
      await triage(tokens).mergeAttributes(1, { origem: 'site', pedidos: 2 }, never);
      await triage(tokens).mergeAttributes(1, { origem: null, vip: true }, never);
      assert.deepEqual(now().custom_attributes, { pedidos: 2, vip: true });
    });

    it(`sets and takes back the priority (${who})`, async () => {
      await triage(tokens).setPriority(1, 'urgent', never);
      assert.equal(now().priority, 'urgent');
      await triage(tokens).setPriority(1, null, never);
      assert.equal(now().priority, null);
    });
  }

  it('never wipes attributes it could not read: a bot cannot once a team is set', async () => {
    await triage().mergeAttributes(1, { origem: 'site' }, never);
    rig.api.assign({ ...conversation, team: 71 });
    assert.equal(await codeOf(triage(botOnly).mergeAttributes(1, { vip: true }, never)), 'upstream_unavailable');
    assert.deepEqual(now().custom_attributes, { origem: 'site' });
  });

  it('refuses for good without a token that may', async () => {
    const nobody = triage({ bot: null, user: null });
    for (const attempt of [nobody.addLabels(1, ['x'], never), nobody.setPriority(1, 'low', never)]) {
      assert.equal(await codeOf(attempt), 'upstream_rejected');
    }
  });
});

describe('triage in a Chatwoot whose bots may not read (before 4.14.2)', () => {
  const rig = eachRig('4.13.0');
  beforeEach(() => {
    rig.writes('Oi');
  });

  it('uses the user’s token for labels, and a bot’s is not even tried', async () => {
    await new ChatwootTriage(rig.http, both, rig.memory).addLabels(1, ['vip'], never);
    assert.equal(
      await codeOf(new ChatwootTriage(rig.http, botOnly, rig.memory).addLabels(1, ['x'], never)),
      'upstream_rejected',
    );
    assert.deepEqual(rig.api.conversation({ account, conversation: 1 }).labels, ['vip']);
    assert.deepEqual(
      rig.asked().filter((line) => line.endsWith('401')),
      [],
    );
  });
});
