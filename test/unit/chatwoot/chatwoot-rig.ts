// The simulated Chatwoot of the adapter's tests: one account with a bot, an administrator, an agent, four inboxes and a team.
// It is stopped after each test, which also proves that nothing was asked that Chatwoot does not have.
import assert from 'node:assert/strict';
import { createChatwootHttp } from '../../../bridge/adapters/chatwoot/http.ts';
import type { ChatwootHttp } from '../../../bridge/adapters/chatwoot/http.ts';
import { PlaceMemory } from '../../../bridge/adapters/chatwoot/place-memory.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { startChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';
import type { ChatwootSandbox } from '../../sandbox/chatwoot/start-chatwoot-sandbox.ts';

export const never = new AbortController().signal;
export const account = 3;
export const inboxes = { whatsapp: 5, web: 6, api: 7, instagram: 8 };
export const both = { bot: 'bot-token', user: 'admin-token' };
export const botOnly = { bot: 'bot-token', user: null };
export const userOnly = { bot: null, user: 'admin-token' };
export const ours = { chatwootAccountId: account, botId: null };

export class ChatwootRig {
  #sandbox: ChatwootSandbox | null = null;
  #http: ChatwootHttp | null = null;
  memory = new PlaceMemory();

  async start(version = '4.15.1', more: object = {}): Promise<void> {
    this.#sandbox = await startChatwootSandbox({ ...seed(version), ...more });
    this.#http = createChatwootHttp(this.#sandbox.url, account, 1_000);
    this.memory = new PlaceMemory();
  }

  async stop(): Promise<void> {
    const violations = this.#sandbox?.api.violations ?? [];
    await this.#sandbox?.stop();
    this.#sandbox = null;
    assert.deepEqual(violations, []);
  }

  get sandbox(): ChatwootSandbox {
    if (!this.#sandbox) throw new Error('the rig is not started');
    return this.#sandbox;
  }

  get api() {
    return this.sandbox.api;
  }

  get http(): ChatwootHttp {
    if (!this.#http) throw new Error('the rig is not started');
    return this.#http;
  }

  writes(text: string | null, inbox = inboxes.whatsapp, contact = 'Marta') {
    return this.api.customerWrites({ account, inbox, contact, text });
  }

  /** What was asked so far, as `endpoint token status`. */
  asked(): string[] {
    return this.api.requests.map(({ endpoint, tokenKind, status }) => `${endpoint ?? '?'} ${tokenKind} ${status ?? 0}`);
  }
}

/** A started rig for each test. */
export function eachRig(version?: string, more?: object): ChatwootRig {
  const rig = new ChatwootRig();
  beforeEach(() => rig.start(version, more));
  afterEach(() => rig.stop());
  return rig;
}

export function codeOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => 'fine',
    (error: unknown) => (error instanceof BridgeError ? error.code : error),
  );
}

function seed(version: string) {
  return {
    version,
    receipts: 'none' as const,
    accounts: [
      {
        id: account,
        name: 'Loja',
        keep_pending_on_bot_failure: true,
        bots: [{ id: 4, name: 'Assistente', token: 'bot-token', outgoing_url: null }],
        users: [
          { id: 11, name: 'Ana', role: 'administrator' as const, token: 'admin-token' },
          { id: 12, name: 'Bia', token: 'agent-token' },
        ],
        inboxes: [
          { id: inboxes.whatsapp, name: 'WhatsApp', channel_type: 'Channel::Whatsapp' as const },
          { id: inboxes.web, name: 'Site', channel_type: 'Channel::WebWidget' as const },
          { id: inboxes.api, name: 'Gateway', channel_type: 'Channel::Api' as const },
          { id: inboxes.instagram, name: 'Instagram', channel_type: 'Channel::Instagram' as const },
        ],
        teams: [{ id: 71, name: 'atendimento', members: [12] }],
        labels: ['vip'],
      },
    ],
  };
}
