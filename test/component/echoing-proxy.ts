// Stands before a server and passes everything on, until it is told to fail: then it answers with an error whose body repeats
// all that was sent, as careless servers do. Without a server behind it, it always does that.
import { createServer, request as send } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface EchoingProxy {
  url: string;
  /** Requests whose method and path fit are answered with this status; null ends it. */
  echo(status: number | null, fits?: RegExp): void;
  /** How many requests were answered with an echo. */
  readonly echoed: number;
  stop(): Promise<void>;
}

export async function startEchoingProxy(target: string | null): Promise<EchoingProxy> {
  let failing: { status: number; fits: RegExp } | null = null;
  let echoed = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const isEchoed = failing?.fits.test(`${request.method} ${request.url}`) === true;
      if (target !== null && !isEchoed) {
        pass(target, request, body, response);
        return;
      }
      echoed += 1;
      answer(response, failing?.status ?? 500, body.toString());
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    echo: (status, fits = /./) => void (failing = status === null ? null : { status, fits }),
    get echoed() {
      return echoed;
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** In the forms of a model endpoint, of Chatwoot and of Odoo at once. */
function answer(response: ServerResponse, status: number, sent: string): void {
  const error = {
    message: `Cannot take this: ${sent}`,
    param: sent,
    code: sent.slice(0, 200),
    type: sent.slice(0, 200),
  };
  const body = { error, message: sent, attributes: [sent], errors: [sent], name: sent, arguments: [sent], debug: sent };
  response.writeHead(status, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}

function pass(target: string, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { method, headers, url = '/' } = request;
  const onward = send(
    `${target}${url}`,
    { method, headers: { ...headers, host: new URL(target).host } },
    (answered) => {
      response.writeHead(answered.statusCode ?? 502, answered.headers);
      answered.pipe(response);
    },
  );
  onward.on('error', () => response.destroy());
  onward.end(body);
}
