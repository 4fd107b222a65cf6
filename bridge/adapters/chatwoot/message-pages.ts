// The messages of a conversation, which only a user token may list: the newest page, or all that came after a known one.
import { BridgeError } from '../../core/errors.ts';
import type { ChatwootHttp } from './http.ts';
import { RestMessages } from './rest-shapes.ts';
import type { RestMessage } from './rest-shapes.ts';

/** Chatwoot gives up to so many at once when it is asked for what came after a message. */
const pageSize = 100;

export interface MessageList {
  conversationId: number;
  token: string;
  signal: AbortSignal;
}

export async function messagesAfter(http: ChatwootHttp, list: MessageList, afterId: number): Promise<RestMessage[]> {
  const seen: RestMessage[] = [];
  let after = afterId;
  while (true) {
    const page = await readPage(http, list, `?after=${after}`);
    seen.push(...page);
    const last = page.at(-1)?.id ?? after;
    if (page.length < pageSize || last <= after) return seen;
    after = last;
  }
}

/**
 * What was said in public after a message, in id order, at most about the newest `limit`: one request where it fits into a
 * page, else backwards from the newest, since the oldest of a long gap matter least.
 */
export async function newestPublicAfter(
  http: ChatwootHttp,
  list: MessageList,
  afterId: number,
  limit: number,
): Promise<{ messages: RestMessage[]; isWhole: boolean }> {
  const first = await readPage(http, list, `?after=${afterId}&filter_internal_messages=true`);
  if (first.length < pageSize) return { messages: inIdOrder(first), isWhole: true };
  const found = new Map<number, RestMessage>();
  let oldest = Number.MAX_SAFE_INTEGER;
  while (found.size < limit) {
    const before = oldest === Number.MAX_SAFE_INTEGER ? '' : `before=${oldest}&`;
    const page = await readPage(http, list, `?${before}filter_internal_messages=true`);
    const ids = page.map(({ id }) => id);
    const reached = Math.min(...ids, oldest);
    for (const message of page) if (message.id > afterId) found.set(message.id, message);
    if (page.length === 0 || reached <= afterId || reached === oldest) {
      return { messages: inIdOrder([...found.values()]), isWhole: true };
    }
    oldest = reached;
  }
  return { messages: inIdOrder([...found.values()]), isWhole: false };
}

/** Chatwoot orders by time, which some channels set themselves. */
function inIdOrder(messages: RestMessage[]): RestMessage[] {
  return messages.toSorted((one, other) => one.id - other.id);
}

/** The newest twenty, oldest first. */
export function latestMessages(http: ChatwootHttp, list: MessageList): Promise<RestMessage[]> {
  return readPage(http, list, '');
}

async function readPage(
  http: ChatwootHttp,
  { conversationId, token, signal }: MessageList,
  query: string,
): Promise<RestMessage[]> {
  const { json } = await http({
    method: 'GET',
    path: `/conversations/${conversationId}/messages${query}`,
    token,
    signal,
  });
  const parsed = RestMessages.safeParse(json);
  if (!parsed.success) {
    throw new BridgeError('upstream_unavailable', 'Chatwoot answered a message list that cannot be read');
  }
  return parsed.data.payload;
}
