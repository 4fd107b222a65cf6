// A tenant's conversations in its Chatwoot. A bot token writes but hardly reads, a user token reads everything; we write
// with the bot (so that its messages do not count as a person's) and read with the user where there is one.
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type {
  Exchange,
  Conversations,
  IntegrationCheck,
  LiveConversation,
  SentPart,
  SoughtReply,
} from '../../core/ports.ts';
import { ChatwootRefusal } from './http.ts';
import type { ChatwootHttp } from './http.ts';
import { assigneeKind } from './conversation-facts.ts';
import type { OurSide } from './conversation-facts.ts';

export interface ChatwootTokens {
  bot: string | null;
  user: string | null;
}

const RestMessage = z.object({
  id: z.number(),
  content: z.string().nullish(),
  message_type: z.number(),
  private: z.boolean().nullish(),
  created_at: z.number().nullish(),
  sender: z.object({ type: z.string().nullish() }).nullish(),
  content_attributes: z.record(z.string(), z.unknown()).nullish(),
});
type RestMessage = z.infer<typeof RestMessage>;

const RestConversation = z.object({
  status: z.enum(['open', 'pending', 'snoozed', 'resolved']),
  can_reply: z.boolean().nullish(),
  messages: z.array(RestMessage).nullish(),
  meta: z
    .object({
      assignee: z.object({ id: z.number() }).nullish(),
      assignee_type: z.string().nullish(),
      team: z.object({ id: z.number() }).nullish(),
    })
    .nullish(),
});

const outgoing = 1;
const pageSize = 100;

export class ChatwootConversations implements Conversations {
  readonly #http: ChatwootHttp;
  readonly #tokens: ChatwootTokens;
  readonly #ours: OurSide;

  constructor(http: ChatwootHttp, tokens: ChatwootTokens, ours: OurSide) {
    this.#http = http;
    this.#tokens = tokens;
    this.#ours = ours;
  }

