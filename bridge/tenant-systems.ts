// The outside systems of each tenant, bound to its own credentials. Credentials are read anew at every call, so that a
// saved one is used on the next turn, on every instance; a stored credential only counts for the origin it was saved for.
import { ChatwootConversations } from './adapters/chatwoot/conversations.ts';
import { ChatwootPastMail } from './adapters/chatwoot/past-mail.ts';
import { ChatwootPlaces } from './adapters/chatwoot/places.ts';
import { AdminCalls } from './adapters/chatwoot/setup/admin-calls.ts';
import { settingsThatFight } from './adapters/chatwoot/setup/settings-that-fight.ts';
import { ChatwootSetup } from './adapters/chatwoot/setup/setup.ts';
import { ChatwootTriage } from './adapters/chatwoot/triage.ts';
import { YamlCatalogue } from './adapters/files/catalogue.ts';
import { KnowledgeFiles } from './adapters/files/knowledge-files.ts';
import type { YamlTenantFiles } from './adapters/files/tenant-files.ts';
import { OdooGateway } from './adapters/odoo/gateway.ts';
import { OdooBusiness } from './adapters/odoo/odoo-business.ts';
import { PlainOdoo } from './adapters/odoo/plain-odoo.ts';
import { EndpointHabits } from './adapters/openai/endpoint-habits.ts';
import type { Settings } from './config/settings.ts';
import { guardedModel, guardedOdoo } from './guarded-systems.ts';
import { OdooClients } from './odoo-clients.ts';
import type { OdooLink, OdooUser } from './odoo-clients.ts';
import { minAddon, protocol } from './versions.ts';
import { chatModelAt, mediaReadersAt, modelEndpointOf } from './model-endpoints.ts';
import type { ModelEndpoint } from './model-endpoints.ts';
import type { TenantClients } from './core/hub/tenant-clients.ts';
import { AtMost } from './core/media/at-most.ts';
import type { BusinessSystem } from './core/ports/business-system.ts';
import type { ChatModel } from './core/ports/chat-model.ts';
import { connectedRef } from './core/ports/conversation-setup.ts';
import type { ConversationSetup, SetupWarning } from './core/ports/conversation-setup.ts';
import type { Credential, CredentialVault } from './core/ports/credentials.ts';
import type { Clock } from './core/ports/clock.ts';
import type { Guards } from './core/ports/guards.ts';
import type { Logger } from './core/ports/logger.ts';
import type { RateLimiter } from './core/ports/rate-limiter.ts';
import type { Tenant } from './core/tenant.ts';

export interface TenantSystemsDeps {
  guards: Guards;
  settings: Settings;
  vault: CredentialVault;
  files: YamlTenantFiles;
  rates: RateLimiter;
  clock: Clock;
  logger: Logger;
}

/** Bounds one request; a send is bounded tighter, by the conversation lock. */
const chatwootTimeoutMs = 10_000;
/** Customers' files in memory at a time, over all tenants, and the share of one. */
const filesAtOnce = { all: 24, ofOneTenant: 8 };

export class TenantSystems {
  readonly #deps: TenantSystemsDeps;
  readonly #odoo = new OdooClients();
  readonly #habits = new EndpointHabits();
  readonly #places: ChatwootPlaces;
  readonly #catalogues = new Map<string, YamlCatalogue>();
  readonly #filePlaces = new AtMost(filesAtOnce.all, filesAtOnce.ofOneTenant);
  /** Each remembers what its Odoo held at the last look; a new configuration or secret makes a new one. */
  readonly #businesses = new Map<string, { madeOf: string; business: OdooBusiness }>();

  constructor(deps: TenantSystemsDeps) {
    this.#deps = deps;
    this.#places = new ChatwootPlaces(chatwootTimeoutMs, deps.rates);
  }

