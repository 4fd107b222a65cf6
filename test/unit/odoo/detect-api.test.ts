import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OdooAutoClient } from '../../../bridge/adapters/odoo/auto-client.ts';
import { OdooApiDetector } from '../../../bridge/adapters/odoo/detect-api.ts';
import { OdooJson2Client } from '../../../bridge/adapters/odoo/json2-client.ts';
import { OdooXmlrpcClient } from '../../../bridge/adapters/odoo/xmlrpc-client.ts';
import { BridgeError } from '../../../bridge/core/errors.ts';
import { OdooJson2Server } from '../../contract/servers/odoo-json2-server.ts';
import { OdooXmlrpcServer } from './xmlrpc-server.ts';
import { writeXmlrpcValue } from './xmlrpc-text.ts';

const never = new AbortController().signal;

describe('which interface an Odoo speaks', () => {
  let server: Server;
  let url: string;
  /** Bodies by path; a path that is not here is 404, null is silence. */
  let answers: Record<string, string | null>;
  let asked: string[];
  let nowMs: number;
  let detector: OdooApiDetector;

  beforeEach(async () => {
    [answers, asked, nowMs] = [{}, [], 1_000];
    detector = new OdooApiDetector({ timeoutMs: 300, now: () => nowMs });
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const body = answers[request.url ?? ''];
      if (body === null) return;
      response.writeHead(body === undefined ? 404 : 200).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const web = (version: string) => ({ '/web/version': JSON.stringify({ version }) });
  const common = (version: string) => ({ '/xmlrpc/2/common': writeXmlrpcValue({ server_version: version }) });

  const versions: [string, Record<string, string>, 'json2' | 'xmlrpc' | null][] = [
    ['19.0 on its page', web('19.0'), 'json2'],
    ['saas~19.2 on its page', web('saas~19.2+e'), 'json2'],
    ['18.0 on its page', web('18.0'), 'xmlrpc'],
    ['17.0 over XML-RPC only', common('17.0-20250101'), 'xmlrpc'],
    ['saas~18.4 over XML-RPC only', common('saas~18.4'), 'xmlrpc'],
    ['20.0 over XML-RPC only', common('20.0'), 'json2'],
    ['another page there, 16.0 over XML-RPC', { '/web/version': '<html>', ...common('16.0+e') }, 'xmlrpc'],
    ['something that is no version', { ...web('new'), ...common('new') }, null],
    ['nothing', {}, null],
  ];
  for (const [what, given, api] of versions) {
    it(`a server that says ${what}: ${api ?? 'not known'}`, async () => {
      answers = given;
      assert.equal(await detector.detect(url, never), api);
    });
  }

  it('asks below the path of the address', async () => {
    answers = { '/erp/xmlrpc/2/common': common('17.0')['/xmlrpc/2/common'] };
    assert.equal(await detector.detect(`${url}/erp/`, never), 'xmlrpc');
    assert.deepEqual(asked, ['/erp/web/version', '/erp/xmlrpc/2/common']);
  });

  it('asks once in an hour and then again, so that an upgrade is noticed', async () => {
    answers = web('18.0');
    await detector.detect(url, never);
    answers = web('19.0');
    nowMs += 3_599_999;
    assert.equal(await detector.detect(url, never), 'xmlrpc');
    assert.equal(asked.length, 1);
    nowMs += 1;
    assert.equal(await detector.detect(url, never), 'json2');
  });

  it('does not keep that it learned nothing', async () => {
    assert.equal(await detector.detect(url, never), null);
    answers = web('19.0');
    assert.equal(await detector.detect(url, never), 'json2');
  });

  it('a silent server is not known; a caller who stops gets the reason', async () => {
    answers = { '/web/version': null, '/xmlrpc/2/common': null };
    assert.equal(await detector.detect(url, never), null);
    const stop = new AbortController();
    const work = detector.detect(url, stop.signal);
    stop.abort(new BridgeError('busy', 'stop'));
    await assert.rejects(work, (error) => error instanceof BridgeError && error.code === 'busy');
  });

  describe('a client that finds out', () => {
    let json2: OdooJson2Server;
    let xmlrpc: OdooXmlrpcServer;

    beforeEach(async () => {
      json2 = await OdooJson2Server.start('key-1', 'main');
      xmlrpc = await OdooXmlrpcServer.start();
      xmlrpc.run = () => 'over XML-RPC';
      json2.description = { over: 'JSON-2' };
    });
    afterEach(() => Promise.all([json2.stop(), xmlrpc.stop()]));

    const call = (signal = never) => {
      const timeoutMs = 300;
      const client = new OdooAutoClient({
        url,
        detector,
        json2: new OdooJson2Client({ url: json2.url, db: 'main', apiKey: 'key-1', timeoutMs }),
        xmlrpc: new OdooXmlrpcClient({ url: xmlrpc.url, db: 'main', login: 'ana', secret: 'key-1', timeoutMs }),
      });
      return client.call('integrator.gateway', 'describe', {}, signal);
    };
    const rejectsWith = (work: Promise<unknown>, message: RegExp) =>
      assert.rejects(work, (error) => error instanceof BridgeError && message.test(error.message));

    it('goes the way the version speaks for, and no other when that one fails', async () => {
      answers = web('19.0');
      assert.deepEqual(await call(), { over: 'JSON-2' });
      json2.fault = { status: 500, body: '' };
      await rejectsWith(call(), /500/);
      assert.deepEqual(xmlrpc.calls, []);
    });

    it('goes over XML-RPC on an older server', async () => {
      answers = web('18.0');
      assert.equal(await call(), 'over XML-RPC');
      assert.deepEqual(json2.seen, []);
    });

    it('tries JSON-2, then XML-RPC, when the version is not told', async () => {
      assert.deepEqual(await call(), { over: 'JSON-2' });
      assert.deepEqual(xmlrpc.calls, []);
      json2.fault = { status: 404, body: '' };
      assert.equal(await call(), 'over XML-RPC');
      xmlrpc.user.secret = 'other';
      await rejectsWith(call(), /no such database or gateway/);
    });

    it('does not go the other way for a caller who stops', async () => {
      json2.fault = 'silent';
      const stop = new AbortController();
      const work = call(stop.signal);
      stop.abort(new BridgeError('busy', 'stop'));
      await rejectsWith(work, /stop/);
      assert.deepEqual(xmlrpc.calls, []);
    });
  });
});
