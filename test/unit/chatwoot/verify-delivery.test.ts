import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { verifyDelivery } from '../../../bridge/adapters/chatwoot/verify-delivery.ts';
import type { WebhookSecrets } from '../../../bridge/adapters/chatwoot/verify-delivery.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { RawDelivery } from '../../../bridge/core/ports/deliveries.ts';

const secret = 'demo_secret_0123456789abc';
const timestamp = 1_795_000_000;
const nowMs = timestamp * 1000;
const body = '{"event":"message_created","id":1}';
const signature = 'sha256=356d92126711f2a6a5cce0ec8b60ca5169f732b6cf827bbca3647a2cec64d766';
const known: WebhookSecrets = { signing: [secret], urlToken: null };
const urlToken = 'k3_Zp-0123456789abcdefghijklmnopqrstu';

interface Given {
  body?: Buffer;
  timestamp?: RawDelivery['headers'][string];
  signature?: RawDelivery['headers'][string];
  urlToken?: string | null;
}

function delivery(given: Given = {}): RawDelivery {
  const headers: RawDelivery['headers'] = {
    'content-type': 'application/json',
    'x-chatwoot-timestamp': 'timestamp' in given ? given.timestamp : String(timestamp),
    'x-chatwoot-signature': 'signature' in given ? given.signature : signature,
  };
  return { headers, body: given.body ?? Buffer.from(body), urlToken: given.urlToken ?? null };
}

function signed(bytes: Buffer, key: string, seconds = timestamp): string {
  return `sha256=${createHmac('sha256', key).update(`${seconds}.`).update(bytes).digest('hex')}`;
}

function accepts(raw: RawDelivery, secrets: WebhookSecrets | null = known, atMs = nowMs): boolean {
  try {
    verifyDelivery(raw, secrets, atMs);
    return true;
  } catch (error) {
    assert.ok(error instanceof BridgeError);
    assert.equal(error.code, 'bad_signature');
    return false;
  }
}

describe('a webhook signature', () => {
  it('is computed as Chatwoot computes it (known vector), and the body comes back byte for byte', () => {
    const raw = delivery();
    assert.equal(verifyDelivery(raw, known, nowMs).body, raw.body);
  });

  it('covers the raw bytes: escapes that a parser would undo still verify', () => {
    const bytes = Buffer.from('{"content":"\\u003cb\\u003e Pre\\u00e7o?\\u2028", "id" : 1 }\n');
    assert.ok(accepts(delivery({ body: bytes, signature: signed(bytes, secret) })));
  });

  it('fails when any single bit of the body, the signature or the timestamp is flipped', () => {
    const bytes = Buffer.from(body);
    fc.assert(
      fc.property(fc.nat({ max: bytes.length * 8 - 1 }), (bit) => {
        assert.ok(!accepts(delivery({ body: flipped(bytes, bit) })));
      }),
    );
    const hex = Buffer.from(signature);
    fc.assert(
      fc.property(fc.nat({ max: hex.length * 8 - 1 }), (bit) => {
        assert.ok(!accepts(delivery({ signature: flipped(hex, bit).toString('latin1') })));
      }),
    );
    for (const seconds of [timestamp - 1, timestamp + 1]) {
      assert.ok(!accepts(delivery({ timestamp: String(seconds) })));
    }
  });

  it('holds for any body and any secret, and for no other secret', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array));
    const key = fc.string({ minLength: 1, unit: 'grapheme' });
    fc.assert(
      fc.property(bytes, key, key, (given, right, wrong) => {
        fc.pre(right !== wrong);
        const raw = delivery({ body: given, signature: signed(given, right) });
        assert.ok(accepts(raw, { signing: [right], urlToken: null }));
        assert.ok(!accepts(raw, { signing: [wrong], urlToken: null }));
      }),
    );
  });

  it('may be made with any of the current secrets, wherever it stands in the list', () => {
    const others = Array.from({ length: 31 }, (_, index) => `old-secret-${index}`);
    for (const at of [0, 15, 31]) {
      assert.ok(accepts(delivery(), { signing: others.toSpliced(at, 0, secret), urlToken: null }));
    }
    assert.ok(!accepts(delivery(), { signing: others, urlToken: null }));
  });

  it('is refused with an empty secret, even when it was made with one', () => {
    const raw = delivery({ signature: signed(Buffer.from(body), '') });
    for (const signing of [[], [''], ['', 'x']]) assert.ok(!accepts(raw, { signing, urlToken: null }));
  });

  it('counts for five minutes around its timestamp, and not a second more on either side', () => {
    for (const seconds of [-300, 0, 300]) assert.ok(accepts(delivery(), known, nowMs + seconds * 1000));
    for (const seconds of [-301, 301, 86_400]) assert.ok(!accepts(delivery(), known, nowMs + seconds * 1000));
  });

  it('needs a timestamp in plain digits', () => {
    for (const given of [
      '',
      ' ',
      '1795000000.0',
      '1.795e9',
      '0x6afd',
      '-1795000000',
      'NaN',
      '179500000012345',
      undefined,
    ]) {
      assert.ok(!accepts(delivery({ timestamp: given })), String(given));
    }
  });

  it('needs its header: missing, empty, upper-case, without its prefix or with other algorithms is refused', () => {
    const hex = signature.slice('sha256='.length);
    for (const given of [
      undefined,
      '',
      hex,
      `sha1=${hex}`,
      signature.toUpperCase(),
      `${signature} `,
      `${signature}00`,
    ]) {
      assert.ok(!accepts(delivery({ signature: given })), String(given));
    }
  });

  it('is refused when a header came twice, whichever of the two would be right', () => {
    assert.ok(!accepts(delivery({ signature: [signature, signature] })));
    assert.ok(!accepts(delivery({ signature: `${signature}, ${signature}` })));
    assert.ok(!accepts(delivery({ timestamp: [String(timestamp), String(timestamp)] })));
  });
});

