// Keeps one open page up to date by server-sent events: a whole snapshot whenever it differs from the last one sent, and who types.
// Snapshots instead of differences, so that a page that reconnects is right at once.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { DomainEvent } from '../events.ts';
import type { SandboxApi } from '../sandbox-api.ts';
import { customerSnapshot, type SnapshotQuery } from './customer-snapshot.ts';

const COALESCE_MS = 25;
const KEEP_ALIVE_MS = 20_000;

export function streamConversation(
  api: SandboxApi,
  request: IncomingMessage,
  response: ServerResponse,
  query: SnapshotQuery,
): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  let last = '';
  let timer: NodeJS.Timeout | null = null;
  const send = (): void => {
    timer = null;
    const snapshot = JSON.stringify(customerSnapshot(api.world, query));
    if (snapshot === last) return;
    last = snapshot;
    response.write(`event: snapshot\ndata: ${snapshot}\n\n`);
  };
  const onChange = (): void => {
    timer ??= setTimeout(send, COALESCE_MS);
  };
  const onEvent = (event: DomainEvent): void => {
    const typing = typingOf(event, query);
    if (typing !== null) response.write(`event: typing\ndata: ${JSON.stringify(typing)}\n\n`);
  };
  const keepAlive = setInterval(() => response.write(': still here\n\n'), KEEP_ALIVE_MS);
  api.bus.on('change', onChange);
  api.bus.on('event', onEvent);
  request.once('close', () => {
    if (timer !== null) clearTimeout(timer);
    clearInterval(keepAlive);
    api.bus.off('change', onChange);
    api.bus.off('event', onEvent);
  });
  send();
}

/** The customer sees bots and people type, not himself and not notes. */
function typingOf(event: DomainEvent, query: SnapshotQuery): { on: boolean } | null {
  if (event.name !== 'conversation_typing_on' && event.name !== 'conversation_typing_off') return null;
  const { conversation, performer, isPrivate } = event;
  if (conversation.accountId !== query.account || conversation.inboxId !== query.inbox) return null;
  if (performer.kind === 'contact' || isPrivate) return null;
  return { on: event.name === 'conversation_typing_on' };
}
