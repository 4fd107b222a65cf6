// A conversation with everything around it real (simulated Chatwoot over HTTP, signed deliveries, the webhook route, the
// embedded stores on disk, the Chatwoot adapter), and three things in the test's hands: time, knowledge and the model.
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ChatwootConversations } from '../../../../bridge/adapters/chatwoot/conversations.ts';
import { ChatwootDeliveries } from '../../../../bridge/adapters/chatwoot/deliveries.ts';
import { ChatwootTriage } from '../../../../bridge/adapters/chatwoot/triage.ts';
import { createChatwootHttp } from '../../../../bridge/adapters/chatwoot/http.ts';
import { masterKeys } from '../../../../bridge/adapters/crypto/envelope.ts';
import { SealedVault } from '../../../../bridge/adapters/crypto/sealed-vault.ts';
import { openEmbeddedStores } from '../../../../bridge/adapters/embedded/open-embedded-stores.ts';
import { yamlText } from '../../../../bridge/adapters/files/yaml-text.ts';
import { Budgets } from '../../../../bridge/core/cost/budgets.ts';
import { CrewFactory } from '../../../../bridge/core/crew/crew-factory.ts';
import { Admission } from '../../../../bridge/core/hub/admission.ts';
import { Hub } from '../../../../bridge/core/hub/hub.ts';
import { buryMail } from '../../../../bridge/core/intake/bury-mail.ts';
import { Intake } from '../../../../bridge/core/intake/receive-delivery.ts';
import type { MediaReaders } from '../../../../bridge/core/hub/tenant-clients.ts';
import { turnOutcomes } from '../../../../bridge/core/hub/turn-outcome.ts';
import type { BusinessSystem } from '../../../../bridge/core/ports/business-system.ts';
import type { ChatModel } from '../../../../bridge/core/ports/chat-model.ts';
import type { ConversationTriage } from '../../../../bridge/core/ports/conversation-triage.ts';
import type { Conversations } from '../../../../bridge/core/ports/conversations.ts';
import type { TurnDecision } from '../../../../bridge/core/ports/turn-queue.ts';
import type { Stores } from '../../../../bridge/core/stores.ts';
import { TenantConfig } from '../../../../bridge/core/tenant.ts';
import type { Tenant, TenantRegistry } from '../../../../bridge/core/tenant.ts';
import { readyTenant } from '../../../../bridge/core/tenants/ready-tenant.ts';
import { productFacts } from '../../../../bridge/core/tools/product-facts.ts';
import { requestPerson } from '../../../../bridge/core/tools/request-person.ts';
import { searchKnowledge } from '../../../../bridge/core/tools/search-knowledge.ts';
import { createCatalogue, toCatalogueTool } from '../../../../bridge/core/tools/tool.ts';
import { createHttpServer } from '../../../../bridge/entry/http-server.ts';
import type { HttpServer } from '../../../../bridge/entry/http-server.ts';
import { TurnWorker } from '../../../../bridge/entry/turn-worker.ts';
import { createWebhookRoute } from '../../../../bridge/entry/webhook-route.ts';
import { pricing } from '../../../fixtures/cost.ts';
import { answerCache } from '../../../fixtures/process-cache.ts';
import { quietLog } from '../../../fixtures/quiet-log.ts';
import type { LogLine } from '../../../fixtures/quiet-log.ts';
import { silentMetrics } from '../../../fixtures/silent-metrics.ts';
import type { IncomingFile } from '../../../sandbox/chatwoot/helpers/incoming-file.ts';
import { postDelivery } from '../../../sandbox/chatwoot/helpers/forge-delivery.ts';
import { startChatwootSandbox } from '../../../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import type { ChatwootSandbox } from '../../../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import { FixedKnowledge, rule } from './fixed-knowledge.ts';
import { HandClock } from './hand-clock.ts';
import { HandQueue } from './hand-queue.ts';
import { Mortal } from './mortal.ts';
import type { DeathAt } from './mortal.ts';
import { account, accountId, inboxes, person, seed } from './seed.ts';
import type { SeedOptions } from './seed.ts';

export { account, accountId, inboxes, person } from './seed.ts';

const urlToken = 'url-token-of-an-installation-that-cannot-sign';
const limits = { readBackAfterMs: 15_000, lockTtlMs: 5_000, turnBudgetMs: 60_000 };

