// The calls an administrator's token makes to set a Chatwoot up. Answers are read for the few keys we use: they carry tokens
// and channel credentials that must not go anywhere.
import { z } from 'zod';
import { BridgeError } from '../../../core/errors.ts';
import { ChatwootRefusal } from '../http.ts';
import type { ChatwootHttp, ChatwootRequest } from '../http.ts';
import { readAs } from '../read-as.ts';

const Bot = z.object({
  id: z.number(),
  name: z.string().nullish(),
  outgoing_url: z.string().nullish(),
  access_token: z.string().nullish(),
  secret: z.string().nullish(),
});
export type Bot = z.infer<typeof Bot>;

const Webhook = z.object({
  id: z.number(),
  url: z.string(),
  subscriptions: z.array(z.string()).nullish(),
  secret: z.string().nullish(),
});
export type Webhook = z.infer<typeof Webhook>;

const Inbox = z.object({
  id: z.number(),
  name: z.string(),
  channel_type: z.string(),
  greeting_enabled: z.boolean().nullish(),
  enable_email_collect: z.boolean().nullish(),
  working_hours_enabled: z.boolean().nullish(),
  out_of_office_message: z.string().nullish(),
  csat_survey_enabled: z.boolean().nullish(),
  enable_auto_assignment: z.boolean().nullish(),
  lock_to_single_conversation: z.boolean().nullish(),
});
export type Inbox = z.infer<typeof Inbox>;

export class AdminCalls {
  readonly #http: ChatwootHttp;
  readonly #token: string | null;
  readonly #signal: AbortSignal;

  constructor(http: ChatwootHttp, token: string | null, signal: AbortSignal) {
    this.#http = http;
    this.#token = token;
    this.#signal = signal;
  }

  async inboxes(): Promise<Inbox[]> {
    return readAs(z.object({ payload: z.array(Inbox) }), await this.#ask('GET', '/inboxes')).payload;
  }

  async bots(): Promise<Bot[]> {
    return readAs(z.array(Bot), await this.#ask('GET', '/agent_bots'));
  }

  async createBot(name: string, url: string): Promise<Bot> {
    return readAs(Bot, await this.#ask('POST', '/agent_bots', { name, outgoing_url: url, bot_type: 'webhook' }));
  }

  async moveBot(id: number, url: string | null): Promise<Bot> {
    return readAs(Bot, await this.#ask('PATCH', `/agent_bots/${id}`, { outgoing_url: url }));
  }

  async deleteBot(id: number): Promise<void> {
    await this.#ask('DELETE', `/agent_bots/${id}`);
  }

  /** Null when the inbox has none. */
  async botOf(inboxId: number): Promise<{ id: number; name?: string | null | undefined } | null> {
    const shape = z.object({ agent_bot: z.object({ id: z.number(), name: z.string().nullish() }).nullish() });
    return readAs(shape, (await this.#ask('GET', `/inboxes/${inboxId}/agent_bot`)) ?? {}).agent_bot ?? null;
  }

  async setBot(inboxId: number, botId: number | null): Promise<void> {
    await this.#ask('POST', `/inboxes/${inboxId}/set_agent_bot`, { agent_bot: botId });
  }

  async webhooks(): Promise<Webhook[]> {
    const shape = z.object({ payload: z.object({ webhooks: z.array(Webhook) }) });
    return readAs(shape, await this.#ask('GET', '/webhooks')).payload.webhooks;
  }

  async createWebhook(body: { url: string; name: string; subscriptions: string[] }): Promise<Webhook> {
    return this.#webhook(await this.#ask('POST', '/webhooks', body));
  }

  async changeWebhook(id: number, body: { url: string; subscriptions: string[] }): Promise<Webhook> {
    return this.#webhook(await this.#ask('PATCH', `/webhooks/${id}`, body));
  }

  async deleteWebhook(id: number): Promise<void> {
    await this.#ask('DELETE', `/webhooks/${id}`);
  }

  #webhook(json: unknown): Webhook {
    return readAs(z.object({ payload: z.object({ webhook: Webhook }) }), json).payload.webhook;
  }

  async #ask(method: ChatwootRequest['method'], path: string, body?: unknown): Promise<unknown> {
    if (!this.#token) {
      throw new BridgeError(
        'upstream_rejected',
        'Save the access token of a Chatwoot administrator as user_token first',
      );
    }
    // Only what makes something new is asked once.
    const isRepeatable = method !== 'POST' || path.endsWith('/set_agent_bot');
    const request = { method, path, token: this.#token, signal: this.#signal, isRepeatable };
    try {
      return (await this.#http(body === undefined ? request : { ...request, body })).json;
    } catch (error) {
      if (!(error instanceof ChatwootRefusal) || error.status !== 401) throw error;
      throw new BridgeError('upstream_rejected', 'Chatwoot wants the access token of an administrator for this', {
        cause: error,
      });
    }
  }
}
