// Logs without customers: marks in everything a customer is or says, in what is said to them and in what tools return, on
// good days and bad ones, and not one of them in anything the bridge shows to those who run it.
import assert from 'node:assert/strict';
import { startModelServer } from '../sandbox/model-server/start-model-server.ts';
import type { ModelServer } from '../sandbox/model-server/start-model-server.ts';
import { startEchoingProxy } from './echoing-proxy.ts';
import type { EchoingProxy } from './echoing-proxy.ts';
import { Installation } from './installation.ts';
import { modes } from './modes.ts';
import type { Mode } from './modes.ts';

const account_id = 'sandra_cosmeticos';
const marks = {
  name: 'Zulmirax',
  phone: '551197766554',
  email: 'zulmirax7q',
  attribute: 'atributo9kz',
  message: 'perguntaw3v',
  transcript: 'vozm8t',
  reply: 'respostah5n',
  document: 'documentop2c',
  note: 'notae6u',
};
const contact = {
  name: `${marks.name} Souza`,
  phone_number: `+${marks.phone}4`,
  email: `${marks.email}@cliente.example`,
  identifier: `id-${marks.attribute}`,
  custom_attributes: { cpf: marks.attribute },
  additional_attributes: { city: marks.attribute },
};

for (const name of ['embedded', 'redis'] as const) {
  describe(`logs without customers (${name})`, function () {
    this.timeout(180_000);
    let mode: Mode;
    let model: ModelServer;
    let modelFront: EchoingProxy;
    let chatwootFront: EchoingProxy;
    let odoo: EchoingProxy;
    let installation: Installation;
    let inbox: number;

    before(async () => {
      mode = await modes[name]();
      model = await startModelServer({ transcript: `qual o prazo ${marks.transcript}?` });
      modelFront = await startEchoingProxy(model.url.replace(/\/v1$/, ''));
      odoo = await startEchoingProxy(null);
      installation = await Installation.start({
        environment: {
          ...mode.environment,
          LOG_LEVEL: 'trace',
          OPENAI_BASE_URL: `${modelFront.url}/v1`,
          OPENAI_API_KEY: 'test-key',
          LLM_MODEL: 'scripted',
          TRANSCRIPTION_MODEL: 'ears',
          VISION_MODEL: 'eyes',
          LLM_TIMEOUT_MS: '1500',
        },
        chatwootFront: async (url) => (chatwootFront = await startEchoingProxy(url)),
      });
      const body = `O prazo para ${marks.message} é de 15 dias, diz o ${marks.document}.`;
      const document = { kind: 'rule', id: 'marcada', title: `Prazo ${marks.message}`, body };
      await installation.call('knowledge.upsert', { account_id, documents: [document] });
      const found = installation.tenant().inboxes.find(({ channel }) => channel === 'whatsapp');
      assert.ok(found);
      inbox = found.id;
    });
    after(async () => {
      await installation.stop();
      await Promise.all([model.stop(), modelFront.stop(), odoo.stop(), mode.stop()]);
    });
    afterEach(async () => {
      modelFront.echo(null);
      chatwootFront.echo(null);
      model.api.reset();
      await assertNoMark();
    });

    /** Everything that those who run a bridge get to see. */
    async function shown(): Promise<Record<string, string>> {
      const today = new Date().toISOString().slice(0, 10);
      const { url, adminToken } = installation.bridge;
      const get = async (path: string) => {
        const response = await fetch(`${url}${path}`, { headers: { Authorization: `Bearer ${adminToken}` } });
        assert.equal(response.status, 200, path);
        return response.text();
      };
      const ask = async (method: string, params: object) =>
        JSON.stringify(await installation.call(method, { account_id, ...params }));
      return {
        log: installation.log,
        ready: await get('/ready'),
        metrics: await get('/metrics'),
        overview: await get('/console/api/overview'),
        turns: await get(`/console/api/turns?account_id=${account_id}`),
        audit: await ask('audit.list', {}),
        usage: await ask('usage.summary', { from: today, to: today }),
        status: await ask('knowledge.status', {}),
      };
    }

    async function assertNoMark(): Promise<void> {
      for (const [where, text] of Object.entries(await shown())) {
        // What was saved for customers by the business has titles, and people may see those where turns are shown.
        const named = where === 'turns' ? text.replaceAll(/"title":"[^"]*"/g, '') : text;
        for (const [what, mark] of Object.entries(marks)) {
          const at = named.toLowerCase().indexOf(mark.toLowerCase());
          assert.equal(at, -1, `${what} in ${where}: …${named.slice(Math.max(0, at - 300), at + 60)}…`);
        }
      }
    }

    function write(text: string | null, more: object = {}) {
      const account = installation.tenant().chatwootAccountId;
      return installation.api.customerWrites({ account, inbox, contact, text, ...more });
    }

    async function answered(text: string | null, more: object = {}): Promise<string> {
      const reply = await installation.api.waitForReply(write(text, more), undefined, 60_000);
      await installation.quiet();
      return reply.content ?? '';
    }

    const question = (index: number) => `Qual o prazo de ${marks.message} número ${index}?`;
    const search = { toolCalls: [{ name: 'search_knowledge', arguments: { query: `prazo ${marks.message}` } }] };

    it('an answer with a tool', async () => {
      model.api.expect([{ answer: search }, { answer: { text: `São 15 dias, ${marks.reply}.` } }]);
      assert.match(await answered(question(1)), new RegExp(marks.reply));
    });

    it('a voice note and a picture', async () => {
      model.api.config = { ...model.api.config, mode: 'rules' };
      await answered(null, { attachments: [{ type: 'audio', fileName: `${marks.name}.ogg` }] });
      await answered(null, { attachments: [{ type: 'image', fileName: `${marks.name}.png` }] });
      model.api.config = { ...model.api.config, mode: 'script' };
    });

    for (const status of [400, 401, 422, 429, 500]) {
      it(`a model that answers ${status} and repeats the whole prompt`, async () => {
        const before = modelFront.echoed;
        modelFront.echo(status);
        await answered(question(status));
        assert.ok(modelFront.echoed > before);
      });
    }

    it('an endpoint that refuses a voice note and repeats it', async () => {
      modelFront.echo(500);
      await answered(null, { attachments: [{ type: 'audio', fileName: `${marks.name}.ogg` }] });
    });

    it('a model that says nonsense, and one that misuses its tools', async () => {
      const wrong = { toolCalls: [{ name: 'search_knowledge', arguments: { [marks.message]: marks.reply } }] };
      model.api.expect([{ answer: wrong }, { answer: wrong }]);
      await answered(question(6));
      installation.api.markPending(conversationOf(question(6)));
      await installation.quiet();
      model.api.expect([
        { answer: { text: `São 45 dias, ${marks.reply}.` } },
        { answer: { text: `É certo: 45, ${marks.reply}.` } },
      ]);
      await answered(question(7));
      installation.api.markPending(conversationOf(question(7)));
      await installation.quiet();
    });

    /** Where this question was asked. */
    function conversationOf(text: string): { account: number; conversation: number } {
      const account = installation.tenant().chatwootAccountId;
      const conversation = installation.api
        .conversationsOf(account)
        .find(({ id }) =>
          installation.api.messagesOf({ account, conversation: id }).some(({ content }) => content === text),
        );
      assert.ok(conversation);
      return { account, conversation: conversation.id };
    }

    it('a person takes over, writes a note and gives it back', async () => {
      model.api.config = { ...model.api.config, mode: 'rules' };
      const asked = write(question(8));
      await installation.api.waitForReply(asked, undefined, 60_000);
      installation.api.personNotes({ ...asked, text: `Cuidado: ${marks.note}` });
      installation.api.personReplies({ ...asked, text: `Oi ${marks.name}, ${marks.reply}` });
      await installation.quiet();
      installation.api.markPending(asked);
      await installation.quiet();
      model.api.config = { ...model.api.config, mode: 'script' };
    });

    for (const status of [422, 500]) {
      it(`a Chatwoot that answers ${status} and repeats what it was sent`, async () => {
        const before = chatwootFront.echoed;
        chatwootFront.echo(status, /^POST .*\/messages/);
        const asked = write('quais as formas de pagamento?');
        await installation.api.waitFor('a refused reply', () => chatwootFront.echoed > before || false, 60_000);
        await assertNoMark();
        chatwootFront.echo(null);
        await installation.api.waitForReply(asked, undefined, 120_000).catch(() => undefined);
      });
    }

    it('an Odoo that fails and repeats what it was asked', async () => {
      const marked = { account_id: 'loja_marcada', name: 'Loja', domain: 'retail' };
      const ref = 'loja_marcada-odoo';
      const link = { api: 'json2', url: odoo.url, db: 'loja', credential_ref: ref };
      await installation.call('tenant.upsert', { ...marked, integrations: { odoo: link } });
      const fields = { login: 'bot', api_key: 'chave-do-teste' };
      await installation.call('credentials.set', { account_id: 'loja_marcada', ref, kind: 'odoo', fields });
      const asking = {
        account_id: 'loja_marcada',
        message: question(9),
        channel: 'whatsapp',
        contact: { name: contact.name },
      };
      await installation.call('crew.ask', asking);
      await installation.call('tenant.check', { account_id: 'loja_marcada' });
      odoo.echo(422);
      await installation.call('crew.ask', asking);
      await installation.call('tenant.check', { account_id: 'loja_marcada' });
      assert.ok(odoo.echoed > 1);
    });

    it('a delivery that is no JSON, unsigned, or strange', async () => {
      const url = `${installation.bridge.url}/webhooks/chatwoot/${account_id}`;
      for (const body of [`{"content":"${marks.message}`, JSON.stringify({ event: marks.message, name: marks.name })]) {
        assert.equal((await fetch(url, { method: 'POST', body })).status, 401);
      }
      const rpc = `${installation.bridge.url}/rpc`;
      const headers = { Authorization: `Bearer ${installation.bridge.adminToken}`, 'Content-Type': 'application/json' };
      for (const params of [
        { account_id, message: 5, contact: marks },
        { account_id: marks.name, message: marks.message },
      ]) {
        await fetch(rpc, {
          method: 'POST',
          headers,
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'crew.ask', params }),
        });
      }
    });

    it('a crash in the middle and what follows it', async () => {
      const hold = installation.api.holdNext({ path: 'messages.create', when: 'after-store' });
      const asked = write('qual o horário de funcionamento da loja?', {
        contact: { name: contact.name, phone_number: `+${marks.phone}5` },
      });
      await hold.reached;
      await installation.kill();
      hold.release();
      await installation.restart();
      await installation.quiet();
      assert.ok(installation.repliesIn(asked).length > 0);
    });
  });
}
