// One call to the model server: which endpoint it is, whether the key is right, and the writing of the answer.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerChat } from './answer-chat.ts';
import { answerEmbeddings, answerTranscription } from './answer-others.ts';
import { passFault } from './apply-fault.ts';
import { type HttpAnswer, problem } from './http-answer.ts';
import type { ModelApi, ModelCall } from './model-api.ts';
import { sleep } from './sleep.ts';

export async function handleModelCall(
  api: ModelApi,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const startedMs = performance.now();
  const bytes = await readAll(request);
  const call: ModelCall = {
    endpoint: endpointOf(path),
    at: new Date().toISOString(),
    status: null,
    ms: null,
    request: null,
    answer: null,
    step: null,
  };
  api.calls.push(call);
  const answer = isAuthorised(api, request)
    ? await answerCall(api, call, bytes, request.headers['content-type'] ?? '', response)
    : wrongKey();
  if (answer === 'gone') return;
  call.status = answer.status;
  call.answer = answer.json ?? answer.text ?? null;
  call.ms = Math.round(performance.now() - startedMs);
  write(response, answer);
}

async function answerCall(
  api: ModelApi,
  call: ModelCall,
  bytes: Buffer,
  contentType: string,
  response: ServerResponse,
): Promise<HttpAnswer | 'gone'> {
  switch (call.endpoint) {
    case 'chat':
      return answerChat(api, call, bytes, response);
    case 'embeddings': {
      const early = await passFault(api.faults.take('embeddings'), response);
      if (early !== null) return early;
      await sleep(api.config.embeddingDelayMs);
      return answerEmbeddings(api, call, bytes);
    }
    case 'transcriptions': {
      const early = await passFault(api.faults.take('transcriptions'), response);
      return early ?? answerTranscription(api, call, bytes, contentType);
    }
    case 'models':
      return {
        status: 200,
        json: { object: 'list', data: [{ id: 'sandbox-model', object: 'model', created: 0, owned_by: 'sandbox' }] },
      };
    case 'unknown':
      api.unplanned.push({ reason: 'a call to an endpoint the model server does not have', request: null });
      return { status: 404, json: problem('Unknown request URL', 'invalid_request_error') };
  }
}

function isAuthorised(api: ModelApi, request: IncomingMessage): boolean {
  return api.config.apiKey === null || request.headers.authorization === `Bearer ${api.config.apiKey}`;
}

function wrongKey(): HttpAnswer {
  return {
    status: 401,
    json: {
      error: {
        message: 'Incorrect API key provided',
        type: 'invalid_request_error',
        param: null,
        code: 'invalid_api_key',
      },
    },
  };
}

function endpointOf(path: string): ModelCall['endpoint'] {
  if (path.endsWith('/chat/completions')) return 'chat';
  if (path.endsWith('/embeddings')) return 'embeddings';
  if (path.endsWith('/audio/transcriptions')) return 'transcriptions';
  return path.endsWith('/models') ? 'models' : 'unknown';
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

function write(response: ServerResponse, answer: HttpAnswer): void {
  if (response.destroyed) return;
  const body = answer.text ?? JSON.stringify(answer.json ?? {});
  response.writeHead(answer.status, {
    'content-type': answer.text === undefined ? 'application/json' : 'text/plain; charset=utf-8',
    'content-length': Buffer.byteLength(body),
    ...answer.headers,
  });
  response.end(body);
}
