// HTTP around the admin actions: `POST /sandbox/<action>` (or GET for those that take nothing), JSON in and out,
// 400 with the reason when something is wrong, 404 for an unknown action.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ZodError, z } from 'zod';
import { NotJson, parseJsonObject, readBytes } from '../rest/parse-body.ts';
import type { SandboxApi } from '../sandbox-api.ts';
import { adminActions } from './admin-actions.ts';

export async function handleAdmin(
  api: SandboxApi,
  request: IncomingMessage,
  response: ServerResponse,
  name: string,
): Promise<void> {
  const action = adminActions[name];
  if (action === undefined) {
    send(response, 404, { error: `no action ${name}`, actions: Object.keys(adminActions) });
    return;
  }
  try {
    const bytes = await readBytes(request);
    const body = bytes.length === 0 ? {} : parseJsonObject(bytes);
    send(response, 200, (await action(api, body)) ?? { ok: true });
  } catch (error) {
    send(response, 400, { error: reasonOf(error) });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof ZodError) return z.prettifyError(error);
  if (error instanceof NotJson) return error.message;
  return error instanceof Error ? error.message : String(error);
}

export function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) })
    .end(text);
}