export interface WorldOptions extends SeedOptions {
  /** Of the simulated Chatwoot. */
  version?: string;
  /** False: the bridge has a bot token only. */
  userToken?: boolean;
  /** False: a user token only. */
  botToken?: boolean;
  mode?: 'live' | 'test' | 'observe';
  /** More of the tenant's configuration. */
  config?: object;
  model?: ChatModel | null;
  business?: BusinessSystem | null;
  knowledge?: FixedKnowledge;
  media?: MediaReaders | null;
}

export const answers = {
  exchange: 'Você pode trocar o produto em até 15 dias com a nota fiscal.',
  delivery: 'Entregamos em até 3 dias úteis na capital.',
};

export class ConversationWorld {
  readonly clock = new HandClock();
  readonly queue = new HandQueue();
  readonly log = quietLog();
  readonly knowledge: FixedKnowledge;
  readonly #options: WorldOptions;
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'ui-hub-'));
  #parts: { sandbox: ChatwootSandbox; stores: Stores; server: HttpServer; tenant: Tenant; address: string } | null =
    null;
  #intake: Intake | null = null;
  readonly #tenants: TenantRegistry = {
    find: async () => (this.isTenantDisabled ? null : this.tenant),
    list: async () => [],
    disabled: () => [],
  };
  readonly #answers = answerCache(this.clock);
  #turns = 0;
  model: ChatModel | null;
  media: MediaReaders | null;
  /** The tenant's file is broken at the moment. */
  isTenantDisabled = false;

  private constructor(options: WorldOptions) {
    this.#options = options;
    this.model = options.model ?? null;
    this.media = options.media ?? null;
    this.knowledge =
      options.knowledge ??
      new FixedKnowledge({ trocar: [rule('troca', answers.exchange)], entrega: [rule('entrega', answers.delivery)] });
  }

  static async open(options: WorldOptions = {}): Promise<ConversationWorld> {
    const world = new ConversationWorld(options);
    await world.#open();
    return world;
  }

  async close(): Promise<void> {
    const { sandbox, stores, server } = this.#open_;
    await sandbox.stop();
    await server.stop(100);
    await stores.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  get chatwoot() {
    return this.#open_.sandbox.api;
  }

  get stores(): Stores {
    return this.#open_.stores;
  }

  /** A bot's token alone sees no more than the newest message. */
  get readsMessages(): boolean {
    return this.#options.userToken !== false;
  }

  get tenant(): Tenant {
    return this.#open_.tenant;
  }

  get intake(): Intake {
    if (!this.#intake) throw new Error('not open');
    return this.#intake;
  }

  set tenant(tenant: Tenant) {
    this.#open_.tenant = tenant;
  }

  conversation(id = 1) {
    return { account, conversation: id };
  }

  ref(id = 1) {
    return { accountId, conversationId: id };
  }

  /** The customer writes, and everything Chatwoot has to say about it has arrived. */
  async customer(text: string | null, more: { inbox?: number; contact?: string; attachments?: IncomingFile[] } = {}) {
    const { inbox = inboxes.whatsapp, contact = 'Marta Lima', attachments } = more;
    const wrote = this.chatwoot.customerWrites({
      account,
      inbox,
      contact,
      text,
      ...(attachments ? { attachments } : {}),
    });
    await this.chatwoot.idle();
    return wrote;
  }

  /** Posts a body as Chatwoot would, signed anew; returns the status. */
  async deliver(body: unknown): Promise<number | null> {
    const text = JSON.stringify(body);
    const seconds = Math.floor(Date.now() / 1000);
    const { status } = await postDelivery({
      url: this.#open_.address,
      body: text,
      secret: 'bot-secret',
      timestamp: seconds,
    });
    return status;
  }

  /** Until so many deliveries became mail: a held call keeps the sandbox from being idle. */
  async stored(count: number): Promise<void> {
    const untilMs = Date.now() + 5_000;
    const isStored = ({ message, fields }: LogLine) =>
      message === 'delivery.received' && fields['outcome'] === 'stored';
    while (this.log.lines.filter(isStored).length < count) {
      if (Date.now() > untilMs) throw new Error(`${this.log.lines.filter(isStored).length} of ${count} arrived`);
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** A hub of a process of its own: what one knows in memory the next does not. */
  hub(mortal = new Mortal(null)): Hub {
    const { stores } = this.#open_;
    const bind = <T extends object>(name: string, target: T): T => mortal.bind(name, target);
    return new Hub({
      mailbox: bind('mailbox', stores.mailbox),
      ledger: bind('ledger', stores.ledger),
      states: bind('states', stores.states),
      reminders: bind('reminders', stores.reminders),
      traces: bind('traces', stores.traces),
      usage: bind('usage', stores.usage),
      // Renewals run on real timers, so they are no steps of their own.
      locks: {
        acquire: async (name, ttlMs) => {
          const lock = await stores.locks.acquire(name, ttlMs);
          return lock && mortal.bind('lock', lock, ['renew', 'release']);
        },
      },
      tenants: this.#tenants,
      connect: async () => ({
        conversations: bind('chatwoot', this.conversations()),
        triage: bind('triage', this.triage()),
        pastMail: null,
        business: this.#options.business ?? null,
        model: this.model,
        media: this.media,
      }),
      answers: this.#answers,
      pricing,
      budgets: new Budgets({ usage: stores.usage, clock: this.clock, logger: this.log, metrics: silentMetrics }),
      crews: new CrewFactory(
        createCatalogue([
          toCatalogueTool(searchKnowledge),
          toCatalogueTool(productFacts),
          toCatalogueTool(requestPerson),
        ]),
      ),
      knowledge: this.knowledge,
      clock: this.clock,
      newId: () => `turn-${(this.#turns += 1)}`,
      logger: this.log,
      metrics: silentMetrics,
      limits,
    });
  }

  conversations(): Conversations {
    const { sandbox } = this.#open_;
    const { userToken = true, botToken = true } = this.#options;
    const tokens = { bot: botToken ? 'bot-token' : null, user: userToken ? 'admin-token' : null };
    const http = createChatwootHttp(sandbox.url, account, 2_000);
    return new ChatwootConversations(http, tokens, { chatwootAccountId: account, botId: null });
  }

  triage(): ConversationTriage {
    const { sandbox } = this.#open_;
    const { userToken = true, botToken = true } = this.#options;
    const tokens = { bot: botToken ? 'bot-token' : null, user: userToken ? 'admin-token' : null };
    return new ChatwootTriage(createChatwootHttp(sandbox.url, account, 2_000), tokens);
  }

  worker(hub = this.hub()): TurnWorker {
    const { mailbox, reminders } = this.stores;
    const { clock, queue, log: logger } = this;
    return new TurnWorker({
      hub,
      admission: new Admission({ ...this.stores, queue, tenants: this.#tenants, clock, logger }),
      bury: (failure) => buryMail({ ...this.stores, clock, logger, metrics: silentMetrics }, failure),
      queue,
      mailbox,
      reminders,
      clock,
      logger,
      metrics: silentMetrics,
      random: () => 0.5,
      concurrency: 1,
    });
  }

  /** Looks at the conversation again and again, moving the clock as it is told to, until there is nothing to do. */
  async settle(id = 1, hub = this.hub()): Promise<TurnDecision[]> {
    const decisions: TurnDecision[] = [];
    let attempt = 0;
    for (let pass = 0; pass < 40; pass++) {
      const decision = await hub.handle({ conversation: this.ref(id), attempt });
      decisions.push(decision);
      await this.chatwoot.idle();
      if (decision.kind === 'again') {
        attempt = decision.attempt;
        this.clock.move(decision.delayMs);
      } else if ((await this.stores.mailbox.read(this.ref(id))).mail.length === 0) return decisions;
    }
    throw new Error(`no end after ${decisions.length} passes: ${JSON.stringify(decisions.slice(-3))}`);
  }

  /** One process that dies at this step. Afterwards its lock has run out and what can come of it has come. */
  async die(deathAt: DeathAt, id = 1): Promise<Mortal> {
    const mortal = new Mortal(deathAt);
    const hub = this.hub(mortal);
    let attempt = 0;
    for (let pass = 0; pass < 40 && !mortal.isDead(); pass++) {
      try {
        const decision = await hub.handle({ conversation: this.ref(id), attempt });
        if (decision.kind === 'done') break;
        attempt = decision.attempt;
        this.clock.move(decision.delayMs);
      } catch (error) {
        if (!mortal.isDead()) throw error;
      }
    }
    await this.chatwoot.idle();
    this.clock.move(limits.lockTtlMs + 1);
    return mortal;
  }

  /** What the customer got, in order. */
  replies(id = 1): string[] {
    const messages = this.chatwoot.messagesOf(this.conversation(id));
    return messages
      .filter((message) => message.message_type === 1 && !message.private && message.sender?.name !== person)
      .map(({ content }) => content ?? '');
  }

  notes(id = 1): string[] {
    const messages = this.chatwoot.messagesOf(this.conversation(id));
    return messages.filter((message) => message.private).map(({ content }) => content ?? '');
  }

  status(id = 1): string {
    return this.chatwoot.conversation(this.conversation(id)).status;
  }

  /** How turns ended, in order, by the one line each of them leaves. */
  outcomes(): unknown[] {
    return this.log.lines.filter(({ message }) => message === 'turn.finished').map(({ fields }) => fields['outcome']);
  }

  get #open_() {
    if (!this.#parts) throw new Error('the world is not open');
    return this.#parts;
  }

  async #open(): Promise<void> {
    const { clock, log: logger } = this;
    const stores = await openEmbeddedStores({ dataDir: this.#folder, clock, logger, yaml: yamlText });
    const webhook = createWebhookRoute({
      receive: (tenant, urlToken, headers, body) => this.intake.receive(tenant, { headers, body, urlToken }),
      logger,
      metrics: silentMetrics,
    });
    const server = createHttpServer({ port: 0, host: '127.0.0.1', webhook, routers: [], logger });
    const { url } = await server.listen();
    const { version = '4.15.1' } = this.#options;
    const canSign = Number(version.split('.')[1]) >= 13;
    const address = `${url}/webhooks/chatwoot/${accountId}${canSign ? '' : `/t/${urlToken}`}`;
    const sandbox = await startChatwootSandbox(seed(address, version, this.#options));
    const tenant = this.makeTenant(sandbox.url);
    this.#parts = { sandbox, stores, server, tenant, address };
    const vault = new SealedVault({ store: stores.sealed, keys: masterKeys(randomBytes(32), null), clock });
    const fields = canSign ? { webhook_secrets: ['bot-secret', 'hook-secret'] } : { url_token: urlToken };
    await vault.set(accountId, { ref: 'chatwoot', kind: 'chatwoot', fields, origin: null, updatedAtMs: 0 });
    this.#intake = new Intake({
      mailbox: stores.mailbox,
      ledger: stores.ledger,
      queue: this.queue,
      tenants: {
        find: async (id) => (id === accountId ? this.tenant : null),
        list: async () => [],
        disabled: () => [],
      },
      // Chatwoot signs with the real time, however far a test has moved its own.
      deliveries: new ChatwootDeliveries(vault, { now: () => Date.now() }),
      clock,
      logger,
      metrics: silentMetrics,
    });
  }

  makeTenant(url: string): Tenant {
    const { mode = 'live', surface = 'agent_bot', config = {} } = this.#options;
    const listed = [inboxes.whatsapp, inboxes.web].map((id) => ({ id, mode }));
    const chatwoot = { base_url: url, account_id: account, surface, inboxes: listed, credential_ref: 'chatwoot' };
    const parsed = TenantConfig.parse({
      account_id: accountId,
      name: 'Sandra Cosméticos',
      integrations: { chatwoot },
      ...config,
    });
    return readyTenant(parsed, { accountId, domain: 'cosmetics', revision: 0, managedBy: 'file' });
  }
}

/** The world of each test, opened before and closed after it, with nothing Chatwoot would not have allowed. */
export function eachWorld(options: WorldOptions = {}): () => ConversationWorld {
  let world: ConversationWorld | null = null;
  beforeEach(async () => {
    world = await ConversationWorld.open(options);
  });
  afterEach(async () => {
    const ended = world;
    world = null;
    const violations = ended?.chatwoot.violations;
    const unnamed = ended?.outcomes().filter((outcome) => !turnOutcomes.some((known) => known === outcome));
    await ended?.close();
    assert.deepEqual(violations, []);
    assert.deepEqual(unnamed, [], 'a turn ends in one of the named ways');
  });
  return () => {
    if (!world) throw new Error('the world is open only while a test runs');
    return world;
  };
}
