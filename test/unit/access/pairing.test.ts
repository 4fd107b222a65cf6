import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { AttemptLimiter } from '../../../bridge/core/access/attempt-limiter.ts';
import { makePairingCode, pairingHash } from '../../../bridge/core/access/pairing-code.ts';
import { Pairing } from '../../../bridge/core/access/pairing.ts';
import { Tokens } from '../../../bridge/core/access/tokens.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { MemoryTokenStore } from '../../fixtures/memory-token-store.ts';

function setUp() {
  const store = new MemoryTokenStore();
  const clock = { ms: 1_000_000, now: () => clock.ms };
  const tokens = new Tokens({ store, clock, random: randomBytes, adminToken: 'the-admin-token' });
  const tenants = new Map([['existing', 'Existing']]);
  const failing: { with: Error | null } = { with: null };
  const pairing = new Pairing({
    store,
    tokens,
    clock,
    random: randomBytes,
    limiter: new AttemptLimiter({ clock, attempts: 5, spanMs: 60_000 }),
    isTaken: async (accountId) => tenants.has(accountId),
    createTenant: async ({ accountId, name }) => {
      if (failing.with !== null) throw failing.with;
      tenants.set(accountId, name);
    },
  });
  const pair = (code: string, accountId: string, ip = '10.0.0.1') =>
    pairing.pair({ code, accountId, name: 'Loja', domain: 'shops', databaseUuid: 'uuid-1' }, ip);
  return { store, clock, tokens, tenants, failing, pairing, pair };
}

const refused = { code: 'unauthorized' };

describe('pairing', () => {
  it('a code makes a new tenant and gives a token bound to the database it was typed in', async () => {
    const { tokens, tenants, pairing, pair } = setUp();
    const { code } = await pairing.createCode(null);
    const { token } = await pair(code, 'loja');
    assert.equal(tenants.get('loja'), 'Loja');
    assert.equal((await tokens.verify(token, 'uuid-1')).kind, 'tenant');
    await assert.rejects(tokens.verify(token, 'uuid-2'), { code: 'forbidden' });
  });

  it('a code works once', async () => {
    const { pairing, pair } = setUp();
    const { code } = await pairing.createCode(null);
    await pair(code, 'loja');
    await assert.rejects(pair(code, 'other'), refused);
  });

  it('of two Odoos that type one code at the same moment only one is paired', async () => {
    const { store, pairing, pair } = setUp();
    const { code } = await pairing.createCode(null);
    const results = await Promise.allSettled([pair(code, 'one'), pair(code, 'two')]);
    assert.deepEqual(results.map(({ status }) => status).sort(), ['fulfilled', 'rejected']);
    assert.equal(store.tokens.size, 1);
  });

  it('a code ends: 15 minutes unless another time was asked for', async () => {
    const { clock, pairing, pair } = setUp();
    const usual = await pairing.createCode(null);
    assert.equal(usual.expiresAtMs, clock.ms + 15 * 60_000);
    const short = await pairing.createCode(null, 60);
    clock.ms += 60_000;
    await assert.rejects(pair(short.code, 'loja'), refused);
    await pair(usual.code, 'loja');
  });

  it('an existing account is paired only with a code made for it', async () => {
    const { store, pairing, pair } = setUp();
    await assert.rejects(pair((await pairing.createCode(null)).code, 'existing'), refused);
    await assert.rejects(pair((await pairing.createCode('another')).code, 'existing'), refused);
    assert.equal(store.tokens.size, 0);
    await pair((await pairing.createCode('existing')).code, 'existing');
    assert.equal(store.tokens.size, 1);
  });

  it('a code made for one account makes no other', async () => {
    const { tenants, pairing, pair } = setUp();
    await assert.rejects(pair((await pairing.createCode('loja')).code, 'clinica'), refused);
    assert.ok(!tenants.has('clinica'));
    await pair((await pairing.createCode('loja')).code, 'loja');
    assert.ok(tenants.has('loja'));
  });

  it('whatever is wrong with a code, the answer is one and the same', async () => {
    const { clock, pairing, pair } = setUp();
    const old = await pairing.createCode(null, 1);
    const foreign = await pairing.createCode('another');
    clock.ms += 1_000;
    const messages = await Promise.all(
      [old.code, foreign.code, 'AAAAA-AAAAA', ''].map((code) =>
        pair(code, 'loja').catch((error: unknown) => String(error)),
      ),
    );
    assert.equal(new Set(messages).size, 1);
  });

  it('when the tenant cannot be saved nobody is paired, and the code stays good for its time', async () => {
    const { store, failing, clock, pairing, pair } = setUp();
    const { code, expiresAtMs } = await pairing.createCode(null);
    failing.with = new BridgeError('upstream_unavailable', 'away');
    await assert.rejects(pair(code, 'loja'), { code: 'upstream_unavailable' });
    assert.equal(store.tokens.size, 0);
    failing.with = null;
    clock.ms = expiresAtMs - 1;
    await pair(code, 'loja');
  });

  it('somebody who tries too often waits, others do not, and afterwards may try again', async () => {
    const { clock, pairing, pair } = setUp();
    const { code } = await pairing.createCode(null);
    for (let attempt = 0; attempt < 5; attempt += 1) await assert.rejects(pair('AAAAA-AAAAA', 'loja'), refused);
    await assert.rejects(pair(code, 'loja'), { code: 'rate_limited', retryAfterMs: 60_000 });
    await pair(code, 'loja', '10.0.0.2');
    clock.ms += 60_000;
    await assert.rejects(pair('AAAAA-AAAAA', 'loja'), refused);
  });

  it('a code is two groups of five that cannot be misread, and slips of the hand do not matter', () => {
    for (let round = 0; round < 200; round += 1) {
      const code = makePairingCode(randomBytes);
      assert.match(code, /^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$/);
    }
    const code = makePairingCode(() => new Uint8Array([0, 1, 2, 3, 4, 5, 6, 7, 8, 31]));
    assert.equal(code, '01234-5678Z');
    assert.equal(pairingHash(' oL234 5678z '), pairingHash(code));
    assert.equal(pairingHash('0i2345678z'), pairingHash(code));
    assert.notEqual(pairingHash('01234-56780'), pairingHash(code));
  });

  it('two codes are never the same hash, and codes differ', () => {
    const codes = new Set(Array.from({ length: 500 }, () => pairingHash(makePairingCode(randomBytes))));
    assert.equal(codes.size, 500);
  });
});

describe('the attempt limiter', () => {
  it('a flood from ever new addresses does not grow without end, and known callers keep their own count', () => {
    const clock = { now: () => 0 };
    const limiter = new AttemptLimiter({ clock, attempts: 2, spanMs: 1_000 });
    limiter.take('known');
    for (let address = 0; address < 10_001; address += 1) {
      try {
        limiter.take(`flood-${address}`);
      } catch (error) {
        assert.ok(error instanceof BridgeError && error.code === 'rate_limited');
      }
    }
    assert.throws(() => limiter.take('one-more'), { code: 'rate_limited' });
    limiter.take('known');
    assert.throws(() => limiter.take('known'), { code: 'rate_limited' });
  });
});
