// Limits of a tenant delay its turns and never drop a message, also when the process dies while they wait; a neighbour does
// not notice, and what people do is done at once.
import assert from 'node:assert/strict';
import { startModelServer } from '../sandbox/model-server/start-model-server.ts';
import type { ModelServer } from '../sandbox/model-server/start-model-server.ts';
import { Installation } from './installation.ts';
import { modes } from './modes.ts';
import type { Mode } from './modes.ts';

const flooded = 'sandra_cosmeticos';
const neighbour = 'clinica_bem_viver';
const patienceMs = 120_000;

for (const name of ['embedded', 'redis'] as const) {
  describe(`a tenant's limits (${name})`, function () {
    this.timeout(300_000);
    let mode: Mode;
    let model: ModelServer;
    let installation: Installation;
    let customers = 0;

    before(async () => {
      mode = await modes[name]();
      model = await startModelServer({ mode: 'rules', delayMs: 150 });
      installation = await Installation.start({
        limits: { concurrent_turns: 2, turns_per_minute: 100_000 },
        environment: {
          ...mode.environment,
          LOG_LEVEL: 'info',
          OPENAI_BASE_URL: model.url,
          OPENAI_API_KEY: 'test-key',
          LLM_MODEL: 'rules',
        },
      });
    });
    after(async () => {
      await installation.stop();
      await Promise.all([model.stop(), mode.stop()]);
    });

    type Asked = Awaited<ReturnType<Installation['ask']>>;

    function ask(tenant: string): Promise<Asked> {
      customers += 1;
      const contact = { name: 'Cliente', phone_number: `+55119660${String(10_000 + customers)}` };
      return installation.ask(`Qual o prazo para trocar o produto ${customers}?`, { tenant, contact });
    }

    const flood = (count: number) => Promise.all(Array.from({ length: count }, () => ask(flooded)));
    const isAnswered = (asked: Asked) => installation.repliesIn(asked).length > 0;
    const answered = (all: Asked[]) => all.filter(isAnswered).length;
    const allAnswered = (all: Asked[]) =>
      installation.api.waitFor('everybody to be answered', () => answered(all) === all.length, patienceMs);
    const chatsUnderWay = () => model.api.calls.filter(({ endpoint, ms }) => endpoint === 'chat' && ms === null).length;

    /** One turn of ours, whatever the number of its parts. */
    function assertOnce(all: Asked[]): void {
      for (const asked of all) {
        const ours = installation.api
          .messagesOf(asked)
          .filter((message) => message.message_type === 1 && !message.private);
        const turns = new Set(ours.map(({ content_attributes: tag }) => tag['ui_turn']));
        assert.equal(turns.size, 1, JSON.stringify(ours, null, 1));
      }
    }

    it('never more turns at once than allowed, and everybody is answered once', async () => {
      let most = 0;
      const watch = setInterval(() => (most = Math.max(most, chatsUnderWay())), 5);
      const all = await flood(25);
      await allAnswered(all);
      clearInterval(watch);
      await installation.quiet();
      assert.ok(most >= 1 && most <= 2, `${most} at once`);
      assertOnce(all);
    });

    it('a neighbour is answered while the flood still waits', async () => {
      const all = await flood(40);
      const other = await ask(neighbour);
      await installation.api.waitForReply(other, undefined, patienceMs);
      assert.ok(answered(all) < all.length, 'the flood was over already');
      await allAnswered(all);
      await installation.quiet();
    });

    it('a person who takes a waiting conversation over has it at once, and no answer talks over them', async () => {
      const all = await flood(40);
      const last = all.at(-1);
      assert.ok(last);
      installation.api.personReplies({ ...last, text: 'Oi, eu cuido disso.' });
      await installation.api.waitForConversation(last, ({ status }) => status === 'open', patienceMs);
      assert.ok(answered(all.slice(0, -1)) < all.length - 1, 'the flood was over already');
      await allAnswered(all.slice(0, -1));
      await installation.quiet();
      assert.deepEqual(installation.repliesIn(last), ['Oi, eu cuido disso.']);
    });

    it('what waited when the process died is answered by the next', async () => {
      const all = await flood(12);
      await installation.api.waitFor('a first answer', () => answered(all) > 0, patienceMs);
      await installation.kill();
      assert.ok(answered(all) < all.length);
      await installation.restart();
      await allAnswered(all);
      await installation.quiet(patienceMs);
      assertOnce(all);
    });

    it('Chatwoot saw no call it does not know', () => assert.deepEqual(installation.api.violations, []));
  });
}
