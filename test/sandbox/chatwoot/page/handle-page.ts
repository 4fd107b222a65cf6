// Serves the demo page and the few addresses only it uses; acting goes through the admin actions like everybody else's.
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { send } from '../admin/handle-admin.ts';
import type { SandboxApi } from '../sandbox-api.ts';
import { streamConversation } from './conversation-stream.ts';
import { fetchTrace } from './fetch-trace.ts';
import { pageSetup } from './page-setup.ts';

const streamQuery = z.object({
  account: z.coerce.number().int(),
  inbox: z.coerce.number().int(),
  contact: z.string().min(1),
});
const traceQuery = z.object({
  account: z.coerce.number().int(),
  inbox: z.coerce.number().int(),
  conversation: z.coerce.number().int(),
});

/** @returns false when the address is not the page's */
export async function handlePage(
  api: SandboxApi,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<boolean> {
  if (request.method !== 'GET') return false;
  const query = Object.fromEntries(url.searchParams);
  switch (url.pathname) {
    case '/':
      servePage(response);
      return true;
    case '/sandbox/page/setup':
      send(response, 200, pageSetup(api.world));
      return true;
    case '/sandbox/page/stream': {
      const wanted = streamQuery.safeParse(query);
      if (wanted.success) streamConversation(api, request, response, wanted.data);
      else send(response, 400, { error: z.prettifyError(wanted.error) });
      return true;
    }
    case '/sandbox/page/trace': {
      const wanted = traceQuery.safeParse(query);
      if (wanted.success) {
        send(
          response,
          200,
          await fetchTrace(api.world, wanted.data.account, wanted.data.inbox, wanted.data.conversation),
        );
      } else send(response, 400, { error: z.prettifyError(wanted.error) });
      return true;
    }
    default:
      return false;
  }
}

/** Read each time: it is one file, and a page that is being worked on should show its last state. */
function servePage(response: ServerResponse): void {
  const page = readFileSync(new URL('page.html', import.meta.url));
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src 'self' data:; media-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  });
  response.end(page);
}
