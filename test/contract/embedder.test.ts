import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import { LocalEmbedder } from '../../bridge/adapters/embedded/local-embedder.ts';
import { OpenAiEmbedder } from '../../bridge/adapters/openai/embedder.ts';
import type { EmbeddingEndpoint } from '../../bridge/adapters/openai/embedder.ts';
import { EndpointGuards } from '../../bridge/adapters/cockatiel/endpoint-guards.ts';
import { BridgeError } from '../../bridge/core/errors.ts';
import type { ErrorCode } from '../../bridge/core/errors.ts';
import { TextRefused } from '../../bridge/core/ports/embedder.ts';
import type { Embedder } from '../../bridge/core/ports/embedder.ts';
import { guardedEmbedder } from '../../bridge/guarded-systems.ts';
import { quietLog } from '../fixtures/quiet-log.ts';
import { repositoryLexicon } from '../fixtures/repository-lexicon.ts';
import { silentMetrics } from '../fixtures/silent-metrics.ts';
import { describeEmbedder } from './embedder-suite.ts';

const never = new AbortController().signal;

const lexicon = await repositoryLexicon('retail');
describeEmbedder('the local embedder', () => new LocalEmbedder(lexicon));

describe('local embedder: what it is good for', () => {
  const cosine = async (one: string, other: string) => {
    const { vectors } = await new LocalEmbedder(lexicon).embed([one, other], never);
    const [first = new Float32Array(), second = new Float32Array()] = vectors;
    return first.reduce((sum, value, i) => sum + value * (second[i] ?? 0), 0);
  };

  it('a question is nearer to its answer than to another one, also misspelt and in other words', async () => {
    const answer = 'Prazo para trocar um produto. Você troca em até 15 dias.';
    const other = 'O estacionamento fica ao lado da loja.';
    for (const asked of ['qual o prazo de troca?', 'prazo p trocarr', 'quantos dias tenho pra substituir?']) {
      assert.ok((await cosine(asked, answer)) > (await cosine(asked, other)) + 0.1, asked);
    }
  });

  it('texts about nothing in common are far apart', async () => {
    assert.ok(Math.abs(await cosine('qual a capital da França?', 'Frete grátis acima de R$ 199.')) < 0.25);
  });
});

const Body = z.strictObject({
  model: z.literal('text-embedding-3-small'),
  input: z.array(z.string().min(1).max(20_000)).min(1).max(256),
  encoding_format: z.literal('float'),
  dimensions: z.literal(512),
});

