import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { bearerOf, Tokens } from '../../../bridge/core/access/tokens.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { MemoryTokenStore } from '../../fixtures/memory-token-store.ts';

const adminToken = 'the-admin-token-of-this-installation';

function setUp(store = new MemoryTokenStore()) {
  const clock = { ms: 1_000_000, now: () => clock.ms };
  return { store, clock, tokens: new Tokens({ store, clock, random: randomBytes, adminToken }) };
}

describe('tokens', () => {
  it('a tenant token is its tenant with its scopes, and only its hash is stored', async () => {
    const { store, tokens } = setUp();
    const { id, token } = await tokens.create('loja', 'ERP', ['odoo']);
    assert.deepEqual(await tokens.verify(token, null), {
      kind: 'tenant',
      accountId: 'loja',
      tokenId: id,
      scopes: ['odoo'],
    });
    assert.doesNotMatch(JSON.stringify([...store.tokens.values()]), new RegExp(token));
    assert.ok(Buffer.from(token.slice(3), 'base64url').length >= 32);
  });

  it('the admin token is the administrator; anything near it is nobody', async () => {
    const { tokens } = setUp();
    assert.deepEqual(await tokens.verify(adminToken, null), { kind: 'admin' });
    for (const near of [`${adminToken}x`, adminToken.slice(1), adminToken.toUpperCase(), '', 'ui_nothing']) {
      await assert.rejects(tokens.verify(near, null), { code: 'unauthorized' }, near);
    }
  });

  it('the hash in the store is no token', async () => {
    const { store, tokens } = setUp();
    await tokens.create('loja', 'ERP', ['odoo']);
    for (const { hash, id } of store.tokens.values()) {
      await assert.rejects(tokens.verify(hash, null), { code: 'unauthorized' });
      await assert.rejects(tokens.verify(id, null), { code: 'unauthorized' });
    }
  });

  it('a token bound to an Odoo database is refused from another one and from one that says nothing', async () => {
    const { tokens } = setUp();
    const { token } = await tokens.create('loja', 'ERP', ['odoo'], 'uuid-original');
    assert.equal((await tokens.verify(token, 'uuid-original')).kind, 'tenant');
    await assert.rejects(tokens.verify(token, 'uuid-copy'), { code: 'forbidden' });
    await assert.rejects(tokens.verify(token, null), { code: 'forbidden' });
  });

  it('a token without a database works from anywhere', async () => {
    const { tokens } = setUp();
    const { token } = await tokens.create('loja', 'ERP', ['odoo']);
    assert.equal((await tokens.verify(token, 'uuid-any')).kind, 'tenant');
  });

  it('a revoked token is nobody at once', async () => {
    const { store, tokens } = setUp();
    const { id, token } = await tokens.create('loja', 'ERP', ['odoo']);
    await store.revoke('loja', id);
    await assert.rejects(tokens.verify(token, null), { code: 'unauthorized' });
  });

  it('the last use is noted once a minute, not with every call', async () => {
    const { store, clock, tokens } = setUp();
    const { id, token } = await tokens.create('loja', 'ERP', ['odoo']);
    const lastUse = async (afterMs: number) => {
      clock.ms += afterMs;
      await tokens.verify(token, null);
      return store.tokens.get(id)?.lastUsedAtMs;
    };
    assert.equal(await lastUse(0), 1_000_000);
    assert.equal(await lastUse(59_000), 1_000_000);
    assert.equal(await lastUse(1_000), 1_060_000);
  });

  it('a store that cannot note the use does not refuse the call', async () => {
    class ReadOnly extends MemoryTokenStore {
      override async touch(): Promise<void> {
        throw new BridgeError('upstream_unavailable', 'away');
      }
    }
    const { tokens } = setUp(new ReadOnly());
    const { token } = await tokens.create('loja', 'ERP', ['odoo']);
    assert.equal((await tokens.verify(token, null)).kind, 'tenant');
  });

  it('a bearer is read from its header, and anything else in its place is refused', () => {
    assert.equal(bearerOf('Bearer abc'), 'abc');
    assert.equal(bearerOf('bearer  abc '), 'abc');
    assert.equal(bearerOf(undefined), null);
    assert.equal(bearerOf(' '), null);
    for (const header of ['Basic abc', 'abc', 'Bearer', 'Bearer a b']) {
      assert.throws(() => bearerOf(header), { code: 'unauthorized' }, header);
    }
  });
});
