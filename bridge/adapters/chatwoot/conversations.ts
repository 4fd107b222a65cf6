// A tenant's conversations in its Chatwoot. A bot token writes but hardly reads, a user token reads everything; we write
// with the bot (so that its messages do not count as a person's) and read with the user where there is one.
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type { Exchange } from '../../core/ports/conversation-states.ts';
import type {
  Conversations,
  LiveConversation,
  OutgoingPart,
  OutgoingTemplate,
  SentPart,
  SoughtNote,
  SoughtReply,
} from '../../core/ports/conversations.ts';
import type { IntegrationCheck } from '../../core/ports/integration-check.ts';
import { mayBot, rememberIfRefused } from './bot-access.ts';
import { checkChatwoot } from './check-chatwoot.ts';
import { readAsBot } from './bot-read.ts';
import type { OurSide } from './conversation-facts.ts';
import type { ChatwootHttp, ChatwootTokens } from './http.ts';
import { toExchange, toLive } from './live-conversation.ts';
import { latestMessages, messagesAfter } from './message-pages.ts';
import { bodyOfPart, bodyOfTemplate } from './outgoing-message.ts';
import { PlaceMemory } from './place-memory.ts';
import { readAs } from './read-as.ts';
import { isNoteIn, partsIn } from './read-back.ts';
import { outgoing, RestConversation } from './rest-shapes.ts';
import { checkTemplate } from './templates.ts';

export class ChatwootConversations implements Conversations {
  readonly #http: ChatwootHttp;
  readonly #tokens: ChatwootTokens;
  readonly #ours: OurSide;
  readonly #memory: PlaceMemory;

  constructor(http: ChatwootHttp, tokens: ChatwootTokens, ours: OurSide, memory = new PlaceMemory()) {
    this.#http = http;
    this.#tokens = tokens;
    this.#ours = ours;
    this.#memory = memory;
  }

