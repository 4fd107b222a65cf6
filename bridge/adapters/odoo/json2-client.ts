// One method call over Odoo's JSON-2 interface (Odoo 19 and later): one HTTP request, one transaction there. What comes
// back is not trusted here and checked by the gateway; Odoo's `debug` text (a traceback) never leaves this file.
import { fetch } from 'undici';
import type { Response } from 'undici';
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import { MissingModel, saysMissingModel } from './missing-model.ts';
import { quoted } from './quoted.ts';

export interface OdooAddress {
  url: string;
  /** Needed when the server has several databases. */
  db: string | null;
  apiKey: string;
  /** Bounds one call, connecting and reading included. */
  timeoutMs: number;
}

const Refusal = z.object({ name: z.string(), message: z.string() });

export class OdooJson2Client {
  readonly #address: OdooAddress;
  readonly #root: string;

  constructor(address: OdooAddress) {
    this.#address = address;
    this.#root = address.url.replace(/\/+$/, '');
  }

  /** Named arguments only: that is the protocol. */
  async call(model: string, method: string, args: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
    const { status, retryAfter, text } = await this.#post(`/json/2/${model}/${method}`, args, signal);
    if (status >= 200 && status < 300) return parseAnswer(text);
    throw refusalOf(status, retryAfter, text);
  }

  async #post(
    path: string,
    args: Record<string, unknown>,
    signal: AbortSignal,
  ): Promise<{ status: number; retryAfter: string | null; text: string }> {
    const { apiKey, db, timeoutMs } = this.#address;
    try {
      const response: Response = await fetch(`${this.#root}${path}`, {
        method: 'POST',
        headers: {
          authorization: `bearer ${apiKey}`,
          'content-type': 'application/json',
          accept: 'application/json',
          ...(db === null ? {} : { 'x-odoo-database': db }),
        },
        body: JSON.stringify(args),
        // A key is for one address: it is not carried to wherever a redirect points.
        redirect: 'manual',
        signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
      });
      return { status: response.status, retryAfter: response.headers.get('retry-after'), text: await response.text() };
    } catch (cause) {
      signal.throwIfAborted();
      throw new BridgeError('upstream_unavailable', 'Odoo does not answer.', { cause });
    }
  }
}

function parseAnswer(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new BridgeError('upstream_rejected', 'Odoo answered something else than JSON: check the address.', { cause });
  }
}

function refusalOf(status: number, retryAfter: string | null, text: string): BridgeError {
  if (status === 401 || status === 403) {
    return new BridgeError(
      'upstream_rejected',
      `The Odoo key was refused (${status}): it is wrong, has ended, or its user may not use the gateway.${said(text)}`,
    );
  }
  if (status === 404 && saysMissingModel(text)) return new MissingModel();
  if (status === 404) {
    return new BridgeError(
      'upstream_rejected',
      'Odoo knows no such database or gateway: check the address and the database, and that the addon is installed.',
    );
  }
  if (status === 429 || status >= 500) {
    const seconds = Number(retryAfter ?? 0);
    const later = seconds > 0 ? { retryAfterMs: seconds * 1000 } : {};
    return new BridgeError('upstream_unavailable', `Odoo answered ${status}.`, later);
  }
  if (status >= 300 && status < 400) {
    return new BridgeError('upstream_rejected', `Odoo points elsewhere (${status}): use the address it redirects to.`);
  }
  return new BridgeError('upstream_rejected', `Odoo refused the call (${status}).${said(text)}`);
}

/** Odoo's own sentence for people, cut; its traceback is in another field. */
function said(text: string): string {
  try {
    const refusal = Refusal.safeParse(JSON.parse(text));
    return refusal.success ? ` ${quoted(refusal.data.message)}` : '';
  } catch {
    return '';
  }
}
