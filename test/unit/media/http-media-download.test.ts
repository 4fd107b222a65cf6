import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { HttpMediaDownload } from '../../../bridge/adapters/media/http-media-download.ts';
import { isPublicAddress } from '../../../bridge/adapters/media/public-address.ts';
import { codeOf } from '../../../bridge/core/errors.ts';
import { startFileServer } from './file-server.ts';
import type { FileServer } from './file-server.ts';

const voice = Buffer.from('OggS voice');
const maxBytes = 1_000;

describe('fetching a customer’s file', () => {
  let server: FileServer;
  let other: FileServer;
  before(async () => {
    server = await startFileServer();
    other = await startFileServer();
  });
  after(async () => {
    await server.stop();
    await other.stop();
  });
  beforeEach(() => {
    for (const { asked, answers } of [server, other]) {
      asked.length = 0;
      for (const path of Object.keys(answers)) Reflect.deleteProperty(answers, path);
    }
  });

  const fetchFrom = (url: string, trusted: string[] = [server.url], signal = AbortSignal.timeout(10_000)) =>
    new HttpMediaDownload(trusted).fetch(url, maxBytes, signal);
  const codeFrom = (url: string, trusted?: string[], signal?: AbortSignal) =>
    fetchFrom(url, trusted, signal).then(
      () => 'fetched',
      (error: unknown) => codeOf(error),
    );

  it('gives its bytes and what they are, whatever name and header say', async () => {
    server.answers['/foto.png'] = (_, response) => response.setHeader('content-type', 'image/png').end(voice);
    const file = await fetchFrom(`${server.url}/foto.png`);
    assert.deepEqual([Buffer.from(file.bytes), file.type], [voice, 'audio/ogg']);
  });

  it('follows the redirect to storage, three at most', async () => {
    for (const step of [1, 2, 3, 4]) {
      server.answers[`/${step}`] = (_, response) => response.writeHead(302, { location: `/${step + 1}` }).end();
    }
    server.answers['/5'] = (_, response) => response.end(voice);
    assert.deepEqual(Buffer.from((await fetchFrom(`${server.url}/2`)).bytes), voice);
    assert.equal(await codeFrom(`${server.url}/1`), 'upstream_rejected');
  });

  it('waits for a file that is not stored yet, and asks again for that reason alone', async () => {
    let missing = 2;
    server.answers['/voz'] = (_, response) => (missing-- > 0 ? response.writeHead(404).end() : response.end(voice));
    assert.deepEqual(Buffer.from((await fetchFrom(`${server.url}/voz`)).bytes), voice);
    assert.equal(server.asked.length, 3);
    server.answers['/500'] = (_, response) => response.writeHead(503).end();
    server.answers['/403'] = (_, response) => response.writeHead(403).end();
    assert.equal(await codeFrom(`${server.url}/500`), 'upstream_unavailable');
    assert.equal(await codeFrom(`${server.url}/403`), 'upstream_rejected');
    assert.equal(server.asked.length, 5);
  });

  it('a file that never comes is asked for four times', async () => {
    assert.equal(await codeFrom(`${server.url}/nunca`), 'upstream_rejected');
    assert.equal(server.asked.length, 4);
  });

  it('never goes to this machine or its networks, by number, by name or by redirect', async () => {
    other.answers['/secret'] = (_, response) => response.end(voice);
    server.answers['/away'] = (_, response) => response.writeHead(302, { location: `${other.url}/secret` }).end();
    for (const url of [
      `${other.url}/secret`,
      `http://localhost:${other.port}/secret`,
      `http://[::1]:${other.port}/secret`,
      `http://[::ffff:127.0.0.1]:${other.port}/secret`,
      `http://0x7f000001:${other.port}/secret`,
      `http://2130706433:${other.port}/secret`,
      `http://127.1:${other.port}/secret`,
      'http://169.254.169.254/latest/meta-data/',
      'http://10.0.0.1/',
      `${server.url}/away`,
    ]) {
      assert.equal(await codeFrom(url), 'forbidden', url);
    }
    assert.deepEqual(other.asked, []);
  });

  it('the tenant’s own Chatwoot and the storage it names may be private, on that very port only', async () => {
    other.answers['/secret'] = (_, response) => response.end(voice);
    server.answers['/away'] = (_, response) => response.writeHead(302, { location: `${other.url}/secret` }).end();
    assert.equal(await codeFrom(`${server.url}/away`, [server.url, `${other.url}/bucket`]), 'fetched');
    assert.equal(await codeFrom(`${server.url}/away`, [server.url]), 'forbidden');
  });

  it('goes by http and https alone, and takes no link with a password in it', async () => {
    for (const url of ['file:///etc/passwd', 'ftp://x.example/a', 'data:text/plain,a', 'no link', '']) {
      assert.equal(await codeFrom(url), 'forbidden', url);
    }
    assert.equal(await codeFrom(server.url.replace('http://', 'http://user:pass@')), 'forbidden');
    server.answers['/jump'] = (_, response) => response.writeHead(302, { location: 'file:///etc/passwd' }).end();
    assert.equal(await codeFrom(`${server.url}/jump`), 'forbidden');
  });

  it('stops at the limit: by the announced length before a byte, else while the bytes come', async () => {
    server.answers['/announced'] = (_, response) => response.setHeader('content-length', 50_000_000).flushHeaders();
    assert.equal(await codeFrom(`${server.url}/announced`), 'too_large');
    let written = 0;
    server.answers['/endless'] = (_, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(100))) written += 100;
      };
      response.on('drain', more);
      more();
    };
    assert.equal(await codeFrom(`${server.url}/endless`), 'too_large');
    assert.ok(written < 50_000_000);
    server.answers['/exact'] = (_, response) => response.end(Buffer.alloc(maxBytes));
    assert.equal(await codeFrom(`${server.url}/exact`), 'fetched');
  });

  it('counts what is unpacked, not what was sent', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000));
    server.answers['/bomb'] = (_, response) => response.setHeader('content-encoding', 'gzip').end(bomb.subarray(0));
    assert.equal(await codeFrom(`${server.url}/bomb`), 'too_large');
  });

  it('ends with its deadline, also in the middle of the body or while it waits for the file', async () => {
    server.answers['/stalls'] = (_, response) => response.write('OggS');
    assert.equal(await codeFrom(`${server.url}/stalls`, undefined, AbortSignal.timeout(100)), 'upstream_unavailable');
    assert.equal(await codeFrom(`${server.url}/nunca`, undefined, AbortSignal.timeout(100)), 'upstream_unavailable');
  });

  it('a name nobody knows, or a server that is not there, is trouble for later', async () => {
    assert.equal(await codeFrom('http://nowhere.invalid/x'), 'upstream_unavailable');
    const gone = await startFileServer();
    await gone.stop();
    assert.equal(await codeFrom(gone.url, [gone.url]), 'upstream_unavailable');
  });
});

describe('a public address', () => {
  it('is none of those that lead back into a network', () => {
    for (const address of [
      '0.0.0.0',
      '10.255.0.1',
      '100.64.0.1',
      '127.8.8.8',
      '169.254.169.254',
      '172.31.255.255',
      '192.168.1.1',
      '198.19.0.1',
      '224.0.0.1',
      '255.255.255.255',
      '::',
      '::1',
      '::127.0.0.1',
      '::ffff:10.0.0.1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      'fc00::1',
      'fd12::1',
      'fe80::1',
      'ff02::1',
      'localhost',
      '',
    ]) {
      assert.equal(isPublicAddress(address), false, address);
    }
  });

  it('is what the rest of the internet uses', () => {
    for (const address of ['1.1.1.1', '172.32.0.1', '100.128.0.1', '192.169.0.1', '2606:4700::1111', '2a00:1450::1']) {
      assert.equal(isPublicAddress(address), true, address);
    }
  });
});
