import assert from 'node:assert/strict';
import { createLogger, type LogLevel } from '../../../bridge/adapters/pino/logger.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';

function recording(level: LogLevel = 'debug') {
  const lines: string[] = [];
  const log = createLogger({ level, destination: { write: (line) => void lines.push(line) } });
  const last = (): Record<string, unknown> => JSON.parse(lines.at(-1) ?? '{}') as Record<string, unknown>;
  return { log, lines, last };
}

describe('the log', () => {
  it('writes one JSON line with level, time, message and fields', () => {
    const { log, last, lines } = recording();
    log.child({ account_id: 'loja' }).info({ conversation_id: 7, ms: 12, tokens: 30 }, 'turn finished');
    const { time, ...rest } = last();
    assert.deepEqual(rest, {
      level: 'info',
      account_id: 'loja',
      conversation_id: 7,
      ms: 12,
      tokens: 30,
      msg: 'turn finished',
    });
    assert.ok(!Number.isNaN(Date.parse(String(time))));
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? '', /\n$/);
  });

  it('no secret and no word of a customer leaves in any field, however deep and however it is spelled', () => {
    const { log, lines } = recording();
    const leak = 'LEAK-value';
    const names = [
      'token',
      'bot_token',
      'userToken',
      'url_token',
      'tokens',
      'api_key',
      'apiKey',
      'password',
      'secret',
      'webhook_secrets',
      'keys',
      'authorization',
      'Authorization',
      'api_access_token',
      'api-access-token',
      'cookie',
      'set-cookie',
      'master_key',
      'headers',
      'text',
      'content',
      'body',
      'phone',
      'phoneNumber',
      'phone_number',
      'email',
      'transcript',
      'draft',
      'note',
      'identifier',
      'sourceId',
      'credentials',
      'argumentsJson',
    ];
    for (const name of names) {
      log.warn({ [name]: leak }, 'flat');
      log.warn({ request: { parts: [{ [name]: [leak] }] } }, 'deep');
      log.child({ [name]: { inner: leak } }).warn({}, 'child');
    }
    log.warn({ phone: 5511999990000, identifier: 5511999990000 }, 'numbers');
    assert.doesNotMatch(lines.join(''), /LEAK|5511999990000/);
    assert.equal(lines.length, names.length * 3 + 1);
  });

  it('secrets and quotes are recognised inside texts: URL tokens, bearers, model keys, passwords, what others said', () => {
    const { log, lines } = recording();
    const place = '/webhooks/chatwoot/loja/t/LEAKaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';
    log.info({ url: `http://h${place}?x=1`, path: place }, 'request');
    log.info({ sent: 'Authorization: Bearer LEAK.abc-def_123', key: 'was sk-LEAK1234567890abcdef' }, 'call');
    log.error({ err: new Error('Odoo refused: «LEAK wrote this») and «LEAK, cut') }, 'what another system said');
    log.info({ redis: 'redis://user:LEAK@cache:6379', link: 'https://x/y?api_access_token=LEAK&a=1' }, 'address');
    assert.doesNotMatch(lines.join(''), /LEAK/);
    assert.match(lines.join(''), /webhooks\/chatwoot\/loja\/t\/\[hidden\]\?x=1/);
  });

  it('an error is code, message and stack; of its cause only name and code', () => {
    const { log, lines, last } = recording();
    const answered = Object.assign(new Error('provider answered: LEAK of a customer'), {
      code: 'insufficient_quota',
      body: 'LEAK',
    });
    log.error(
      { error: new BridgeError('upstream_rejected', 'The model refused the call', { cause: answered }) },
      'turn failed',
    );
    const error = last()['error'] as Record<string, unknown>;
    assert.equal(error['code'], 'upstream_rejected');
    assert.equal(error['message'], 'The model refused the call');
    assert.match(String(error['stack']), /logger\.test/);
    assert.deepEqual(error['cause'], { name: 'Error', code: 'insufficient_quota' });
    assert.doesNotMatch(lines.join(''), /LEAK/);
  });

  it('odd values do not break a line: cycles, big numbers, bytes, maps, functions', () => {
    const { log, lines, last } = recording();
    const cycle: Record<string, unknown> = { name: 'a' };
    cycle['self'] = cycle;
    log.info(
      { cycle, big: 12n, bytes: Buffer.from('abc'), map: new Map([['token', 'LEAK']]), run: () => 1, at: new Date(0) },
      'odd',
    );
    assert.equal(last()['big'], '12');
    assert.equal(last()['bytes'], '[3 bytes]');
    assert.equal(last()['at'], '1970-01-01T00:00:00.000Z');
    assert.doesNotMatch(lines.join(''), /LEAK/);
  });

  it('a level that is switched off writes nothing', () => {
    const { log, lines } = recording('warn');
    log.info({}, 'quiet');
    log.child({ a: 1 }).debug({}, 'quiet');
    log.warn({}, 'heard');
    assert.equal(lines.length, 1);
  });
});
