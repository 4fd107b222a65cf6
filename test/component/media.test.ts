// Voice notes and pictures through a whole bridge: from Chatwoot's storage to the endpoint, into the answer, and into no log.
import assert from 'node:assert/strict';
import type { IncomingFile } from '../sandbox/chatwoot/helpers/incoming-file.ts';
import { picturesOf } from '../sandbox/model-server/chat-request.ts';
import { startModelServer } from '../sandbox/model-server/start-model-server.ts';
import type { ModelServer } from '../sandbox/model-server/start-model-server.ts';
import { startFileServer } from '../unit/media/file-server.ts';
import { Installation } from './installation.ts';

const spoken = 'Oi, eu queria saber qual o prazo para trocar um produto?';
const voice: IncomingFile = { type: 'audio' };
const picture: IncomingFile = { type: 'image' };
let caller = 0;

async function send(installation: Installation, text: string | null, attachments: IncomingFile[]) {
  caller += 1;
  const tenant = installation.tenant();
  const inbox = tenant.inboxes.find(({ channel }) => channel === 'whatsapp');
  assert.ok(inbox);
  const contact = { name: 'Rita', phone_number: `+55119770000${String(caller).padStart(2, '0')}` };
  const where = { account: tenant.chatwootAccountId, inbox: inbox.id };
  const wrote = installation.api.customerWrites({ ...where, contact, text, attachments });
  const reply = await installation.api.waitForReply(wrote, undefined, 60_000);
  await installation.quiet();
  assert.equal(installation.repliesIn(wrote).length, 1);
  return reply.content ?? '';
}

describe('a bridge whose endpoint hears and sees', () => {
  let model: ModelServer;
  let installation: Installation;

  before(async function () {
    // The first start of a build takes its time.
    this.timeout(120_000);
    model = await startModelServer();
    installation = await Installation.start({
      environment: {
        OPENAI_BASE_URL: model.url,
        OPENAI_API_KEY: 'test-key',
        LLM_MODEL: 'scripted',
        TRANSCRIPTION_MODEL: 'ears',
        VISION_MODEL: 'eyes',
      },
    });
  });
  after(async () => {
    await installation.stop();
    await model.stop();
  });
  afterEach(() => {
    const { unplanned } = model.api;
    model.api.reset();
    assert.deepEqual(unplanned, []);
  });

  const search = { toolCalls: [{ name: 'search_knowledge', arguments: { query: 'prazo para trocar um produto' } }] };
  const answer = { text: 'O prazo é de 15 dias corridos.' };
  const heard = () => model.api.calls.filter(({ endpoint }) => endpoint === 'transcriptions').length;

  it('answers what was said in a voice note, and the model is told that it was heard', async () => {
    model.api.transcripts.push(spoken);
    model.api.expect([
      { match: { model: 'scripted', lastMessage: `[mensagem de voz] ${spoken}` }, answer: search },
      { match: { lastRole: 'tool' }, answer },
    ]);
    assert.equal(await send(installation, null, [voice]), answer.text);
    model.api.assertDone();
    assert.equal(heard(), 1);
  });

  it('waits for a file that is not stored yet', async () => {
    model.api.transcripts.push(spoken);
    model.api.expect([{ answer: search }, { match: { lastRole: 'tool' }, answer }]);
    assert.equal(await send(installation, null, [{ ...voice, missingFor: 2 }]), answer.text);
  });

  it('reads every picture of a message and answers its words with them', async () => {
    const seen = ['batom vermelho', 'caixa amassada', 'nota fiscal 881'];
    model.api.expect(
      [
        ...seen.map((text) => ({ match: { model: 'eyes' }, answer: { text } })),
        {
          match: {
            model: 'scripted',
            lastRole: 'user' as const,
            lastMessage: /^Posso trocar\?\n(?:\[imagem: .+\]\n?){3}$/,
          },
          answer: search,
        },
        { match: { model: 'scripted', lastRole: 'tool' as const }, answer },
      ],
      { anyOrder: true },
    );
    const photos = ['a', 'b', 'c'].map((pixel) => ({ ...picture, base64: png(pixel) }));
    assert.equal(await send(installation, 'Posso trocar?', photos), answer.text);
    model.api.assertDone();
    const eyes = model.api.chats.filter((request) => request.model === 'eyes');
    assert.deepEqual(
      eyes.flatMap((request) => picturesOf(request).map((bytes) => bytes.toString('base64'))).sort(),
      photos.map(({ base64 }) => base64).sort(),
    );
  });

  it('never fetches 50 MB, and asks for words', async () => {
    const large = { ...voice, text: `OggS${'.'.repeat(50_000_000)}` };
    assert.match(await send(installation, null, [large]), /não consegui ouvir/);
    assert.equal(heard(), 0);
  });

  it('never goes to an address inside the network, answers the words and says that the picture was not seen', async () => {
    const inside = await startFileServer();
    model.api.expect([{ answer: search }, { match: { lastRole: 'tool' }, answer }]);
    const lured = { ...picture, extra: { data_url: `${inside.url}/metadata` } };
    assert.equal(
      await send(installation, 'Qual o prazo para trocar?', [lured]),
      `${answer.text}\n\nNão consegui ver a imagem que você mandou. Se for importante, me conte por escrito.`,
    );
    assert.deepEqual(inside.asked, []);
    await inside.stop();
  });

  it('an endpoint that fails twice: a sentence that asks for words, and the conversation stays ours', async () => {
    model.api.fault({ endpoint: 'transcriptions', action: 'error', status: 503, count: 2 });
    assert.match(await send(installation, null, [voice]), /não consegui ouvir por aqui\. Pode me escrever/);
    assert.equal(heard(), 2);
  });

  it('writes nothing of what was said or seen, and no address of a file, into its log', () => {
    assert.ok(installation.log.includes('media.unread'));
    assert.doesNotMatch(installation.log, /queria saber|batom vermelho|caixa amassada|nota fiscal 881|active_storage/);
  });

  it('keeps to the calls Chatwoot documents for these tokens', () => {
    assert.deepEqual(installation.api.violations, []);
  });
});

describe('a bridge without an endpoint', () => {
  let installation: Installation;
  before(async function () {
    this.timeout(120_000);
    installation = await Installation.start();
  });
  after(() => installation.stop());

  it('asks for words when it gets a voice note, and answers the words beside a picture', async () => {
    assert.match(await send(installation, null, [voice]), /não consegui ouvir/);
    const answered = await send(installation, 'Qual o prazo para trocar um produto?', [picture]);
    assert.match(answered, /15 dias corridos/);
    assert.match(answered, /Não consegui ver a imagem que você mandou/);
  });
});

function png(content: string): string {
  return Buffer.from(`\x89PNG\r\n\x1a\n${content}`, 'latin1').toString('base64');
}
