// The model server's own guarantees, checked with the client the bridge uses.
import assert from 'node:assert/strict';
import OpenAI, { APIConnectionTimeoutError, APIError, RateLimitError } from 'openai';
import { type ModelServer, startModelServer } from '../../sandbox/model-server/start-model-server.ts';

const TOOL = {
  type: 'function' as const,
  function: {
    name: 'search_knowledge',
    description: 'rules',
    parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
  },
};
const ASK = { model: 'm', messages: [{ role: 'user' as const, content: 'Qual o prazo de troca?' }], tools: [TOOL] };

describe('model server', () => {
  let server: ModelServer;
  let client: OpenAI;

  beforeEach(async () => {
    server = await startModelServer();
    client = new OpenAI({ baseURL: server.url, apiKey: 'any', maxRetries: 0 });
  });
  afterEach(() => server.stop());

  it('answers planned calls in order and says when one was never made', async () => {
    server.api.expect([
      {
        match: { lastMessage: 'prazo', tools: ['search_knowledge'] },
        answer: { toolCalls: [{ name: 'search_knowledge', arguments: { query: 'troca' } }] },
      },
      { name: 'answer from the tool', match: { lastRole: 'tool' }, answer: { text: 'Sete dias.' } },
    ]);
    const first = await client.chat.completions.create(ASK);
    assert.equal(first.choices[0]?.finish_reason, 'tool_calls');
    assert.throws(() => server.api.assertDone(), /never called: answer from the tool/);
    const message = first.choices[0].message;
    const call = message.tool_calls?.[0];
    assert.ok(call);
    const second = await client.chat.completions.create({
      ...ASK,
      messages: [...ASK.messages, message, { role: 'tool', tool_call_id: call.id, content: 'Troca em 7 dias' }],
    });
    assert.equal(second.choices[0]?.message.content, 'Sete dias.');
    assert.ok((second.usage?.total_tokens ?? 0) > 0);
    server.api.assertDone();
  });

  it('refuses and remembers a call nobody planned', async () => {
    await assert.rejects(client.chat.completions.create(ASK), APIError);
    assert.throws(() => server.api.assertDone(), /unplanned call/);
  });

  it('refuses a tool result that answers no tool call, as the real endpoint does', async () => {
    server.api.config.mode = 'rules';
    const messages = [...ASK.messages, { role: 'tool' as const, tool_call_id: 'call_x', content: 'x' }];
    await assert.rejects(client.chat.completions.create({ ...ASK, messages }), /answers no tool call/);
  });

  it('asks the knowledge tool first and answers from its result when it follows its rules', async () => {
    server.api.config.mode = 'rules';
    const first = await client.chat.completions.create(ASK);
    const message = first.choices[0]?.message;
    const call = message?.tool_calls?.[0];
    assert.ok(message && call?.type === 'function');
    assert.deepEqual(JSON.parse(call.function.arguments), { query: 'Qual o prazo de troca?' });
    const content = JSON.stringify({ hits: [{ title: 'Troca', body: 'Trocas em até 7 dias.' }] });
    const second = await client.chat.completions.create({
      ...ASK,
      messages: [...ASK.messages, message, { role: 'tool', tool_call_id: call.id, content }],
    });
    assert.equal(second.choices[0]?.message.content, 'Trocas em até 7 dias.');
  });

  it('fills a JSON schema when one is asked for', async () => {
    server.api.config.mode = 'rules';
    const schema = {
      type: 'object',
      properties: { service: { type: 'string', enum: ['sales', 'troca'] }, confidence: { type: 'number' } },
    };
    const answer = await client.chat.completions.create({
      model: 'm',
      messages: ASK.messages,
      response_format: { type: 'json_schema', json_schema: { name: 'route', schema } },
    });
    assert.deepEqual(JSON.parse(answer.choices[0]?.message.content ?? ''), { service: 'troca', confidence: 0.9 });
  });

  it('gives the same text the same vector, in both encodings, and common words make texts near', async () => {
    const texts = ['prazo de troca de produto', 'Qual o prazo de troca?', 'horário de funcionamento'];
    const packed = await client.embeddings.create({ model: 'e', input: texts, dimensions: 128 });
    const plain = await client.embeddings.create({
      model: 'e',
      input: texts,
      dimensions: 128,
      encoding_format: 'float',
    });
    const [exchange, question, hours] = packed.data.map((item) => item.embedding);
    assert.ok(exchange && question && hours);
    assert.equal(exchange.length, 128);
    assert.deepEqual(
      exchange.map((value) => value.toFixed(5)),
      plain.data[0]?.embedding.map((value) => value.toFixed(5)),
    );
    const dot = (a: number[], b: number[]): number => a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0);
    assert.ok(dot(exchange, question) > dot(exchange, hours) + 0.2);
  });

  it('transcribes with the planned text', async () => {
    server.api.transcripts.push('quero trocar');
    const answer = await client.audio.transcriptions.create({
      model: 'w',
      file: new File(['abc'], 'voz.ogg', { type: 'audio/ogg' }),
    });
    assert.equal(answer.text, 'quero trocar');
    assert.deepEqual(server.api.calls[0]?.request, { file: 'voz.ogg', bytes: 3, model: 'w', language: null });
  });

  it('stalls, limits, breaks tool arguments and answers no JSON on demand', async () => {
    server.api.config.mode = 'rules';
    server.api.fault({ action: 'stall' });
    await assert.rejects(client.chat.completions.create(ASK, { timeout: 50 }), APIConnectionTimeoutError);
    server.api.fault({ action: 'rate-limit', retry_after_s: 7 });
    const limited = await client.chat.completions.create(ASK).catch((error: unknown) => error);
    assert.ok(limited instanceof RateLimitError);
    assert.equal(limited.headers.get('retry-after'), '7');
    server.api.fault({ action: 'bad-tool-arguments' });
    const broken = await client.chat.completions.create(ASK);
    const call = broken.choices[0]?.message.tool_calls?.[0];
    assert.ok(call?.type === 'function');
    assert.throws(() => JSON.parse(call.function.arguments) as unknown, SyntaxError);
    server.api.fault({ action: 'error', status: 503, skip: 1 });
    await client.chat.completions.create(ASK);
    await assert.rejects(client.chat.completions.create(ASK), /503/);
  });

  it('is planned and watched over HTTP when it runs as a process', async () => {
    const base = server.url.replace('/v1', '');
    const post = (path: string, body: unknown): Promise<Response> =>
      fetch(base + path, { method: 'POST', body: JSON.stringify(body) });
    await post('/sandbox/script', { steps: [{ match: { lastMessage: '/prazo.*troca/' }, answer: { text: 'ok' } }] });
    assert.equal((await client.chat.completions.create(ASK)).choices[0]?.message.content, 'ok');
    const seen = (await (await fetch(`${base}/sandbox/calls`)).json()) as { calls: unknown[]; unplanned: unknown[] };
    assert.equal(seen.calls.length, 1);
    assert.deepEqual(seen.unplanned, []);
    assert.equal((await post('/sandbox/script', { steps: [{ wrong: 1 }] })).status, 400);
  });
});
