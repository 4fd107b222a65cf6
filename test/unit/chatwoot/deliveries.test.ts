import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { ChatwootDeliveries } from '../../../bridge/adapters/chatwoot/deliveries.ts';
import { masterKeys } from '../../../bridge/adapters/crypto/envelope.ts';
import { SealedVault } from '../../../bridge/adapters/crypto/sealed-vault.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { CredentialFields, SealedStore } from '../../../bridge/core/ports/credentials.ts';
import type { RawDelivery } from '../../../bridge/core/ports/deliveries.ts';
import { TenantConfig } from '../../../bridge/core/tenant.ts';
import type { Tenant } from '../../../bridge/core/tenant.ts';
import { readyTenant } from '../../../bridge/core/tenants/ready-tenant.ts';
import { signDelivery } from '../../sandbox/chatwoot/deliveries/sign-delivery.ts';
import { HandClock } from '../hub/world/hand-clock.ts';
import { whatsappText } from './example-payloads.ts';

const body = Buffer.from(JSON.stringify(whatsappText()));
const urlToken = 'u'.repeat(40);

function tenantOf(accountId: string, ref: string | null = 'chatwoot'): Tenant {
  const chatwoot = {
    base_url: 'https://chat.example',
    account_id: 7,
    inboxes: [31],
    ...(ref ? { credential_ref: ref } : {}),
  };
  const config = TenantConfig.parse({ account_id: accountId, name: accountId, integrations: { chatwoot } });
  return readyTenant(config, { accountId, domain: 'retail', revision: 0, managedBy: 'file' });
}

