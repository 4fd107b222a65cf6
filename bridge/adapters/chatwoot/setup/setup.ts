// Makes a Chatwoot deliver to us: as the bot of some inboxes or through a webhook of the account, never both, since every
// message would come twice. What was made before is found by its address, so that connecting again changes nothing.
import { BridgeError } from '../../../core/errors.ts';
import type {
  Connected,
  ConnectionWish,
  ConversationSetup,
  ListedInbox,
} from '../../../core/ports/conversation-setup.ts';
import type { ChatwootHttp } from '../http.ts';
import { AdminCalls } from './admin-calls.ts';
import type { Bot } from './admin-calls.ts';

/** What the bridge has a use for; the rest of an account's traffic stays away. */
const subscriptions = [
  'message_created',
  'message_updated',
  'conversation_created',
  'conversation_updated',
  'conversation_status_changed',
];

export class ChatwootSetup implements ConversationSetup {
  readonly #http: ChatwootHttp;
  readonly #token: string | null;

  /** `token` = an administrator's. */
  constructor(http: ChatwootHttp, token: string | null) {
    this.#http = http;
    this.#token = token;
  }

  async inboxes(signal: AbortSignal): Promise<ListedInbox[]> {
    const inboxes = await this.#calls(signal).inboxes();
    return inboxes.map(({ id, name, channel_type }) => ({ id, name, channelType: channel_type }));
  }

  async connect(wish: ConnectionWish, signal: AbortSignal): Promise<Connected> {
    const calls = this.#calls(signal);
    if (wish.surface === 'account_webhook') {
      const connected = await connectWebhook(calls, wish);
      await unlinkBots(calls, wish.urlPrefix);
      return connected;
    }
    const connected = await connectBot(calls, wish);
    await removeWebhooks(calls, wish.urlPrefix);
    return connected;
  }

  async disconnect(urlPrefix: string, keepBotId: number | null, signal: AbortSignal): Promise<boolean> {
    const calls = this.#calls(signal);
    const webhooks = await removeWebhooks(calls, urlPrefix);
    const bots = await unlinkBots(calls, urlPrefix);
    for (const { id } of bots) await (id === keepBotId ? calls.moveBot(id, null) : calls.deleteBot(id));
    return webhooks + bots.length > 0;
  }

  #calls(signal: AbortSignal): AdminCalls {
    return new AdminCalls(this.#http, this.#token, signal);
  }
}

async function connectBot(calls: AdminCalls, wish: ConnectionWish): Promise<Connected> {
  const { inboxIds, url, urlPrefix, name, botToken } = wish;
  const bots = await calls.bots();
  const known = bots.find((bot) => isAt(bot.outgoing_url, urlPrefix));
  const spokenAs = bots.find((bot) => botToken !== null && bot.access_token === botToken);
  const found = spokenAs ?? known;
  await refuseForeignBots(calls, inboxIds, found?.id ?? null);
  const bot = await botAt(calls, found, name, url);
  for (const { id } of await calls.inboxes()) {
    const linked = await calls.botOf(id);
    const isWanted = inboxIds.includes(id);
    if (isWanted && linked?.id !== bot.id) await calls.setBot(id, bot.id);
    // An inbox that is not wished for any more is given back to people.
    if (!isWanted && linked?.id === bot.id) await calls.setBot(id, null);
  }
  return {
    botId: bot.id,
    webhookId: null,
    secret: bot.secret ?? null,
    botToken: bot.access_token ?? null,
    isOurs: spokenAs === undefined,
  };
}

/** One bot an inbox is Chatwoot's rule, and linking ours would silently throw another one out. */
async function refuseForeignBots(calls: AdminCalls, inboxIds: number[], ownId: number | null): Promise<void> {
  const all = new Set((await calls.inboxes()).map(({ id }) => id));
  for (const id of inboxIds) {
    if (!all.has(id)) throw new BridgeError('bad_request', `There is no inbox ${id} in this Chatwoot account`);
    const linked = await calls.botOf(id);
    if (linked && linked.id !== ownId) {
      const who = linked.name ? ` (${linked.name})` : '';
      throw new BridgeError('conflict', `Inbox ${id} has another bot${who}: remove it in Chatwoot first`);
    }
  }
}

async function botAt(calls: AdminCalls, found: Bot | undefined, name: string, url: string): Promise<Bot> {
  if (!found) return calls.createBot(name, url);
  if (found.outgoing_url === url) return found;
  // The answer to a change may leave out what the list shows.
  return { ...found, ...(await calls.moveBot(found.id, url)) };
}

async function connectWebhook(calls: AdminCalls, { url, urlPrefix, name }: ConnectionWish): Promise<Connected> {
  const ours = (await calls.webhooks()).filter((webhook) => isAt(webhook.url, urlPrefix));
  const [kept, ...others] = ours;
  for (const { id } of others) await calls.deleteWebhook(id);
  const isRight = kept?.url === url && subscriptions.every((event) => kept.subscriptions?.includes(event));
  const webhook = !kept
    ? await calls.createWebhook({ url, name, subscriptions })
    : isRight
      ? kept
      : { ...kept, ...(await calls.changeWebhook(kept.id, { url, subscriptions })) };
  return { botId: null, webhookId: webhook.id, secret: webhook.secret ?? null, botToken: null, isOurs: true };
}

async function removeWebhooks(calls: AdminCalls, urlPrefix: string): Promise<number> {
  const ours = (await calls.webhooks()).filter((webhook) => isAt(webhook.url, urlPrefix));
  for (const { id } of ours) await calls.deleteWebhook(id);
  return ours.length;
}

/** Inboxes without a bot of ours; the bots themselves stay. */
async function unlinkBots(calls: AdminCalls, urlPrefix: string): Promise<Bot[]> {
  const ours = (await calls.bots()).filter((bot) => isAt(bot.outgoing_url, urlPrefix));
  if (ours.length === 0) return [];
  const ids = new Set(ours.map(({ id }) => id));
  for (const { id } of await calls.inboxes()) {
    if (ids.has((await calls.botOf(id))?.id ?? 0)) await calls.setBot(id, null);
  }
  return ours;
}

/** The plain address or one with a token behind it, and never another tenant's that only begins the same. */
function isAt(url: string | null | undefined, prefix: string): boolean {
  return url === prefix || Boolean(url?.startsWith(`${prefix}/`));
}
