// Reads the raw bytes of a request up to a limit. Both the signature check and the JSON-RPC parser need exactly what was
// sent, so nothing here decodes or parses.
import type { IncomingMessage } from 'node:http';
import { BridgeError } from '../core/errors.ts';

/**
 * Rejects with `too_large` as soon as the announced or the received size passes `maxBytes` (the rest is not kept; Node
 * discards it after the answer), and with `bad_request` when the caller hangs up half-way.
 */
export function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return Promise.reject(tooLarge(maxBytes));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    let isWhole = false;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) {
        request.removeAllListeners('data');
        request.resume();
        reject(tooLarge(maxBytes));
        return;
      }
      chunks.push(chunk);
    });
    request.on('end', () => {
      isWhole = true;
      resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size));
    });
    // Every request closes; an error is made only for one that did so before its end.
    const broken = (): void => {
      if (!isWhole) reject(new BridgeError('bad_request', 'The request broke off.'));
    };
    request.on('error', broken);
    request.on('close', broken);
  });
}

function tooLarge(maxBytes: number): BridgeError {
  return new BridgeError('too_large', `Send at most ${Math.floor(maxBytes / 1024)} KiB in one request.`);
}
