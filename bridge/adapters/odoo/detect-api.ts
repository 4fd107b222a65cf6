// Which interface an Odoo speaks: JSON-2 came with Odoo 19, before it there is XML-RPC. The server is asked for its version
// (no login needed) and the answer is kept for an hour per address, so that an upgrade is noticed by itself.
import { fetch } from 'undici';
import { z } from 'zod';
import { askOdooVersion } from './xmlrpc-connection.ts';

export type OdooApi = 'json2' | 'xmlrpc';

const rememberMs = 3_600_000;
const firstWithJson2 = 19;

const WebVersion = z.object({ version: z.string() });
const CommonVersion = z.object({ server_version: z.string() });

export interface ApiDetectorOptions {
  /** Bounds both questions together. */
  timeoutMs: number;
  /** Monotonic milliseconds; default: the process's own. */
  now?: () => number;
}

export class OdooApiDetector {
  readonly #timeoutMs: number;
  readonly #now: () => number;
  readonly #known = new Map<string, { api: OdooApi; until: number }>();

  constructor({ timeoutMs, now = () => performance.now() }: ApiDetectorOptions) {
    this.#timeoutMs = timeoutMs;
    this.#now = now;
  }

  /** Null when the server tells no version; that is not kept. Rejects only when the signal says stop. */
  async detect(url: string, signal: AbortSignal): Promise<OdooApi | null> {
    const known = this.#known.get(url);
    if (known && this.#now() < known.until) return known.api;
    this.#known.delete(url);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#timeoutMs)]);
    const major = (await askWeb(url, limit).catch(() => null)) ?? (await askCommon(url, limit).catch(() => null));
    signal.throwIfAborted();
    if (major === null) return null;
    const api = major >= firstWithJson2 ? 'json2' : 'xmlrpc';
    this.#known.set(url, { api, until: this.#now() + rememberMs });
    return api;
  }
}

/** Since Odoo 19. */
async function askWeb(url: string, signal: AbortSignal): Promise<number | null> {
  const response = await fetch(`${url.replace(/\/+$/, '')}/web/version`, { redirect: 'manual', signal });
  if (!response.ok) {
    await response.body?.cancel();
    return null;
  }
  return majorOf(WebVersion.parse(await response.json()).version);
}

async function askCommon(url: string, signal: AbortSignal): Promise<number | null> {
  return majorOf(CommonVersion.parse(await askOdooVersion(url, signal)).server_version);
}

/** 19 of `19.0`, `19.0+e`, `saas~19.2`; null of anything else. */
function majorOf(version: string): number | null {
  const [, major] = /^(?:saas[~-])?(\d+)\./.exec(version) ?? [];
  return major === undefined ? null : Number(major);
}
