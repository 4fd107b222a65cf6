import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { OpenAiChatModel } from '../../../bridge/adapters/openai/chat-model.ts';
import { readCompletion } from '../../../bridge/adapters/openai/completion.ts';
import { EndpointHabits } from '../../../bridge/adapters/openai/endpoint-habits.ts';
import { OpenAiImageReader } from '../../../bridge/adapters/openai/image-reader.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { ModelRequest } from '../../../bridge/core/ports/chat-model.ts';

const request: ModelRequest = {
  messages: [
    { role: 'system', text: 'Você atende.' },
    { role: 'user', text: 'Qual o prazo?' },
    { role: 'assistant', text: '', toolCalls: [{ id: 'c1', name: 'search', argumentsJson: '{"query":"prazo"}' }] },
    { role: 'tool', callId: 'c1', text: '15 dias' },
  ],
  tools: [{ name: 'search', description: 'Searches.', parameters: { type: 'object' } }],
  maxOutputTokens: 700,
};
const answer = (message: object, more: object = {}) => ({
  id: 'x',
  object: 'chat.completion',
  choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', ...message } }],
  usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
  ...more,
});

describe('a model behind an OpenAI-compatible endpoint', () => {
  let server: Server;
  let url: string;
  let respond: (response: ServerResponse, body: string, request: IncomingMessage) => void;
  let seen: { path: string | undefined; headers: IncomingMessage['headers']; body: unknown }[];

  beforeEach(async () => {
    seen = [];
    server = createServer((incoming, response) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => {
        const body = Buffer.concat(chunks).toString();
        seen.push({ path: incoming.url, headers: incoming.headers, body: JSON.parse(body) });
        respond(response, body, incoming);
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });

  const json =
    (body: unknown, status = 200, headers: Record<string, string> = {}) =>
    (response: ServerResponse) =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  const model = (timeoutMs = 5_000) =>
    new OpenAiChatModel({ baseUrl: url, apiKey: 'k-secret', model: 'm1', timeoutMs, habits: new EndpointHabits() });
  const next = (signal = new AbortController().signal, timeoutMs?: number) => model(timeoutMs).next(request, signal);

  async function failure(signal?: AbortSignal, timeoutMs?: number): Promise<BridgeError> {
    try {
      await next(signal, timeoutMs);
    } catch (error) {
      assert.ok(error instanceof BridgeError, String(error));
      return error;
    }
    return assert.fail('it answered');
  }

  it('is asked in the endpoint’s form, once', async () => {
    respond = json(answer({ content: 'São 15 dias.' }));
    await next();
    assert.equal(seen.length, 1);
    const [{ path, headers, body } = assert.fail()] = seen;
    assert.deepEqual([path, headers.authorization], ['/v1/chat/completions', 'Bearer k-secret']);
    assert.deepEqual(body, {
      model: 'm1',
      max_tokens: 700,
      messages: [
        { role: 'system', content: 'Você atende.' },
        { role: 'user', content: 'Qual o prazo?' },
        {
          role: 'assistant',
          content: '',
          tool_calls: [{ id: 'c1', type: 'function', function: { name: 'search', arguments: '{"query":"prazo"}' } }],
        },
        { role: 'tool', tool_call_id: 'c1', content: '15 dias' },
      ],
      tools: [
        { type: 'function', function: { name: 'search', description: 'Searches.', parameters: { type: 'object' } } },
      ],
    });
  });

  it('hears all of the system’s words as one message at the start', async () => {
    respond = json(answer({ content: 'Oi' }));
    const messages: ModelRequest['messages'] = [
      { role: 'system', text: 'Você atende.' },
      { role: 'user', text: 'Oi' },
      { role: 'system', text: 'Agora são 10 h.' },
      { role: 'user', text: 'Qual o prazo?' },
    ];
    await model().next({ ...request, messages }, new AbortController().signal);
    assert.deepEqual((seen[0]?.body as { messages: unknown }).messages, [
      { role: 'system', content: 'Você atende.\n\nAgora são 10 h.' },
      { role: 'user', content: 'Oi' },
      { role: 'user', content: 'Qual o prazo?' },
    ]);
  });

  it('that knows the limit of an answer by another name is asked by that name, and this is learned once', async () => {
    const habits = new EndpointHabits();
    const made = () => new OpenAiChatModel({ baseUrl: url, apiKey: 'k', model: 'm1', timeoutMs: 5_000, habits });
    const refuse = (name: string) => (response: ServerResponse, body: string) =>
      body.includes(`"${name}"`)
        ? json({ error: { message: `Unsupported parameter: '${name}'` } }, 400)(response)
        : json(answer({ content: 'Oi' }))(response);
    respond = refuse('max_tokens');
    await made().next(request, new AbortController().signal);
    await made().next(request, new AbortController().signal);
    const names = seen.map(({ body }) => Object.keys(body as object).find((name) => name.startsWith('max_')));
    assert.deepEqual(names, ['max_tokens', 'max_completion_tokens', 'max_completion_tokens']);
    respond = refuse('max_completion_tokens');
    assert.equal((await made().next(request, new AbortController().signal)).text, 'Oi');
    assert.ok(!JSON.stringify(seen.at(-1)?.body).includes('max_'));
  });

  it('that looks at pictures learns the name of the limit just the same', async () => {
    respond = (response, body) =>
      body.includes('"max_tokens"')
        ? json({ error: { message: "Unsupported parameter: 'max_tokens'" } }, 400)(response)
        : json(answer({ content: 'Um batom.' }))(response);
    const endpoint = { baseUrl: url, apiKey: 'k', model: 'eyes', timeoutMs: 5_000, habits: new EndpointHabits() };
    const picture = { bytes: new Uint8Array([1]), type: 'image/png' };
    const described = await new OpenAiImageReader(endpoint).describe(picture, 'pt', new AbortController().signal);
    assert.equal(described.text, 'Um batom.');
  });

  it('that refuses every name of the limit is refused, and its words stay outside', async () => {
    respond = json({ error: { message: 'max_tokens or max_completion_tokens: O cliente disse oi' } }, 400);
    const error = await failure();
    assert.equal(error.code, 'upstream_rejected');
    assert.ok(!error.message.includes('cliente'));
    assert.equal(seen.length, 3);
  });

  it('names no tools where there are none, because endpoints refuse an empty list', async () => {
    respond = json(answer({ content: 'Oi' }));
    await model().next({ ...request, tools: [] }, new AbortController().signal);
    assert.ok(!('tools' in (seen[0]?.body as object)));
  });

  it('gives text and what it cost', async () => {
    respond = json(answer({ content: 'São 15 dias.' }));
    assert.deepEqual(await next(), {
      text: 'São 15 dias.',
      toolCalls: [],
      usage: { inputTokens: 11, outputTokens: 7 },
    });
  });

  it('gives every tool call as it was written, also with broken arguments', async () => {
    const tool_calls = [
      { id: 'a', type: 'function', function: { name: 'search', arguments: '{"query": "x"}' } },
      { id: 'b', type: 'function', function: { name: 'fly', arguments: '{"que' } },
    ];
    respond = json(answer({ content: null, tool_calls }));
    const { text, toolCalls } = await next();
    assert.equal(text, '');
    assert.deepEqual(toolCalls, [
      { id: 'a', name: 'search', argumentsJson: '{"query": "x"}' },
      { id: 'b', name: 'fly', argumentsJson: '{"que' },
    ]);
  });

  const strange: [string, object, object][] = [
    [
      'no usage',
      answer({ content: 'Oi' }, { usage: undefined }),
      { text: 'Oi', usage: { inputTokens: 0, outputTokens: 0 } },
    ],
    [
      'usage that is none',
      answer({ content: 'Oi' }, { usage: { prompt_tokens: '9' } }),
      { text: 'Oi', usage: { inputTokens: 0, outputTokens: 0 } },
    ],
    [
      'content in parts',
      answer({ content: [{ type: 'text', text: 'O' }, { type: 'text', text: 'i' }, { type: 'image' }] }),
      { text: 'Oi' },
    ],
    [
      'arguments as an object',
      answer({ tool_calls: [{ id: 'a', function: { name: 's', arguments: { q: 1 } } }] }),
      { toolCalls: [{ id: 'a', name: 's', argumentsJson: '{"q":1}' }] },
    ],
    [
      'calls without id, type or arguments',
      answer({ tool_calls: [{ function: { name: 's' } }, { function: { name: 't' } }] }),
      {
        toolCalls: [
          { id: 'call_0', name: 's', argumentsJson: '' },
          { id: 'call_1', name: 't', argumentsJson: '' },
        ],
      },
    ],
    ['no list of calls', answer({ content: 'Oi', tool_calls: null }), { text: 'Oi', toolCalls: [] }],
  ];
  for (const [name, body, expected] of strange) {
    it(`is understood with ${name}`, async () => {
      respond = json(body);
      const step = await next();
      assert.deepEqual({ ...step, ...expected }, step);
    });
  }

  const nonsense: [string, unknown][] = [
    ['no choices', { choices: [] }],
    ['choices that are null', { choices: null }],
    ['a choice without a message', { choices: [{}] }],
    ['another object', { error: 'x' }],
    ['null', null],
    ['a text', 'oi'],
    ['a call without a function', answer({ tool_calls: [{ id: 'a' }] })],
  ];
  for (const [name, body] of nonsense) {
    it(`that answers ${name} misbehaves`, async () => {
      respond = json(body);
      assert.equal((await failure()).code, 'model_misbehaved');
    });
  }

  it('that answers a web page, or half a JSON, misbehaves', async () => {
    for (const type of ['text/html', 'application/json']) {
      respond = (response) => void response.writeHead(200, { 'content-type': type }).end('<html>Login</html>');
      assert.equal((await failure()).code, 'model_misbehaved', type);
    }
  });

  const refusals: [number, BridgeError['code']][] = [
    [400, 'upstream_rejected'],
    [401, 'upstream_rejected'],
    [403, 'upstream_rejected'],
    [404, 'upstream_rejected'],
    [429, 'upstream_unavailable'],
    [500, 'upstream_unavailable'],
    [502, 'upstream_unavailable'],
    [503, 'upstream_unavailable'],
  ];
  for (const [status, code] of refusals) {
    it(`that answers ${status} is ${code}: asked once, and the provider’s words stay outside`, async () => {
      respond = json({ error: { message: 'O cliente +5531988001122 disse oi' } }, status);
      const error = await failure();
      assert.equal(error.code, code);
      assert.match(error.message, new RegExp(`${status}$`));
      assert.ok(!JSON.stringify([error.message, error.problems, error.stack, error.cause]).includes('5531'));
      assert.equal(seen.length, 1);
    });
  }

  it('says when to come back, when the endpoint said so', async () => {
    respond = json({}, 429, { 'retry-after': '7' });
    assert.equal((await failure()).retryAfterMs, 7_000);
    respond = json({}, 429, { 'retry-after': new Date(Date.now() + 60_000).toUTCString() });
    const asked = (await failure()).retryAfterMs ?? 0;
    assert.ok(asked > 30_000 && asked <= 60_000);
    for (const given of ['soon', 'Wed, 21 Oct 2026 07:28:00 GMT', '-1', '0']) {
      respond = json({}, 429, { 'retry-after': given });
      assert.equal((await failure()).retryAfterMs, undefined, given);
    }
  });

  it('that does not answer in time is given up', async () => {
    respond = () => undefined;
    assert.equal((await failure(undefined, 50)).code, 'upstream_unavailable');
  });

  it('that stalls in the middle of its answer is given up as well', async () => {
    respond = (response) => void response.writeHead(200, { 'content-type': 'application/json' }).write('{"choices": [');
    assert.equal((await failure(undefined, 100)).code, 'upstream_unavailable');
  });

  it('whose connection breaks, before or inside the answer, is unavailable', async () => {
    respond = (response) => void response.destroy();
    assert.equal((await failure()).code, 'upstream_unavailable');
    respond = (response) => {
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-length': '500' })
        .write('{"choices": [', () => response.destroy());
    };
    assert.equal((await failure()).code, 'upstream_unavailable');
  });

  it('that nobody runs is unavailable', async () => {
    const nowhere = new OpenAiChatModel({
      baseUrl: 'http://127.0.0.1:9',
      apiKey: 'k',
      model: 'm',
      timeoutMs: 2_000,
      habits: new EndpointHabits(),
    });
    await assert.rejects(nowhere.next(request, new AbortController().signal), { code: 'upstream_unavailable' });
  });

  it('is left alone when the turn is over, and the connection ends', async () => {
    const turn = new AbortController();
    const gone = new Promise<void>((resolve) => {
      respond = (response) => {
        response.on('close', resolve);
        turn.abort();
      };
    });
    assert.equal((await failure(turn.signal)).code, 'upstream_unavailable');
    await gone;
  });

  it('takes nothing from the environment that it was not given', async () => {
    const before = { ...process.env };
    Object.assign(process.env, {
      OPENAI_ORG_ID: 'org-x',
      OPENAI_PROJECT_ID: 'proj-x',
      OPENAI_BASE_URL: 'http://127.0.0.1:9',
    });
    try {
      respond = json(answer({ content: 'Oi' }));
      await next();
      const headers = JSON.stringify(seen[0]?.headers);
      assert.ok(!headers.includes('org-x') && !headers.includes('proj-x'));
    } finally {
      for (const name of ['OPENAI_ORG_ID', 'OPENAI_PROJECT_ID', 'OPENAI_BASE_URL']) {
        if (before[name] === undefined) Reflect.deleteProperty(process.env, name);
        else process.env[name] = before[name];
      }
    }
  });
});

describe('reading a completion', () => {
  it('gives a step or nothing, whatever arrives', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => void readCompletion(value)));
    const message = fc.record({ content: fc.jsonValue(), tool_calls: fc.jsonValue() });
    fc.assert(
      fc.property(message, fc.jsonValue(), (given, usage) => {
        const step = readCompletion({ choices: [{ message: given }], usage });
        if (step) {
          assert.deepEqual(
            [typeof step.text, Array.isArray(step.toolCalls), Number.isInteger(step.usage.inputTokens)],
            ['string', true, true],
          );
        }
      }),
    );
  });
});
