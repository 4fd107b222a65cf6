import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { OdooXmlrpcClient } from '../../../bridge/adapters/odoo/xmlrpc-client.ts';
import type { OdooXmlrpcAddress } from '../../../bridge/adapters/odoo/xmlrpc-client.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import type { ErrorCode } from '../../../bridge/core/errors.ts';
import { Fault, OdooXmlrpcServer } from './xmlrpc-server.ts';
import type { Misbehaviour } from './xmlrpc-server.ts';

const never = new AbortController().signal;

describe('Odoo over XML-RPC', () => {
  let server: OdooXmlrpcServer;

  beforeEach(async () => {
    server = await OdooXmlrpcServer.start();
  });
  afterEach(async () => {
    await server.stop();
    assert.deepEqual(server.problems, [], 'everything sent is according to the specification');
  });

  const open = (changes: Partial<OdooXmlrpcAddress> = {}) =>
    new OdooXmlrpcClient({
      url: server.url,
      db: 'main',
      login: 'ana',
      secret: 'key-1',
      timeoutMs: 5_000,
      ...changes,
    });
  const call = (client: OdooXmlrpcClient, args: Record<string, unknown> = {}, signal = never) =>
    client.call('integrator.gateway', 'describe', args, signal);
  const sent = () => server.calls.at(-1)?.params[6];
  const rejectsWith = (work: Promise<unknown>, code: ErrorCode, message: RegExp) =>
    assert.rejects(work, (error) => {
      assert.ok(error instanceof BridgeError, inspect(error));
      assert.equal(error.code, code);
      assert.match(error.message, message);
      assert.doesNotMatch(inspect(error, { depth: 10, showHidden: true }), /most recent call|key-1/);
      return true;
    });
  const socketsClose = async () => {
    await Promise.all([...server.sockets].map((socket) => once(socket, 'close')));
    assert.equal(server.sockets.size, 0);
  };

  it('asks with named arguments, as the user it authenticated once, also for calls at the same time', async () => {
    const client = open();
    await Promise.all([call(client, { limit: 5 }), call(client, { limit: 5 })]);
    await call(client, { limit: 5 });
    assert.deepEqual(server.methods(), ['authenticate', 'execute_kw', 'execute_kw', 'execute_kw']);
    assert.deepEqual(server.calls[0]?.params, ['main', 'ana', 'key-1', {}]);
    const params = ['main', 7, 'key-1', 'integrator.gateway', 'describe', [], { limit: 5 }];
    assert.deepEqual(server.calls.at(-1), { path: '/xmlrpc/2/object', method: 'execute_kw', params });
  });

  it('keeps the path of the address', async () => {
    await call(open({ url: `${server.url}/erp/odoo/` }));
    assert.deepEqual(
      server.calls.map(({ path }) => path),
      ['/erp/odoo/xmlrpc/2/common', '/erp/odoo/xmlrpc/2/object'],
    );
  });

  it('speaks TLS to an https address', async () => {
    const listener = createServer((socket) => {
      socket.once('data', (chunk) => {
        firstByte = chunk[0];
        socket.destroy();
      });
    });
    let firstByte: number | undefined;
    await once(listener.listen(0, '127.0.0.1'), 'listening');
    const url = `https://127.0.0.1:${(listener.address() as AddressInfo).port}`;
    await rejectsWith(call(open({ url })), 'upstream_unavailable', /does not answer/);
    assert.equal(firstByte, 22, 'a TLS record of type handshake');
    await new Promise((resolve) => listener.close(resolve));
  });

  it('sends values as they are meant: no undefined, no control characters, the rest unchanged', async () => {
    const kept = {
      text: 'a <b> & "c" ]]> é 😀',
      both: '<x> ]]> & y',
      empty: '',
      none: null,
      numbers: [0, -3, 1.5, 1e-7, 2 ** 53],
      flags: [true, false],
      nested: [{ list: [], map: {} }],
    };
    await call(open(), { ...kept, left_out: undefined, stripped: '\u0000a\u001b\u0008b\ufffe\n' });
    assert.deepEqual(sent(), { ...kept, stripped: 'ab\n' });
  });

  for (const value of [new Date(0), Number.NaN, Infinity, 1e21, 1n, new Map(), [undefined], () => 1]) {
    it(`does not send ${inspect(value)}: it rejects and names the place`, async () => {
      await rejectsWith(call(open(), { domain: [{ value }] }), 'bad_request', /arguments\.domain\.0\.value/);
      assert.deepEqual(server.calls, []);
    });
  }

  it('reads what comes back as it is, nil included', async () => {
    const answer = { items: [{ a: null, b: 'x < y & z\n', c: false, d: 1.5, e: '' }], next: '', list: [], map: {} };
    server.run = () => answer;
    assert.deepEqual(await call(open()), answer);
  });

  it('a method that answers nothing was done: the answer is null, and it is not called again', async () => {
    server.run = () => {
      throw new Fault(
        1,
        'Traceback (most recent call last)\nTypeError: cannot marshal None unless allow_none is enabled',
      );
    };
    assert.equal(await call(open()), null);
    assert.deepEqual(server.methods(), ['authenticate', 'execute_kw']);
  });

  const faults: [string, number, string, ErrorCode, RegExp][] = [
    ['an application error', 1, 'Traceback (most recent call last): key-1', 'upstream_unavailable', /failed inside/],
    ['a refused argument', 2, 'limit: too large.', 'upstream_rejected', /refused the call\. «limit: too large\.»$/],
    ['a missing right', 4, 'Only the technical user.', 'upstream_rejected', /may not use.*Only the technical/],
    [
      'a missing database',
      1,
      'Traceback (most recent call last)\nOperationalError: FATAL:  database "x" does not exist\n',
      'upstream_rejected',
      /no such database/,
    ],
  ];
  for (const [what, number, text, code, message] of faults) {
    it(`${what} (fault ${number}) is ${code}`, async () => {
      server.run = () => {
        throw new Fault(number, text);
      };
      await rejectsWith(call(open()), code, message);
    });
  }

  it('a refused login is upstream_rejected and says so; the next call tries again', async () => {
    const client = open();
    server.user.secret = 'later';
    await rejectsWith(call(client), 'upstream_rejected', /refused the login/);
    server.user.secret = 'key-1';
    assert.equal(await call(client), true);
  });

  it('a user whose id has changed is authenticated again, and the call is done once', async () => {
    const client = open();
    await call(client);
    server.user.id = 8;
    let runs = 0;
    server.run = () => ++runs;
    assert.equal(await call(client), 1);
    assert.deepEqual(server.methods().slice(2), ['execute_kw', 'authenticate', 'execute_kw']);
  });

  it('a key that no longer holds is upstream_rejected after one new authentication', async () => {
    const client = open();
    await call(client);
    server.user.secret = 'other';
    await rejectsWith(call(client), 'upstream_rejected', /refused the login/);
    assert.deepEqual(server.methods().slice(2), ['execute_kw', 'authenticate']);
  });

  const answers: [string, Misbehaviour, ErrorCode, RegExp][] = [
    ['a gateway in front that is down', { status: 502, body: '<html><title>x' }, 'upstream_unavailable', /502/],
    ['a page instead of XML-RPC', { status: 200, body: '<html></html>' }, 'upstream_unavailable', /something else/],
    ['text instead of XML', { status: 200, body: '{"a":1}' }, 'upstream_unavailable', /something else/],
    ['an empty answer', { status: 200, body: '' }, 'upstream_unavailable', /something else/],
    ['no such page', { status: 404, body: 'no' }, 'upstream_rejected', /no XML-RPC at this address/],
    ['a refusal in front', { status: 403, body: '<html/>' }, 'upstream_rejected', /403/],
    [
      'a redirect',
      { status: 303, body: '', headers: { location: 'http://127.0.0.1:9/' } },
      'upstream_rejected',
      /points elsewhere/,
    ],
  ];
  for (const at of ['common', 'object']) {
    for (const [what, how, code, message] of answers) {
      it(`${what} (at ${at}) is ${code}`, async () => {
        server.misbehave = { at, how };
        await rejectsWith(call(open()), code, message);
      });
    }
    for (const how of ['silent', 'half'] as const) {
      it(`a ${how} answer (at ${at}) is upstream_unavailable when the time is over, and the socket is closed`, async () => {
        server.misbehave = { at, how };
        await rejectsWith(call(open({ timeoutMs: 200 })), 'upstream_unavailable', /does not answer/);
        await socketsClose();
      });
    }
  }

  it('a server that is not there is upstream_unavailable', async () => {
    await rejectsWith(call(open({ url: 'http://127.0.0.1:9' })), 'upstream_unavailable', /does not answer/);
  });

  it('stops when it is told to, with that reason, and closes the socket', async () => {
    const client = open();
    await call(client);
    server.misbehave = { at: 'object', how: 'silent' };
    const stop = new AbortController();
    const work = call(client, {}, stop.signal);
    await once(server.heard, 'call');
    stop.abort(new BridgeError('busy', 'stop'));
    await rejectsWith(work, 'busy', /stop/);
    await socketsClose();
    await rejectsWith(call(client, {}, stop.signal), 'busy', /stop/);
  });

  it('one caller who stops does not stop the authentication that others wait for', async () => {
    const client = open();
    const stop = new AbortController();
    const stopped = call(client, {}, stop.signal);
    const other = call(client);
    stop.abort(new BridgeError('busy', 'stop'));
    await rejectsWith(stopped, 'busy', /stop/);
    assert.equal(await other, true);
    assert.deepEqual(server.methods(), ['authenticate', 'execute_kw']);
  });

  it('many calls at once share eight sockets', async () => {
    const client = open();
    await Promise.all(Array.from({ length: 40 }, () => call(client)));
    assert.equal(server.methods().length, 41);
    assert.ok(server.mostSockets <= 8, `${server.mostSockets} sockets`);
  });

  it('a call that waits for a socket of a hung server ends at its own time, unsent; later calls get a socket', async () => {
    const hung = open({ timeoutMs: 15_000 });
    await call(hung);
    const waiting = open({ timeoutMs: 300 });
    await call(waiting);
    server.misbehave = { at: 'object', how: 'silent' };
    const stop = new AbortController();
    const work = Array.from({ length: 8 }, () => rejectsWith(call(hung, {}, stop.signal), 'busy', /stop/));
    await rejectsWith(call(waiting, { late: true }), 'upstream_unavailable', /does not answer/);
    stop.abort(new BridgeError('busy', 'stop'));
    await Promise.all(work);
    server.misbehave = null;
    assert.equal(await call(waiting), true);
    assert.ok(server.calls.every(({ params }) => !JSON.stringify(params).includes('late')));
  });
});
