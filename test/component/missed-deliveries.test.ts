// The bridge is away while customers write, and deliveries are lost: Chatwoot does not send them again. When it is back,
// exactly those who still wait get their answer, once. A bot's delivery that fails is no lost one: Chatwoot gives that
// conversation to people, and theirs it stays.
import assert from 'node:assert/strict';
import { inEachMode } from './in-each-mode.ts';

const question = 'Qual o prazo para trocar um produto?';
const answer = /15 dias/;

inEachMode('what was said while the bridge was away', 120_000, (installation) => {
  it('is answered when it is back, once, except where a person answered or nobody waits', async () => {
    const { api } = installation();
    const contact = (number: number) => ({ name: `Cliente ${number}`, phone_number: `+551199900010${number}` });
    const before = await installation().ask(question, { contact: contact(1) });
    await api.waitForReply(before, undefined, 60_000);
    await installation().quiet();
    await installation().kill();
    api.misbehave({ action: 'drop', count: 1_000 });
    const waiting = [];
    for (const number of [2, 3, 4]) waiting.push(await installation().ask(question, { contact: contact(number) }));
    const byPerson = await installation().ask(question, { contact: contact(5) });
    const by = { account: byPerson.account, conversation: byPerson.conversation };
    api.personReplies({ ...by, text: 'Quinze dias, pode trazer.' });
    await api.waitFor('the end of what was lost', () => api.isIdle(), 30_000);
    api.clearFaults();
    const failed = await installation().ask(question, { contact: contact(6) });
    await api.waitFor('the end of what is delivered to nobody', () => api.isIdle(), 30_000);

    await installation().restart();
    for (const asked of waiting) await api.waitForReply(asked, undefined, 60_000);
    await api.waitFor('the conversation of a person to be open', () => api.conversation(by).status === 'open', 30_000);
    await installation().quiet();

    for (const asked of [before, ...waiting]) {
      const replies = installation().repliesIn(asked);
      assert.equal(replies.length, 1, JSON.stringify(replies));
      assert.match(replies[0] ?? '', answer);
    }
    assert.deepEqual(installation().repliesIn(byPerson), ['Quinze dias, pode trazer.']);
    assert.deepEqual([installation().repliesIn(failed), api.conversation(failed).status], [[], 'open']);
    assert.deepEqual(api.violations, []);
    const runs = installation()
      .log.split('\n')
      .filter((line) => line.includes('reconcile.finished'));
    assert.ok(runs.some((line) => /"account_id":"sandra_cosmeticos".*"handled":[1-9]/.test(line)));
  });
});
