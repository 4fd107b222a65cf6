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
