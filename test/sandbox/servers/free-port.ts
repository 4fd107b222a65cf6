// Ports nobody uses, so that several runs live side by side and the usual ports stay with the system's own services.
import { randomInt } from 'node:crypto';
import net from 'node:net';

const HOST = '127.0.0.1';
/**
 * Below the range systems take outgoing ports from (32768 on Linux, 49152 elsewhere): a client that keeps calling a server
 * which is being restarted can otherwise meet itself on the server's port and hold it.
 */
const LOWEST = 15_000;
const HIGHEST = 32_000;
const TRIES = 200;

/** A free TCP port on 127.0.0.1; `preferred` when nobody listens there. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (let left = TRIES; left > 0; left -= 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free TCP port on ${HOST} between ${LOWEST} and ${HIGHEST}`);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(false));
    probe.listen(port, HOST, () => probe.close(() => resolve(true)));
  });
}