describe('the deliveries of a tenant', () => {
  const clock = new HandClock();
  let kept: Map<string, string>;
  let isAway: boolean;
  let reads: number;
  let vault: SealedVault;
  let deliveries: ChatwootDeliveries;

  beforeEach(() => {
    kept = new Map();
    isAway = false;
    reads = 0;
    const store: SealedStore = {
      get: async (accountId, ref) => {
        reads += 1;
        if (isAway) throw new BridgeError('upstream_unavailable', 'away');
        return kept.get(`${accountId}/${ref}`) ?? null;
      },
      put: async (accountId, ref, sealed) => void kept.set(`${accountId}/${ref}`, sealed),
      list: async () => [],
      remove: async () => false,
    };
    vault = new SealedVault({ store, keys: masterKeys(randomBytes(32), null), clock });
    deliveries = new ChatwootDeliveries(vault, clock);
  });

  const save = (fields: CredentialFields, accountId = 'loja') =>
    vault.set(accountId, { ref: 'chatwoot', kind: 'chatwoot', fields, origin: null, updatedAtMs: 0 });
  const signed = (secret: string): RawDelivery => {
    const seconds = Math.floor(clock.now() / 1000);
    return {
      headers: { 'x-chatwoot-timestamp': String(seconds), 'x-chatwoot-signature': signDelivery(secret, body, seconds) },
      body,
      urlToken: null,
    };
  };
  const open = (raw: RawDelivery, tenant: Tenant | null = tenantOf('loja')) =>
    deliveries.open(tenant, raw).then(
      ({ event }) => event.kind,
      (error: unknown) => (error instanceof BridgeError ? error.code : error),
    );

  it('are believed with any of its webhook secrets, and with no other tenant’s', async () => {
    await save({ webhook_secrets: ['bot-secret', 'hook-secret'] });
    await save({ webhook_secrets: ['neighbour-secret'] }, 'vizinho');
    assert.equal(await open(signed('bot-secret')), 'customer_message');
    assert.equal(await open(signed('hook-secret')), 'customer_message');
    assert.equal(await open(signed('neighbour-secret')), 'bad_signature');
    assert.equal(await open(signed('bot-secret'), tenantOf('vizinho')), 'bad_signature');
    assert.equal(await open(signed('bot-secret'), null), 'bad_signature');
  });

  it('are believed with one secret that was saved as a plain text', async () => {
    await save({ webhook_secrets: 'bot-secret' });
    assert.equal(await open(signed('bot-secret')), 'customer_message');
  });

  it('with a secret that was rotated a moment ago are believed at once', async () => {
    await save({ webhook_secrets: ['old'] });
    assert.equal(await open(signed('old')), 'customer_message');
    await save({ webhook_secrets: ['new', 'old'] });
    assert.equal(await open(signed('new')), 'customer_message');
    assert.equal(await open(signed('old')), 'customer_message');
  });

  it('with a secret that was taken back are refused after two seconds', async () => {
    await save({ webhook_secrets: ['leaked', 'new'] });
    assert.equal(await open(signed('leaked')), 'customer_message');
    await save({ webhook_secrets: ['new'] });
    clock.move(2_001);
    assert.equal(await open(signed('leaked')), 'bad_signature');
  });

  it('are believed with what connecting stored beside the saved credential, which does not wipe it', async () => {
    const fields = { webhook_secrets: ['of-the-bot'], bot_id: '4' };
    await vault.set('loja', { ref: 'chatwoot-connected', kind: 'chatwoot', fields, origin: null, updatedAtMs: 0 });
    await save({ user_token: 'x' });
    assert.equal(await open(signed('of-the-bot')), 'customer_message');
    await save({ webhook_secrets: ['of-an-api-inbox'] });
    clock.move(2_001);
    assert.equal(await open(signed('of-the-bot')), 'customer_message');
    assert.equal(await open(signed('of-an-api-inbox')), 'customer_message');
  });

  it('do not ask the vault for each of a flood', async () => {
    await save({ webhook_secrets: ['bot-secret'] });
    for (let index = 0; index < 100; index++) await open(signed('bot-secret'));
    // What people saved, and what connecting stored beside it.
    assert.equal(reads, 2);
  });

  it('whose secrets cannot be read are refused as an outage, so that they come again', async () => {
    await save({ webhook_secrets: ['bot-secret'] });
    isAway = true;
    assert.equal(await open(signed('bot-secret')), 'upstream_unavailable');
  });

  it('of a tenant without credentials are refused like any wrong signature', async () => {
    assert.equal(await open(signed('bot-secret')), 'bad_signature');
    assert.equal(await open(signed(''), tenantOf('loja', null)), 'bad_signature');
    await save({ bot_token: 'b' });
    assert.equal(await open(signed('')), 'bad_signature');
    await save({ webhook_secrets: [''] });
    clock.move(2_001);
    assert.equal(await open(signed('')), 'bad_signature');
  });

  it('of a Chatwoot that cannot sign are believed by the token in the URL, until a secret is saved', async () => {
    const raw: RawDelivery = { headers: {}, body, urlToken };
    await save({ url_token: urlToken });
    assert.equal(await open(raw), 'customer_message');
    assert.equal(await open({ ...raw, urlToken: `${urlToken}x` }), 'bad_signature');
    await save({ url_token: urlToken, webhook_secrets: ['bot-secret'] });
    clock.move(2_001);
    assert.equal(await open(raw), 'bad_signature');
    assert.equal(await open(signed('bot-secret')), 'customer_message');
  });

  it('from another account of the same Chatwoot are ignored', async () => {
    await save({ webhook_secrets: ['bot-secret'] });
    const other = Buffer.from(JSON.stringify(whatsappText({ account: { id: 8, name: 'Vizinho' } })));
    const seconds = Math.floor(clock.now() / 1000);
    const headers = {
      'x-chatwoot-timestamp': String(seconds),
      'x-chatwoot-signature': signDelivery('bot-secret', other, seconds),
    };
    const { event } = await deliveries.open(tenantOf('loja'), { headers, body: other, urlToken: null });
    assert.deepEqual(event, { kind: 'ignored', reason: 'other_account' });
  });

  it('that are signed but no JSON are a bad request, and unsigned ones never get that far', async () => {
    await save({ webhook_secrets: ['bot-secret'] });
    const bytes = Buffer.from('{not json');
    const seconds = Math.floor(clock.now() / 1000);
    const headers = {
      'x-chatwoot-timestamp': String(seconds),
      'x-chatwoot-signature': signDelivery('bot-secret', bytes, seconds),
    };
    assert.equal(await open({ headers, body: bytes, urlToken: null }), 'bad_request');
    assert.equal(await open({ headers: {}, body: bytes, urlToken: null }), 'bad_signature');
  });
});
