import assert from 'node:assert/strict';
import { EndpointHabits } from '../../../bridge/adapters/openai/endpoint-habits.ts';
import { OpenAiImageReader } from '../../../bridge/adapters/openai/image-reader.ts';
import { OpenAiTranscriber } from '../../../bridge/adapters/openai/transcriber.ts';
import { codeOf } from '../../../bridge/core/errors.ts';
import { picturesOf } from '../../sandbox/model-server/chat-request.ts';
import { eachModelServer } from './endpoint-world.ts';

const voice = { bytes: Buffer.from('OggS voice'), type: 'audio/ogg' };
const picture = { bytes: Buffer.from('\x89PNG pixels', 'latin1'), type: 'image/png' };
const noEnd = new AbortController().signal;

describe('a transcriber behind an endpoint', () => {
  const server = eachModelServer();
  const transcriber = (timeoutMs = 5_000) =>
    new OpenAiTranscriber({ baseUrl: server().url, apiKey: 'key', model: 'ears', timeoutMs });

  it('sends the bytes under a name that says what they are, with the model and the likely language', async () => {
    server().api.transcripts.push('Qual o preço do batom?');
    const heard = await transcriber().transcribe(voice, 'pt', noEnd);
    assert.equal(heard.text, 'Qual o preço do batom?');
    assert.deepEqual(
      server().api.calls.map(({ request }) => request),
      [{ file: 'voice.ogg', bytes: voice.bytes.length, model: 'ears', language: 'pt' }],
    );
    await transcriber().transcribe({ ...voice, type: 'audio/mp4' }, 'pt', noEnd);
    assert.match(JSON.stringify(server().api.calls[1]?.request), /voice\.m4a/);
  });

  it('counts nothing when the endpoint does not', async () => {
    assert.deepEqual((await transcriber().transcribe(voice, 'pt', noEnd)).usage, { inputTokens: 0, outputTokens: 0 });
  });

  for (const [what, fault, code] of [
    ['is busy', { action: 'error', status: 503 }, 'upstream_unavailable'],
    ['limits', { action: 'rate-limit' }, 'upstream_unavailable'],
    ['hangs up', { action: 'cut' }, 'upstream_unavailable'],
    ['refuses the file', { action: 'error', status: 415 }, 'upstream_rejected'],
    ['answers a page', { action: 'not-json' }, 'model_misbehaved'],
    ['stalls', { action: 'stall' }, 'upstream_unavailable'],
  ] as const) {
    it(`an endpoint that ${what} is ${code}, asked once`, async () => {
      server().api.fault({ endpoint: 'transcriptions', ...fault });
      await assert.rejects(transcriber(300).transcribe(voice, 'pt', noEnd), (error) => codeOf(error) === code);
      assert.equal(server().api.calls.length, 1);
    });
  }
});

describe('an image reader behind an endpoint', () => {
  const server = eachModelServer();
  const habits = new EndpointHabits();
  const reader = () =>
    new OpenAiImageReader({ baseUrl: server().url, apiKey: 'key', model: 'eyes', timeoutMs: 5_000, habits });

  it('sends the picture itself and no link, and asks for the language of the conversation', async () => {
    server().api.expect([
      { match: { model: 'eyes', anyMessage: 'Brazilian Portuguese' }, answer: { text: 'Batom quebrado.' } },
    ]);
    const seen = await reader().describe(picture, 'pt', noEnd);
    assert.equal(seen.text, 'Batom quebrado.');
    assert.ok(seen.usage.inputTokens > 0);
    const [request] = server().api.chats;
    assert.ok(request);
    assert.deepEqual(picturesOf(request), [picture.bytes]);
  });

  it('what is no answer is none', async () => {
    server().api.fault({ endpoint: 'chat', action: 'not-json' });
    await assert.rejects(reader().describe(picture, 'pt', noEnd), (error) => codeOf(error) === 'model_misbehaved');
    server().api.fault({ endpoint: 'chat', action: 'error', status: 503 });
    await assert.rejects(reader().describe(picture, 'pt', noEnd), (error) => codeOf(error) === 'upstream_unavailable');
  });
});