  async connect(tenant: Tenant): Promise<TenantClients> {
    const [chatwoot, business, endpoint] = await Promise.all([
      this.#chatwoot(tenant),
      this.business(tenant),
      this.#endpoint(tenant),
    ]);
    const model = this.#modelAt(tenant, endpoint);
    return { ...chatwoot, business, model, media: mediaReadersAt(endpoint, tenant, this.#filePlaces, this.#habits) };
  }

  /** Odoo through its gateway, or the tenant's own files. Null when Odoo is named but its credential is missing. */
  async business(tenant: Tenant): Promise<BusinessSystem | null> {
    const { odoo } = tenant.config.integrations;
    if (odoo.api === 'none') return this.#catalogue(tenant);
    const credential = await this.#credential(tenant, odoo.credential_ref, odoo.url);
    const secret = textField(credential, 'api_key') ?? textField(credential, 'password');
    if (!secret) return null;
    const madeOf = JSON.stringify([tenant.fingerprint, textField(credential, 'login'), secret]);
    const known = this.#businesses.get(tenant.accountId);
    if (known?.madeOf === madeOf) return known.business;
    const business = this.#odooBusiness(tenant, odoo, { login: textField(credential, 'login'), secret });
    this.#businesses.set(tenant.accountId, { madeOf, business });
    return business;
  }

  #odooBusiness(tenant: Tenant, link: OdooLink, user: OdooUser): OdooBusiness {
    const { clock, guards, logger } = this.#deps;
    const address = { url: link.url, credential: user.secret, accountId: tenant.accountId };
    const client = guardedOdoo(this.#odoo.clientFor(link, user), guards, address);
    const gateway = new OdooGateway({ client, protocol, minAddon, logger });
    const { field_mappings: mappings, language } = tenant.config;
    return new OdooBusiness(gateway, new PlainOdoo({ client, mappings, language, clock }), clock);
  }

  /** Makes the tenant's Chatwoot deliver here; null when it names none. */
  async setup(tenant: Tenant): Promise<ConversationSetup | null> {
    const { chatwoot } = tenant.config.integrations;
    if (!chatwoot) return null;
    const credential = await this.#credential(tenant, chatwoot.credential_ref, chatwoot.base_url);
    const { http } = this.#places.at(chatwoot.base_url, chatwoot.account_id);
    return new ChatwootSetup(http, textField(credential, 'user_token'));
  }

  /** What in the tenant's Chatwoot keeps an assistant from doing its work. */
  async chatwootWarnings(tenant: Tenant, signal: AbortSignal): Promise<SetupWarning[]> {
    const { chatwoot } = tenant.config.integrations;
    const credential = chatwoot && (await this.#credential(tenant, chatwoot.credential_ref, chatwoot.base_url));
    const token = textField(credential ?? null, 'user_token');
    if (!chatwoot || !token) return [];
    const { http } = this.#places.at(chatwoot.base_url, chatwoot.account_id);
    return settingsThatFight(new AdminCalls(http, token, signal), chatwoot);
  }

  async #chatwoot(tenant: Tenant): Promise<Pick<TenantClients, 'conversations' | 'triage' | 'pastMail'>> {
    const { chatwoot } = tenant.config.integrations;
    if (!chatwoot) return { conversations: null, triage: null, pastMail: null };
    const [saved, connected] = await Promise.all(
      [chatwoot.credential_ref, connectedRef].map((ref) => this.#credential(tenant, ref, chatwoot.base_url)),
    );
    const connectedToken = textField(connected ?? null, 'bot_token');
    const bot = textField(saved ?? null, 'bot_token') ?? connectedToken;
    const tokens = { bot, user: textField(saved ?? null, 'user_token') };
    // Known only while we speak as the bot that was connected; any other would take our own bot for somebody else's.
    const connectedId = bot !== null && bot === connectedToken ? textField(connected ?? null, 'bot_id') : null;
    const { http, memory } = this.#places.at(chatwoot.base_url, chatwoot.account_id);
    const ours = { chatwootAccountId: chatwoot.account_id, botId: connectedId === null ? null : Number(connectedId) };
    const inboxIds = chatwoot.inboxes.map(({ id }) => id);
    return {
      conversations: new ChatwootConversations(http, tokens, ours, memory),
      triage: new ChatwootTriage(http, tokens, memory),
      pastMail: new ChatwootPastMail(http, tokens, ours, inboxIds),
    };
  }

  #modelAt({ accountId }: Tenant, endpoint: ModelEndpoint | null): ChatModel | null {
    const model = chatModelAt(endpoint, this.#deps.settings.llmTimeoutMs, this.#habits);
    if (!model || !endpoint) return null;
    const address = { url: endpoint.baseUrl, credential: endpoint.apiKey, accountId };
    return guardedModel(model, this.#deps.guards, address);
  }

  /** The tenant's own, else the installation's, else none: then answers come from what is found. */
  async #endpoint(tenant: Tenant): Promise<ModelEndpoint | null> {
    const credential = await this.#credential(tenant, tenant.config.integrations.model?.credential_ref, null);
    return modelEndpointOf(this.#deps.settings, (name) => textField(credential, name));
  }

  async #credential(tenant: Tenant, ref: string | undefined, url: string | null): Promise<Credential | null> {
    const credential = ref ? await this.#deps.vault.get(tenant.accountId, ref) : null;
    if (!credential || url === null || credential.origin === null || credential.origin === new URL(url).origin) {
      return credential;
    }
    this.#deps.logger.warn({ account_id: tenant.accountId, ref }, 'credential.other_origin');
    return null;
  }

  #catalogue(tenant: Tenant): YamlCatalogue {
    const folder = this.#deps.files.folderOf({ domain: tenant.domain, accountId: tenant.accountId });
    const known = this.#catalogues.get(folder);
    if (known) return known;
    const catalogue = new YamlCatalogue(new KnowledgeFiles(folder));
    this.#catalogues.set(folder, catalogue);
    return catalogue;
  }
}

function textField(credential: Credential | null, name: string): string | null {
  const value = credential?.fields[name];
  return typeof value === 'string' && value !== '' ? value : null;
}
