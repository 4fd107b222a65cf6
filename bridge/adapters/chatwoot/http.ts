// One request to one Chatwoot: header, deadline, and what each failure means for us. Bodies of refusals are never passed
// on: they may hold customer text, and a status says all a caller can act on.
import { fetch, FormData } from 'undici';
import { BridgeError } from '../../core/errors.ts';

/** Either may be missing; what each may do is in the comment of conversations.ts. */
export interface ChatwootTokens {
  bot: string | null;
  user: string | null;
}

export interface ChatwootRequest {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/api/v1/accounts/{id}`, or absolute from the root when it starts with `/api` or `/public`. */
  path: string;
  /** JSON, or a form that carries files. */
  body?: unknown;
  /** Null only for what Chatwoot tells everybody. */
  token: string | null;
  /** Doing it twice is like doing it once. Absent = only a GET is. */
  isRepeatable?: boolean;
  signal: AbortSignal;
}

export interface ChatwootAnswer {
  status: number;
  json: unknown;
}

export type ChatwootHttp = (request: ChatwootRequest) => Promise<ChatwootAnswer>;

/** `timeoutMs` bounds each request. Answers of 2xx only; the rest rejects with the status in `ChatwootRefusal`. */
export function createChatwootHttp(baseUrl: string, accountId: number, timeoutMs: number): ChatwootHttp {
  const root = baseUrl.replace(/\/+$/, '');
  return async (request) => {
    const path = request.path.startsWith('/api') ? request.path : `/api/v1/accounts/${accountId}${request.path}`;
    const response = await send(`${root}${path}`, request, timeoutMs);
    if (response.status < 200 || response.status > 299) throw refusal(response.status, response.retryAfter, path);
    return { status: response.status, json: response.json };
  };
}

async function send(url: string, request: ChatwootRequest, timeoutMs: number) {
  try {
    const response = await fetch(url, {
      method: request.method,
      // The dashed form survives proxies that drop header names with underscores.
      headers: {
        ...(request.token === null ? {} : { 'Api-Access-Token': request.token }),
        Accept: 'application/json',
        // A form brings its own, with its boundary.
        ...(request.body instanceof FormData ? {} : { 'Content-Type': 'application/json' }),
      },
      ...bodyOf(request.body),
      signal: AbortSignal.any([request.signal, AbortSignal.timeout(timeoutMs)]),
    });
    const text = await response.text();
    return { status: response.status, retryAfter: response.headers.get('retry-after'), json: toJson(text) };
  } catch (cause) {
    throw new BridgeError('upstream_unavailable', 'Chatwoot did not answer', { cause });
  }
}

function bodyOf(body: unknown) {
  if (body === undefined) return {};
  return { body: body instanceof FormData ? body : JSON.stringify(body) };
}

export class ChatwootRefusal extends BridgeError {
  readonly status: number;

  constructor(
    code: 'upstream_unavailable' | 'upstream_rejected',
    status: number,
    message: string,
    retryAfterMs?: number,
  ) {
    super(code, message, retryAfterMs === undefined ? {} : { retryAfterMs });
    this.status = status;
  }
}

function refusal(status: number, retryAfter: string | null, path: string): ChatwootRefusal {
  const what = `Chatwoot answered ${status} to ${path.replace(/\d+/g, ':id')}`;
  if (status === 429 || status >= 500) {
    const seconds = Number(retryAfter);
    return new ChatwootRefusal('upstream_unavailable', status, what, seconds > 0 ? seconds * 1000 : undefined);
  }
  return new ChatwootRefusal('upstream_rejected', status, what);
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
