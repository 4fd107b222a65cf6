// Ports nobody uses, so that several runs live side by side and the usual ports stay with the system's own services.
import net from 'node:net';

const HOST = '127.0.0.1';

/** A free TCP port on 127.0.0.1; `preferred` when nobody listens there. */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await portOf(preferred)) === preferred) return preferred;
  const port = await portOf(0);
  if (port === undefined) throw new Error('no free TCP port on 127.0.0.1');
  return port;
}

function portOf(wanted: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const probe = net.createServer();
    probe.once('error', () => resolve(undefined));
    probe.listen(wanted, HOST, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