  async readLive(conversationId: number, signal: AbortSignal): Promise<LiveConversation | 'people'> {
    try {
      const { json } = await this.#http({
        method: 'GET',
        path: `/conversations/${conversationId}`,
        token: this.#reader(),
        signal,
      });
      return this.#toLive(RestConversation.parse(json));
    } catch (error) {
      // Up to Chatwoot 4.16.2 a bot's read of a conversation with a team is a 500: people have it, it is no outage.
      if (error instanceof ChatwootRefusal && error.status === 500 && this.#tokens.user === null) return 'people';
      throw asUnreadable(error);
    }
  }

  async sendPart(conversationId: number, part: { text: string; turnId: string; part: number }, signal: AbortSignal) {
    const { json } = await this.#http({
      method: 'POST',
      path: `/conversations/${conversationId}/messages`,
      token: this.#writer(),
      signal,
      body: {
        content: part.text,
        message_type: 'outgoing',
        content_attributes: { ui_turn: part.turnId, ui_part: part.part },
      },
    });
    const stored = z.object({ id: z.number() }).safeParse(json);
    // A 2xx without an id is as good as no answer: it may be stored, and the caller reads back.
    if (!stored.success) throw new BridgeError('upstream_unavailable', 'Chatwoot answered a send without a message id');
    return { messageId: stored.data.id };
  }

  async findSent(conversationId: number, sought: SoughtReply, signal: AbortSignal): Promise<SentPart[] | 'unknown'> {
    if (this.#tokens.user) return this.#findInMessages(conversationId, sought, this.#tokens.user, signal);
    return this.#findInLastMessage(conversationId, sought, signal);
  }

  async addNote(conversationId: number, text: string, signal: AbortSignal): Promise<void> {
    const body = { content: text, message_type: 'outgoing', private: true };
    await this.#http({
      method: 'POST',
      path: `/conversations/${conversationId}/messages`,
      token: this.#writer(),
      signal,
      body,
    });
  }

  async open(conversationId: number, signal: AbortSignal): Promise<void> {
    // Always with the status: without it the call toggles, and would resolve a conversation that is open already.
    const body = { status: 'open' };
    await this.#http({
      method: 'POST',
      path: `/conversations/${conversationId}/toggle_status`,
      token: this.#writer(),
      signal,
      body,
    });
  }

  async history(conversationId: number, limit: number, signal: AbortSignal): Promise<Exchange[] | null> {
    if (!this.#tokens.user) return null;
    const messages = await this.#messages(conversationId, '', this.#tokens.user, signal);
    return messages
      .filter((message) => message.message_type <= outgoing && message.content)
      .slice(-limit)
      .map(toExchange);
  }

  async check(signal: AbortSignal): Promise<IntegrationCheck> {
    const startedMs = performance.now();
    const done = (ok: boolean, message: string, fix: string | null) => ({
      ok,
      ms: Math.round(performance.now() - startedMs),
      message,
      fix,
    });
    if (!this.#tokens.bot && !this.#tokens.user) {
      return done(false, 'No Chatwoot token is stored', 'Enter the bot token (and a user token) in the credentials');
    }
    if (!this.#tokens.user) {
      return done(
        true,
        'A bot token is stored; it cannot be tried without a conversation',
        'Add a user token so that history can be read',
      );
    }
    try {
      await this.#http({ method: 'GET', path: '/inboxes', token: this.#tokens.user, signal });
      return done(true, 'Chatwoot answers', null);
    } catch (error) {
      const refused = error instanceof ChatwootRefusal && error.code === 'upstream_rejected';
      return refused
        ? done(
            false,
            'Chatwoot refused the user token',
            'Make a new access token in the Chatwoot profile and save it here',
          )
        : done(false, 'Chatwoot does not answer', 'Check the address and that Chatwoot is running');
    }
  }

  #toLive(conversation: z.infer<typeof RestConversation>): LiveConversation {
    const assignee = conversation.meta?.assignee;
    return {
      status: conversation.status,
      assignee: assignee
        ? { kind: assigneeKind(conversation.meta?.assignee_type ?? null, assignee.id, this.#ours), id: assignee.id }
        : null,
      teamId: conversation.meta?.team?.id ?? null,
      canReply: conversation.can_reply ?? true,
      lastMessageId: conversation.messages?.[0]?.id ?? 0,
    };
  }

  async #findInMessages(
    conversationId: number,
    sought: SoughtReply,
    token: string,
    signal: AbortSignal,
  ): Promise<SentPart[]> {
    const found: SentPart[] = [];
    let after = sought.afterMessageId;
    while (true) {
      const page = await this.#messages(conversationId, `?after=${after}`, token, signal);
      for (const message of page) found.push(...matchPart(message, sought, found));
      const last = page.at(-1)?.id ?? after;
      if (page.length < pageSize || last <= after) return found;
      after = last;
    }
  }

  /** All a bot can see is the newest message: proof when it is ours, or when nothing came after what we knew. */
  async #findInLastMessage(
    conversationId: number,
    sought: SoughtReply,
    signal: AbortSignal,
  ): Promise<SentPart[] | 'unknown'> {
    try {
      const { json } = await this.#http({
        method: 'GET',
        path: `/conversations/${conversationId}`,
        token: this.#reader(),
        signal,
      });
      const last = RestConversation.parse(json).messages?.[0];
      if (!last) return 'unknown';
      if (last.id <= sought.afterMessageId) return [];
      const match = matchPart(last, sought, []);
      if (match.length === 0) return 'unknown';
      // Parts go out in order, so everything before a stored part is stored as well.
      const newest = match[0];
      return newest
        ? sought.texts.slice(0, newest.part).map((_, index) => ({ ...newest, part: index + 1 }))
        : 'unknown';
    } catch (error) {
      if (error instanceof ChatwootRefusal && error.status < 502) return 'unknown';
      throw asUnreadable(error);
    }
  }

  async #messages(conversationId: number, query: string, token: string, signal: AbortSignal): Promise<RestMessage[]> {
    const { json } = await this.#http({
      method: 'GET',
      path: `/conversations/${conversationId}/messages${query}`,
      token,
      signal,
    });
    const parsed = z.object({ payload: z.array(RestMessage) }).safeParse(json);
    if (!parsed.success) {
      throw new BridgeError('upstream_unavailable', 'Chatwoot answered a message list that cannot be read');
    }
    return parsed.data.payload;
  }

  #writer(): string {
    return this.#tokens.bot ?? this.#reader();
  }

  #reader(): string {
    const token = this.#tokens.user ?? this.#tokens.bot;
    if (!token) throw new BridgeError('upstream_rejected', 'No Chatwoot token is stored for this tenant');
    return token;
  }
}

/** By tag; by text only where Chatwoot dropped the tag (before 4.9), and never twice for one part. */
function matchPart(message: RestMessage, sought: SoughtReply, found: SentPart[]): SentPart[] {
  if (message.message_type !== outgoing || message.private) return [];
  const tag = message.content_attributes?.['ui_turn'];
  if (tag === sought.turnId) {
    return [
      { turnId: sought.turnId, part: Number(message.content_attributes?.['ui_part'] ?? 1), messageId: message.id },
    ];
  }
  if (tag !== undefined) return [];
  const part =
    sought.texts.findIndex(
      (text, index) => text === message.content && !found.some((sent) => sent.part === index + 1),
    ) + 1;
  return part > 0 ? [{ turnId: sought.turnId, part, messageId: message.id }] : [];
}

function toExchange(message: RestMessage): Exchange {
  const from = message.private
    ? 'note'
    : message.message_type === outgoing
      ? message.sender?.type === 'user'
        ? 'person'
        : 'assistant'
      : 'customer';
  return { from, text: message.content ?? '', atMs: (message.created_at ?? 0) * 1000, messageId: message.id };
}

function asUnreadable(error: unknown): unknown {
  return error instanceof z.ZodError
    ? new BridgeError('upstream_unavailable', 'Chatwoot answered in an unknown form', { cause: error })
    : error;
}
