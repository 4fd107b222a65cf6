// Plain calls against the simulator with one token, for its own tests.

export interface Answer {
  status: number;
  text: string;
  /** The parsed body; undefined when it is empty. */
  json: unknown;
  headers: Headers;
}

export type Call = (method: string, path: string, body?: unknown) => Promise<Answer>;

export function restClient(baseUrl: string, account: number, token: string | null, header = 'Api-Access-Token'): Call {
  return async (method, path, body) => {
    const url =
      path.startsWith('/api') || path.startsWith('/public')
        ? baseUrl + path
        : `${baseUrl}/api/v1/accounts/${account}${path}`;
    const isForm = body instanceof FormData;
    const answer = await fetch(url, {
      method,
      headers: {
        ...(token === null ? {} : { [header]: token }),
        ...(isForm || body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const isJson = answer.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: answer.status,
      text,
      json: isJson && text !== '' ? (JSON.parse(text) as unknown) : undefined,
      headers: answer.headers,
    };
  };
}
