// `api: auto`: every call goes the way that the server's version speaks for. When the server does not tell its version,
// JSON-2 is tried first and XML-RPC after it, each time anew until the version is known.
import { BridgeError } from '../../core/errors.ts';
import type { OdooApiDetector } from './detect-api.ts';
import type { OdooJson2Client } from './json2-client.ts';

type Client = Pick<OdooJson2Client, 'call'>;

export interface OdooAutoDeps {
  url: string;
  detector: Pick<OdooApiDetector, 'detect'>;
  json2: Client;
  xmlrpc: Client;
}

export class OdooAutoClient {
  readonly #deps: OdooAutoDeps;

  constructor(deps: OdooAutoDeps) {
    this.#deps = deps;
  }

  async call(...call: Parameters<Client['call']>): Promise<unknown> {
    const { url, detector, json2, xmlrpc } = this.#deps;
    const signal = call[3];
    const api = await detector.detect(url, signal);
    if (api) return (api === 'json2' ? json2 : xmlrpc).call(...call);
    try {
      return await json2.call(...call);
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof BridgeError)) throw error;
      // Both failed: the first error is about the way we would rather go.
      return xmlrpc.call(...call).catch(() => {
        throw error;
      });
    }
  }
}