  async readLive(conversationId: number, signal: AbortSignal): Promise<LiveConversation | 'people' | 'unreadable'> {
    const read = await this.#readConversation(conversationId, signal);
    return typeof read === 'string' ? read : toLive(read, this.#ours, this.#tokens.bot !== null);
  }

  sendPart(conversationId: number, part: OutgoingPart, signal: AbortSignal) {
    return this.#say(conversationId, bodyOfPart(part), signal);
  }

  async sendTemplate(conversationId: number, template: OutgoingTemplate, signal: AbortSignal) {
    const token = this.#tokens.user;
    const asks = token ? { http: this.#http, memory: this.#memory, token, signal } : null;
    const { isFlat } = asks ? await checkTemplate(asks, template) : { isFlat: false };
    return this.#say(conversationId, bodyOfTemplate(template, isFlat), signal);
  }

  async findSent(conversationId: number, sought: SoughtReply, signal: AbortSignal): Promise<SentPart[] | 'unknown'> {
    if (this.#tokens.user) {
      const after = sought.afterMessageId;
      return partsIn(
        await messagesAfter(this.#http, { conversationId, token: this.#tokens.user, signal }, after),
        sought,
      );
    }
    return this.#findInLastMessage(conversationId, sought, signal);
  }

  async addNote(conversationId: number, text: string, signal: AbortSignal, turnId?: string): Promise<void> {
    const tag = turnId === undefined ? {} : { content_attributes: { ui_turn: turnId, ui_part: 0 } };
    const body = { content: text, message_type: 'outgoing', private: true, ...tag };
    await this.#http({
      method: 'POST',
      path: `/conversations/${conversationId}/messages`,
      token: this.#writer(),
      signal,
      body,
    });
  }

  /** A bot sees the newest message alone: the note is there when it is that one, and not yet when nothing came at all. */
  async findNote(conversationId: number, sought: SoughtNote, signal: AbortSignal): Promise<boolean | 'unknown'> {
    const { user } = this.#tokens;
    if (user) {
      const list = { conversationId, token: user, signal };
      return isNoteIn(await messagesAfter(this.#http, list, sought.afterMessageId), sought);
    }
    const read = await this.#readConversation(conversationId, signal);
    const last = typeof read === 'string' ? undefined : read.messages?.[0];
    if (!last) return 'unknown';
    if (isNoteIn([last], sought)) return true;
    const isStillOurReply = !last.private && last.content_attributes?.['ui_turn'] === sought.turnId;
    return isStillOurReply || last.id <= sought.afterMessageId ? false : 'unknown';
  }

  async open(conversationId: number, signal: AbortSignal): Promise<void> {
    // Always with the status: without it the call toggles, and would resolve a conversation that is open already.
    const body = { status: 'open' };
    await this.#http({
      method: 'POST',
      path: `/conversations/${conversationId}/toggle_status`,
      token: this.#writer(),
      signal,
      isRepeatable: true,
      body,
    });
  }

  async resolve(conversationId: number, signal: AbortSignal): Promise<void> {
    await this.#http({
      method: 'POST',
      path: `/conversations/${conversationId}/toggle_status`,
      token: this.#writer(),
      signal,
      isRepeatable: true,
      body: { status: 'resolved' },
    });
  }

  async setTyping(conversationId: number, isTyping: boolean, signal: AbortSignal): Promise<void> {
    const token = await this.#typist(signal);
    if (token === null) return;
    const body = { typing_status: isTyping ? 'on' : 'off' };
    const path = `/conversations/${conversationId}/toggle_typing_status`;
    await this.#http({ method: 'POST', path, token, signal, body }).catch((error: unknown) => {
      const { bot } = this.#tokens;
      if (bot) rememberIfRefused({ http: this.#http, memory: this.#memory, token: bot, signal }, 'typing', error);
    });
  }

  async unassign(conversationId: number, signal: AbortSignal): Promise<void> {
    await this.#http({
      method: 'POST',
      path: `/conversations/${conversationId}/assignments`,
      token: this.#writer(),
      signal,
      isRepeatable: true,
      body: { assignee_id: null },
    });
  }

  async history(conversationId: number, limit: number, signal: AbortSignal): Promise<Exchange[] | null> {
    if (!this.#tokens.user) return null;
    const messages = await latestMessages(this.#http, { conversationId, token: this.#tokens.user, signal });
    return messages
      .filter((message) => message.message_type <= outgoing && message.content)
      .slice(-limit)
      .map(toExchange);
  }

  check(signal: AbortSignal): Promise<IntegrationCheck> {
    return checkChatwoot({ http: this.#http, tokens: this.#tokens, memory: this.#memory, signal });
  }

  /** All a bot can see is the newest message: proof when it is ours, or when nothing came after what we knew. */
  async #findInLastMessage(
    conversationId: number,
    sought: SoughtReply,
    signal: AbortSignal,
  ): Promise<SentPart[] | 'unknown'> {
    const read = await this.#readConversation(conversationId, signal);
    const last = typeof read === 'string' ? undefined : read.messages?.[0];
    if (!last) return 'unknown';
    if (last.id <= sought.afterMessageId) return [];
    const found = partsIn([last], sought);
    return found.length > 0 ? found : 'unknown';
  }

  /** With the user's token where there is one: a bot's hardly reads, and its refusals are told apart from an outage. */
  async #readConversation(
    conversationId: number,
    signal: AbortSignal,
  ): Promise<RestConversation | 'people' | 'unreadable'> {
    const path = `/conversations/${conversationId}`;
    const { user, bot } = this.#tokens;
    if (user || !bot) {
      const { json } = await this.#http({ method: 'GET', path, token: this.#reader(), signal });
      return readAs(RestConversation, json);
    }
    const asks = { http: this.#http, memory: this.#memory, token: bot, signal };
    return readAsBot(asks, path);
  }

  /** Bots could not show it before 4.11.2; a person's token can, though it is their name that is seen typing. */
  async #typist(signal: AbortSignal): Promise<string | null> {
    const { bot, user } = this.#tokens;
    const asks = bot ? { http: this.#http, memory: this.#memory, token: bot, signal } : null;
    return asks && (await mayBot(asks, 'typing')) ? asks.token : user;
  }

  /** Never repeated here: it may be stored although the answer was lost. */
  async #say(conversationId: number, body: unknown, signal: AbortSignal): Promise<{ messageId: number }> {
    const path = `/conversations/${conversationId}/messages`;
    const { json } = await this.#http({ method: 'POST', path, token: this.#writer(), signal, body });
    const stored = z.object({ id: z.number() }).safeParse(json);
    // A 2xx without an id is as good as no answer: it may be stored, and the caller reads back.
    if (!stored.success) throw new BridgeError('upstream_unavailable', 'Chatwoot answered a send without a message id');
    return { messageId: stored.data.id };
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
