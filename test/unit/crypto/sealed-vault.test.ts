import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { masterKeys } from '../../../bridge/adapters/crypto/envelope.ts';
import { SealedVault } from '../../../bridge/adapters/crypto/sealed-vault.ts';
import type { Credential, SealedStore } from '../../../bridge/core/ports/credentials.ts';

/** What is at rest, as a thief would see and move it. */
class Rest implements SealedStore {
  readonly kept = new Map<string, string>();

  async get(accountId: string, ref: string): Promise<string | null> {
    return this.kept.get(`${accountId}/${ref}`) ?? null;
  }

  async put(accountId: string, ref: string, sealed: string): Promise<void> {
    this.kept.set(`${accountId}/${ref}`, sealed);
  }

  async list(accountId: string): Promise<{ ref: string; sealed: string }[]> {
    const own = [...this.kept].filter(([place]) => place.startsWith(`${accountId}/`));
    return own.map(([place, sealed]) => ({ ref: place.slice(accountId.length + 1), sealed }));
  }

  async remove(accountId: string, ref: string): Promise<boolean> {
    return this.kept.delete(`${accountId}/${ref}`);
  }
}

const clock = { now: () => 1_000 };
const oldKey = randomBytes(32);
const newKey = randomBytes(32);
const credential: Credential = {
  ref: 'loja-chatwoot',
  kind: 'chatwoot',
  fields: {
    bot_token: 'bot-secret',
    webhook_secrets: ['hook-secret-1', 'hook-secret-2'],
    headers: { 'X-Key': 'head-secret' },
  },
  origin: 'https://chat.example',
  updatedAtMs: 0,
};

function vaultOver(store: SealedStore, current = oldKey, previous: Buffer | null = null): SealedVault {
  return new SealedVault({ store, keys: masterKeys(current, previous), clock });
}

describe('the credential vault', () => {
  it('gives back what was set, with the time it was set', async () => {
    const vault = vaultOver(new Rest());
    await vault.set('loja', credential);
    assert.deepEqual(await vault.get('loja', 'loja-chatwoot'), { ...credential, updatedAtMs: 1_000 });
    assert.equal(await vault.get('loja', 'other'), null);
  });

  it('no value and no origin is readable at rest, and equal values do not look equal', async () => {
    const store = new Rest();
    const vault = vaultOver(store);
    await vault.set('loja', credential);
    const first = store.kept.get('loja/loja-chatwoot') ?? '';
    await vault.set('loja', credential);
    assert.doesNotMatch(first, /secret-|bot-secret|chat\.example/);
    assert.notEqual(store.kept.get('loja/loja-chatwoot'), first);
  });

  it('an entry moved to another tenant or another name does not open', async () => {
    const store = new Rest();
    const vault = vaultOver(store);
    await vault.set('loja', credential);
    const sealed = store.kept.get('loja/loja-chatwoot') ?? '';
    await store.put('thief', 'loja-chatwoot', sealed);
    await store.put('loja', 'other', sealed);
    await assert.rejects(vault.get('thief', 'loja-chatwoot'), { code: 'internal' });
    await assert.rejects(vault.get('loja', 'other'), { code: 'internal' });
  });

  it('a change of any part of the envelope is noticed', async () => {
    const store = new Rest();
    const vault = vaultOver(store);
    await vault.set('loja', credential);
    const sealed = JSON.parse(store.kept.get('loja/loja-chatwoot') ?? '') as Record<string, unknown>;
    const flipped = (text: unknown): string => {
      const bytes = Buffer.from(String(text), 'base64');
      bytes[0] = (bytes[0] ?? 0) ^ 1;
      return bytes.toString('base64');
    };
    const changes = [
      { kind: 'odoo' },
      { fields: ['bot_token'] },
      { updated_at_ms: 2 },
      { key: 'abcdefabcdef' },
      { v: 2 },
      { iv: flipped(sealed['iv']) },
      { tag: flipped(sealed['tag']) },
      { data: flipped(sealed['data']) },
      { tag: '' },
    ];
    for (const change of changes) {
      await store.put('loja', 'loja-chatwoot', JSON.stringify({ ...sealed, ...change }));
      await assert.rejects(vault.get('loja', 'loja-chatwoot'), { code: 'internal' }, JSON.stringify(change));
    }
    await store.put('loja', 'loja-chatwoot', 'not an envelope');
    await assert.rejects(vault.get('loja', 'loja-chatwoot'), { code: 'internal' });
  });

  it('the message of a failure names tenant and entry and holds no sealed text', async () => {
    const store = new Rest();
    await vaultOver(store).set('loja', credential);
    await assert.rejects(vaultOver(store, newKey).get('loja', 'loja-chatwoot'), (error: Error) => {
      const data = String((JSON.parse(store.kept.get('loja/loja-chatwoot') ?? '') as Record<string, unknown>)['data']);
      return /loja-chatwoot.*loja.*BRIDGE_MASTER_KEY_PREVIOUS/.test(error.message) && !error.message.includes(data);
    });
  });

  it('the previous key opens what it sealed; after resealing it is not needed any more', async () => {
    const store = new Rest();
    await vaultOver(store).set('loja', credential);
    const both = vaultOver(store, newKey, oldKey);
    assert.deepEqual((await both.get('loja', 'loja-chatwoot'))?.fields, credential.fields);
    assert.deepEqual(await both.reseal('loja'), { resealed: 1, current: 0, unreadable: [] });
    assert.deepEqual(await both.reseal('loja'), { resealed: 0, current: 1, unreadable: [] });
    assert.deepEqual(await vaultOver(store, newKey).get('loja', 'loja-chatwoot'), {
      ...credential,
      updatedAtMs: 1_000,
    });
  });

  it('resealing names what no key opens and leaves it as it is', async () => {
    const store = new Rest();
    await vaultOver(store, randomBytes(32)).set('loja', credential);
    const before = store.kept.get('loja/loja-chatwoot');
    const report = await vaultOver(store, newKey, oldKey).reseal('loja');
    assert.deepEqual(report, { resealed: 0, current: 0, unreadable: ['loja-chatwoot'] });
    assert.equal(store.kept.get('loja/loja-chatwoot'), before);
  });

  it('the list tells names of fields only, also when no key opens the entries', async () => {
    const store = new Rest();
    await vaultOver(store).set('loja', credential);
    const expected = [
      {
        ref: 'loja-chatwoot',
        kind: 'chatwoot',
        fields: ['bot_token', 'headers', 'webhook_secrets'],
        updatedAtMs: 1_000,
      },
    ];
    assert.deepEqual(await vaultOver(store, newKey).list('loja'), expected);
    assert.deepEqual(await vaultOver(store).list('other'), []);
  });

  it('removing takes one entry, or all of one tenant and none of another', async () => {
    const vault = vaultOver(new Rest());
    for (const accountId of ['loja', 'clinica']) {
      await vault.set(accountId, credential);
      await vault.set(accountId, { ...credential, ref: 'second' });
    }
    assert.equal(await vault.remove('loja', 'second'), true);
    assert.equal(await vault.remove('loja', 'second'), false);
    assert.equal(await vault.removeAll('loja'), 1);
    assert.equal((await vault.list('clinica')).length, 2);
  });
});