describe('embeddings over HTTP', () => {
  let server: Server;
  let requests: z.infer<typeof Body>[];
  /** Status of the next answers; 0 answers nothing at all. */
  let faults: number[];

  const endpoint = (changes: Partial<EmbeddingEndpoint> = {}): EmbeddingEndpoint => ({
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    apiKey: 'key-1',
    model: 'text-embedding-3-small',
    dimensions: 512,
    canShorten: true,
    timeoutMs: 250,
    ...changes,
  });

  before(async () => {
    server = createServer((request, response) => {
      void readBody(request).then((text) => {
        const fault = faults.shift();
        if (fault === 0) return;
        if (fault !== undefined) {
          const asksForPause = fault === 502 ? {} : { 'retry-after': '7', 'retry-after-ms': '1' };
          response.writeHead(fault, { 'content-type': 'application/json', ...asksForPause });
          response.end('{"error":{"message":"no"}}');
          return;
        }
        assert.equal(request.url, '/v1/embeddings');
        assert.equal(request.headers.authorization, 'Bearer key-1');
        const body = Body.parse(JSON.parse(text));
        requests.push(body);
        const data = body.input.map((input, index) => ({ object: 'embedding', index, embedding: madeUp(input) }));
        response.writeHead(200, { 'content-type': 'application/json' });
        // Out of order on purpose: the index decides.
        response.end(
          JSON.stringify({ object: 'list', data: data.toReversed(), usage: { total_tokens: body.input.length } }),
        );
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  beforeEach(() => {
    requests = [];
    faults = [];
  });

  after(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  describeEmbedder('an OpenAI-compatible endpoint', () => new OpenAiEmbedder(endpoint({ timeoutMs: 5_000 })));

  it('texts go in requests of at most 256, bounded in size too, and tokens are added up', async () => {
    const { tokens } = await new OpenAiEmbedder(endpoint({ timeoutMs: 5_000 })).embed(
      [...Array.from({ length: 300 }, (_, i) => `t${i}`), ...Array.from({ length: 25 }, () => 'x'.repeat(19_999))],
      never,
    );
    assert.equal(tokens, 325);
    assert.deepEqual(
      requests.map(({ input }) => input.length),
      [256, 63, 6],
    );
  });

  const rejectsWith = (embedder: Embedder, code: ErrorCode) =>
    assert.rejects(embedder.embed(['texto'], never), (error) => error instanceof BridgeError && error.code === code);

  /** As the bridge uses it. */
  const guarded = () => {
    const clock = { now: () => Date.now() };
    const random = () => 0;
    const guards = new EndpointGuards({ clock, logger: quietLog(), metrics: silentMetrics, random });
    return guardedEmbedder(new OpenAiEmbedder(endpoint()), guards, { url: endpoint().baseUrl, credential: 'key-1' });
  };

  it('asks once by itself, and once more when it is guarded, without anybody noticing', async () => {
    faults = [502];
    await rejectsWith(new OpenAiEmbedder(endpoint()), 'upstream_unavailable');
    assert.deepEqual([faults.length, requests.length], [0, 0]);
    faults = [502];
    assert.equal((await guarded().embed(['texto'], never)).vectors.length, 1);
  });

  it('tells a text the service refuses from a service that is away or refuses us', async () => {
    for (const [fault, isRefused] of [
      [400, true],
      [413, true],
      [422, true],
      [401, false],
      [404, false],
    ] as const) {
      faults = [fault];
      const embedder = new OpenAiEmbedder(endpoint());
      await assert.rejects(embedder.embed(['texto'], never), (error) => error instanceof TextRefused === isRefused);
    }
  });

  const outcomes: [string, number, ErrorCode][] = [
    ['a server error', 500, 'upstream_unavailable'],
    ['too many requests', 429, 'upstream_unavailable'],
    ['silence', 0, 'upstream_unavailable'],
    ['a refused key', 401, 'upstream_rejected'],
    ['a refused request', 400, 'upstream_rejected'],
  ];
  for (const [what, fault, code] of outcomes) {
    it(`${what} is ${code}`, async () => {
      faults = [fault, fault];
      await rejectsWith(new OpenAiEmbedder(endpoint()), code);
    });
  }

  it('an endpoint that is not there is upstream_unavailable', async () => {
    await rejectsWith(new OpenAiEmbedder(endpoint({ baseUrl: 'http://127.0.0.1:9/v1' })), 'upstream_unavailable');
  });

  it('vectors of another length are refused and the message says which', async () => {
    const embedder = new OpenAiEmbedder({ ...endpoint(), dimensions: 512 });
    Object.defineProperty(embedder, 'dimensions', { value: 1536 });
    await assert.rejects(embedder.embed(['texto'], never), /512 numbers, not 1536/);
  });

  it('an endpoint that keeps failing is not asked again by every search', async () => {
    const embedder = guarded();
    faults = Array.from({ length: 10 }, () => 503);
    for (let i = 0; i < 5; i++) await rejectsWith(embedder, 'upstream_unavailable');
    const left = faults.length;
    await rejectsWith(embedder, 'upstream_unavailable');
    assert.deepEqual([faults.length, requests.length], [left, 0]);
  });
});

function madeUp(text: string): number[] {
  const hash = createHash('sha512').update(text).digest();
  return Array.from({ length: 512 }, (_, i) => hash.readInt8(i % 64) + i / 512);
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