describe('a delivery that is not authentic', () => {
  it('ends in one and the same error for an unknown tenant, a wrong signature, a stale one and a wrong token', () => {
    const raws: [RawDelivery, WebhookSecrets | null][] = [
      [delivery(), null],
      [delivery({ urlToken }), null],
      [delivery({ signature: 'sha256=00' }), known],
      [delivery({ timestamp: '1' }), known],
      [delivery({ urlToken: 'wrong' }), { signing: [], urlToken }],
    ];
    const errors = raws.map(([raw, secrets]) => {
      try {
        verifyDelivery(raw, secrets, nowMs);
      } catch (error) {
        assert.ok(error instanceof BridgeError);
        return { code: error.code, message: error.message, problems: error.problems, cause: error.cause };
      }
      return assert.fail('it was accepted');
    });
    for (const error of errors) assert.deepEqual(error, errors[0]);
  });
});

describe('the token in the URL', () => {
  it('lets a delivery of a Chatwoot that cannot sign pass', () => {
    assert.ok(accepts(delivery({ urlToken, signature: undefined, timestamp: undefined }), { signing: [], urlToken }));
  });

  it('is refused as soon as the tenant has one webhook secret, even with a right signature beside it', () => {
    assert.ok(!accepts(delivery({ urlToken }), { signing: [secret], urlToken }));
  });

  it('is refused when the tenant has none, also when an empty one is given', () => {
    for (const given of ['', urlToken, 'null', 'undefined']) {
      assert.ok(!accepts(delivery({ urlToken: given }), { signing: [], urlToken: null }), given);
      assert.ok(!accepts(delivery({ urlToken: given }), { signing: [], urlToken: '' }), given);
    }
  });

  it('must have 32 characters or more: a shorter one opens nothing although it is equal', () => {
    const short = 'a'.repeat(31);
    assert.ok(!accepts(delivery({ urlToken: short }), { signing: [], urlToken: short }));
    assert.ok(accepts(delivery({ urlToken: `${short}b` }), { signing: [], urlToken: `${short}b` }));
  });

  it('is compared whole: a prefix, a longer one, another case are refused', () => {
    for (const given of [urlToken.slice(0, -1), `${urlToken}x`, urlToken.toUpperCase(), ` ${urlToken}`]) {
      assert.ok(!accepts(delivery({ urlToken: given }), { signing: [], urlToken }), given);
    }
  });

  it('does not open the plain path: without it, an unsigned delivery is refused', () => {
    assert.ok(!accepts(delivery({ signature: undefined }), { signing: [], urlToken }));
  });
});

function flipped(bytes: Buffer, bit: number): Buffer {
  const copy = Buffer.from(bytes);
  const at = bit >> 3;
  copy[at] = (copy[at] ?? 0) ^ (1 << (bit & 7));
  return copy;
}
