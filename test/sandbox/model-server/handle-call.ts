// One call to the model server: which endpoint, is the request one the real endpoint would take, which answer is planned,
// and what goes wrong with it.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseMultipart } from '../chatwoot/rest/parse-multipart.ts';
import { chatCompletion, type ModelAnswer } from './chat-answer.ts';
import { chatRequest, type ChatRequest, orderProblem } from './chat-request.ts';
import { embeddingsAnswer, embeddingsRequest } from './embeddings.ts';
import { applyFault, breakAnswer } from './apply-fault.ts';
import type { ModelApi, ModelCall } from './model-api.ts';
import { modelFault, type ReadyFault } from './model-fault.ts';
import { ruleAnswer } from './rule-answers.ts';

export interface HttpAnswer {
  status: number;
  json?: unknown;
  text?: string;
  headers?: Record<string, string>;
}

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

async function answerChat(
  api: ModelApi,
  call: ModelCall,
  bytes: Buffer,
  response: ServerResponse,
): Promise<HttpAnswer | 'gone'> {
  const raw = parseJson(bytes);
  call.request = raw;
  const parsed = chatRequest.safeParse(raw);
  if (!parsed.success)
    {return refuse(
      api,
      raw,
      parsed.error.issues.map((issue) => `${issue.path.map(String).join('.')}: ${issue.message}`).join('; '),
    );}
  const order = orderProblem(parsed.data.messages);
  if (order !== null) return refuse(api, raw, order);
  const fault = api.faults.take('chat');
  const early = await passFault(fault, response);
  if (early !== null) return early;
  const planned = plan(api, call, parsed.data);
  if (planned === null)
    {return refuse(
      api,
      raw,
      `unplanned call, last message: ${JSON.stringify(parsed.data.messages.at(-1)).slice(0, 300)}`,
    );}
  const stepEarly = await passFault(planned.fault, response);
  if (stepEarly !== null) return stepEarly;
  await sleep(api.config.delayMs);
  return { status: 200, json: chatCompletion(parsed.data, breakAnswer(planned.answer, planned.fault ?? fault)) };
}

function plan(
  api: ModelApi,
  call: ModelCall,
  request: ChatRequest,
): { answer: ModelAnswer; fault: ReadyFault | null } | null {
  if (api.config.mode === 'rules') return { answer: ruleAnswer(request), fault: null };
  const step = api.script.take(request);
  if (step === null) return null;
  call.step = step.name ?? null;
  const answer = typeof step.answer === 'function' ? step.answer(request) : (step.answer ?? {});
  return { answer, fault: step.fault === undefined ? null : modelFault.parse(step.fault) };
}

async function passFault(fault: ReadyFault | null, response: ServerResponse): Promise<HttpAnswer | 'gone' | null> {
  return fault === null ? null : applyFault(fault, response);
}

function answerEmbeddings(api: ModelApi, call: ModelCall, bytes: Buffer): HttpAnswer {
  const raw = parseJson(bytes);
  call.request = raw;
  const parsed = embeddingsRequest.safeParse(raw);
  if (!parsed.success) return refuse(api, raw, parsed.error.message);
  return { status: 200, json: embeddingsAnswer(parsed.data, api.config.dimensions) };
}

function answerTranscription(api: ModelApi, call: ModelCall, bytes: Buffer, contentType: string): HttpAnswer {
  const boundary = /boundary="?([^";]+)"?/.exec(contentType)?.[1];
  const parts = boundary === undefined ? [] : parseMultipart(bytes, boundary);
  const file = parts.find((part) => part.name === 'file');
  const field = (name: string): string | null =>
    parts.find((part) => part.name === name)?.bytes.toString('utf8') ?? null;
  call.request = {
    file: file?.fileName ?? null,
    bytes: file?.bytes.length ?? 0,
    model: field('model'),
    language: field('language'),
  };
  if (file === undefined || field('model') === null)
    {return refuse(api, call.request, 'a transcription needs file and model');}
  const text = api.transcripts.shift() ?? api.config.transcript;
  return field('response_format') === 'text' ? { status: 200, text: `${text}\n` } : { status: 200, json: { text } };
}

/** 400, because clients do not repeat that one: the test sees the first problem at once. */
function refuse(api: ModelApi, request: unknown, reason: string): HttpAnswer {
  api.unplanned.push({ reason, request });
  return { status: 400, json: problem(reason, 'invalid_request_error') };
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

export function problem(message: string, type: string) {
  return { error: { message, type, param: null, code: null } };
}

function endpointOf(path: string): ModelCall['endpoint'] {
  if (path.endsWith('/chat/completions')) return 'chat';
  if (path.endsWith('/embeddings')) return 'embeddings';
  if (path.endsWith('/audio/transcriptions')) return 'transcriptions';
  return path.endsWith('/models') ? 'models' : 'unknown';
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return null;
  }
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

async function sleep(ms: number): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
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
