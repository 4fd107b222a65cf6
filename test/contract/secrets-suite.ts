// The promises of the stores that keep sealed credentials, token hashes and pairing codes, for every adapter.
import assert from 'node:assert/strict';
import { storedToken } from './store-samples.ts';
import { newAccount, useWorld, type OpenWorld } from './store-world.ts';

export function describeSealedStore(name: string, open: OpenWorld): void {
  describe(`sealed store on ${name}`, () => {
    const world = useWorld(open);

    it('sealed text comes back to its own tenant only, and the newest replaces the one before', async () => {
      const [mine, theirs] = [newAccount(), newAccount()];
      await world().stores.sealed.put(mine, 'odoo', 'first');
      await world().stores.sealed.put(mine, 'odoo', 'second');
      await world().stores.sealed.put(mine, 'chatwoot', 'third');
      assert.equal(await world().other.sealed.get(mine, 'odoo'), 'second');
      assert.equal(await world().other.sealed.get(theirs, 'odoo'), null);
      const listed = (await world().other.sealed.list(mine)).sort((a, b) => a.ref.localeCompare(b.ref));
      assert.deepEqual(listed, [
        { ref: 'chatwoot', sealed: 'third' },
        { ref: 'odoo', sealed: 'second' },
      ]);
      assert.deepEqual(await world().stores.sealed.list(theirs), []);
    });

    it('what was put is there after a kill, what was removed is not', async () => {
      const account = newAccount();
      await world().stores.sealed.put(account, 'odoo', 'text');
      await world().stores.sealed.put(account, 'chatwoot', 'text');
      assert.equal(await world().stores.sealed.remove(account, 'odoo'), true);
      assert.equal(await world().stores.sealed.remove(account, 'odoo'), false);
      await world().reopen();
      assert.deepEqual(await world().stores.sealed.list(account), [{ ref: 'chatwoot', sealed: 'text' }]);
    });
  });
}

export function describeTokenStore(name: string, open: OpenWorld): void {
  describe(`token store on ${name}`, () => {
    const world = useWorld(open);
    describeTokens(world);
    describePairing(world);
  });
}

function describeTokens(world: ReturnType<typeof useWorld>): void {
  it('a token is found by its hash and by nothing else, also after a kill', async () => {
    const account = newAccount();
    const token = storedToken(account, `${account}-a`, `${account}-hash`);
    await world().stores.tokens.add(token);
    assert.deepEqual(await world().other.tokens.findByHash(token.hash), token);
    assert.equal(await world().other.tokens.findByHash(token.id), null);
    await world().reopen();
    assert.deepEqual(await world().stores.tokens.findByHash(token.hash), token);
    assert.deepEqual(await world().stores.tokens.list(account), [token]);
  });

  it('a revoked token is not found any more, and another tenant cannot revoke it', async () => {
    const [mine, theirs] = [newAccount(), newAccount()];
    const token = storedToken(mine, `${mine}-a`, `${mine}-hash`);
    await world().stores.tokens.add(token);
    assert.equal(await world().stores.tokens.revoke(theirs, token.id), false);
    assert.deepEqual(await world().stores.tokens.findByHash(token.hash), token);
    assert.equal(await world().stores.tokens.revoke(mine, token.id), true);
    assert.equal(await world().stores.tokens.revoke(mine, token.id), false);
    assert.equal(await world().other.tokens.findByHash(token.hash), null);
    assert.deepEqual(await world().other.tokens.list(mine), []);
  });

  it('removing all takes a tenant’s tokens and nobody else’s', async () => {
    const [mine, theirs] = [newAccount(), newAccount()];
    for (const id of ['a', 'b']) await world().stores.tokens.add(storedToken(mine, mine + id, `${mine}-hash-${id}`));
    const other = storedToken(theirs, `${theirs}a`, `${theirs}-hash`);
    await world().stores.tokens.add(other);
    assert.equal(await world().stores.tokens.removeAll(mine), 2);
    assert.equal(await world().stores.tokens.removeAll(mine), 0);
    assert.equal(await world().stores.tokens.findByHash(`${mine}-hash-a`), null);
    assert.deepEqual(await world().stores.tokens.list(theirs), [other]);
  });

  it('the last use moves forward only, and touching a revoked token brings nothing back', async () => {
    const account = newAccount();
    const token = storedToken(account, `${account}-a`, `${account}-hash`);
    await world().stores.tokens.add(token);
    await world().stores.tokens.touch(token.id, 9_000);
    await world().other.tokens.touch(token.id, 8_000);
    assert.equal((await world().stores.tokens.findByHash(token.hash))?.lastUsedAtMs, 9_000);
    await world().stores.tokens.revoke(account, token.id);
    await world().stores.tokens.touch(token.id, 10_000);
    assert.equal(await world().stores.tokens.findByHash(token.hash), null);
    assert.deepEqual(await world().stores.tokens.list(account), []);
  });
}

function describePairing(world: ReturnType<typeof useWorld>): void {
  const codeOf = (hash: string, expiresAtMs: number) => ({ version: 1 as const, hash, accountId: null, expiresAtMs });

  it('of many that take a pairing code at once exactly one gets it', async () => {
    const code = codeOf(newAccount(), Date.now() + 60_000);
    await world().stores.tokens.addPairing(code);
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        (index % 2 === 0 ? world().stores : world().other).tokens.takePairing(code.hash),
      ),
    );
    assert.deepEqual(
      taken.filter((got) => got !== null),
      [code],
    );
    assert.equal(await world().stores.tokens.takePairing(code.hash), null);
  });

  it('an unused code survives a kill; an expired one is worth nothing', async () => {
    const [fresh, stale] = [codeOf(newAccount(), Date.now() + 60_000), codeOf(newAccount(), Date.now() - 1)];
    await world().stores.tokens.addPairing(fresh);
    await world().stores.tokens.addPairing(stale);
    await world().reopen();
    assert.deepEqual(await world().stores.tokens.takePairing(fresh.hash), fresh);
    assert.equal(await world().stores.tokens.takePairing(stale.hash), null);
    assert.equal(await world().stores.tokens.takePairing('unknown'), null);
  });
}
