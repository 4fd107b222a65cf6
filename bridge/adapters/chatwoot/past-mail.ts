// What Chatwoot holds and no delivery may have told us, read with the user's token and understood like a delivery. Lists
// show a message without its campaign, so a campaign's text counts as a person's here: silence, where the other mistake
// would be talking over somebody.
import { z } from 'zod';
import type { MailboxEntry } from '../../core/message.ts';
import type { ActiveConversation, PastMail } from '../../core/ports/past-mail.ts';
import type { OurSide } from './conversation-facts.ts';
import type { ChatwootHttp, ChatwootTokens } from './http.ts';
import { meaningOf, messageKey } from './message-meaning.ts';
import { newestPublicAfter } from './message-pages.ts';
import { asPayload, PastConversation } from './past-message.ts';
import { readAs } from './read-as.ts';

const pageSize = 25;
/** Bounds one look at a busy account: 1 000 conversations. */
const pagesAtMost = 40;

const ConversationList = z.object({
  data: z.object({
    payload: z.array(
      z.object({
        id: z.number(),
        inbox_id: z.number(),
        last_activity_at: z.number().nullish(),
        messages: z.array(z.object({ id: z.number() })).nullish(),
      }),
    ),
  }),
});

export class ChatwootPastMail implements PastMail {
  readonly #http: ChatwootHttp;
  readonly #tokens: ChatwootTokens;
  readonly #ours: OurSide;
  readonly #inboxIds: ReadonlySet<number>;

  /** Only these inboxes are looked at: other tenants may share the account. */
  constructor(http: ChatwootHttp, tokens: ChatwootTokens, ours: OurSide, inboxIds: Iterable<number>) {
    this.#http = http;
    this.#tokens = tokens;
    this.#ours = ours;
    this.#inboxIds = new Set(inboxIds);
  }

  async activeSince(sinceMs: number, limit: number, signal: AbortSignal): Promise<ActiveConversation[] | null> {
    const token = this.#tokens.user;
    if (!token) return null;
    const found = new Map<number, ActiveConversation>();
    for (let page = 1; page <= pagesAtMost && found.size < limit; page++) {
      const listed = await this.#listPage(page, token, signal);
      const active = listed.filter(({ lastActivityMs }) => lastActivityMs >= sinceMs);
      // What moves up while we turn pages may be seen twice.
      for (const one of active) if (this.#inboxIds.has(one.inboxId)) found.set(one.conversationId, one);
      if (active.length < pageSize) break;
    }
    return [...found.values()].slice(0, limit);
  }

  async mailAfter(conversationId: number, afterMessageId: number, limit: number, signal: AbortSignal) {
    const token = this.#tokens.user;
    if (!token) return null;
    const request = { method: 'GET', path: `/conversations/${conversationId}`, token, signal } as const;
    const conversation = readAs(PastConversation, (await this.#http(request)).json);
    const list = { conversationId, token, signal };
    const { messages, isWhole } = await newestPublicAfter(this.#http, list, afterMessageId, limit);
    const mail: { key: string; entry: MailboxEntry }[] = [];
    let lastOwnTurnId: string | null = null;
    for (const message of messages) {
      const meaning = meaningOf(asPayload(message, conversation), this.#ours, 0);
      if (meaning.kind === 'own_send') lastOwnTurnId = meaning.turnId;
      if (meaning.kind === 'customer_message' || meaning.kind === 'ownership') {
        mail.push({ key: messageKey(message.id), entry: meaning });
      }
    }
    return { mail: mail.slice(-limit), isWhole: isWhole && mail.length <= limit, lastOwnTurnId };
  }

  async #listPage(page: number, token: string, signal: AbortSignal): Promise<ActiveConversation[]> {
    const query = `status=all&assignee_type=all&sort_by=last_activity_at_desc&page=${page}`;
    const { json } = await this.#http({ method: 'GET', path: `/conversations?${query}`, token, signal });
    return readAs(ConversationList, json).data.payload.map((conversation) => ({
      conversationId: conversation.id,
      inboxId: conversation.inbox_id,
      lastMessageId: conversation.messages?.[0]?.id ?? 0,
      lastActivityMs: (conversation.last_activity_at ?? 0) * 1000,
    }));
  }
}
