// One HTTP POST of a webhook body with Chatwoot's time limits (connect and answer, each). Redirects are not followed here:
// an integration should not answer with one, and it then counts as a failure.
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';

export interface PostAnswer {
  /** HTTP status, or null when there was none: refused, cut or timed out. */
  status: number | null;
  error: string | null;
  body: string;
  ms: number;
}

export interface PostRequest {
  url: string;
  headers: Record<string, string>;
  body: string | Buffer;
  timeoutMs: number;
}

export function postJson(given: PostRequest): Promise<PostAnswer> {
  const startedMs = performance.now();
  const { url, authorization } = splitCredentials(given.url);
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const finish = (status: number | null, error: string | null, body = ''): void =>
      resolve({ status, error, body, ms: Math.round(performance.now() - startedMs) });
    const outgoing = send(url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'Content-Length': Buffer.byteLength(given.body),
        ...authorization,
        ...given.headers,
      },
    });
    const timer = setTimeout(() => outgoing.destroy(new Error('timed out')), given.timeoutMs);
    outgoing.on('error', (error) => {
      clearTimeout(timer);
      finish(null, error.message);
    });
    outgoing.on('response', (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('error', (error) => finish(null, error.message));
      answer.on('end', () => {
        clearTimeout(timer);
        finish(answer.statusCode ?? null, null, Buffer.concat(parts).toString('utf8'));
      });
    });
    outgoing.end(given.body);
  });
}

/** `user:pass@` in the address is sent as HTTP basic auth, decoded. */
function splitCredentials(text: string): { url: URL; authorization: Record<string, string> } {
  const url = new URL(text);
  if (url.username === '') return { url, authorization: {} };
  const pair = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  url.username = '';
  url.password = '';
  return { url, authorization: { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` } };
}
