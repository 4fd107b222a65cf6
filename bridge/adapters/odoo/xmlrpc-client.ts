// One method call over Odoo's XML-RPC (before Odoo 19; there until Odoo 22). Authenticates once, keeps the user's id, and
// does it anew when Odoo says that id or key no longer hold. The same form as OdooJson2Client, with the same errors.
import type { OdooLogin, OdooSession } from './xmlrpc-connection.ts';
import { openOdooSession, untilAborted } from './xmlrpc-connection.ts';
import { xmlrpcArguments } from './xmlrpc-arguments.ts';
import { isAccessDenied, isDoneWithoutAnswer, refusalOf } from './xmlrpc-refusal.ts';

export interface OdooXmlrpcAddress extends OdooLogin {
  /** Bounds one call, authentication included; the socket is closed then. */
  timeoutMs: number;
}

export class OdooXmlrpcClient {
  readonly #address: OdooXmlrpcAddress;
  /** Shared by calls at the same time; null before the first and after a failed or refused one. */
  #session: Promise<OdooSession> | null = null;

  constructor(address: OdooXmlrpcAddress) {
    this.#address = address;
  }

  /** Named arguments only, as in JSON-2. Answers null when the method answers nothing. */
  async call(model: string, method: string, args: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
    signal.throwIfAborted();
    const sent = xmlrpcArguments(args);
    const limit = AbortSignal.any([signal, AbortSignal.timeout(this.#address.timeoutMs)]);
    try {
      return await this.#execute(model, method, sent, limit);
    } catch (error) {
      signal.throwIfAborted();
      if (isDoneWithoutAnswer(error)) return null;
      throw refusalOf(error);
    }
  }

  async #execute(model: string, method: string, args: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
    const kept = this.#session;
    const session = kept ?? this.#open();
    try {
      return await (await untilAborted(session, signal)).execute(model, method, args, signal);
    } catch (error) {
      if (!isAccessDenied(error)) throw error;
      if (this.#session === session) this.#session = null;
      // Odoo checks id and key before it runs anything, so asking again is safe, a write included.
      if (!kept) throw error;
      return (await untilAborted(this.#session ?? this.#open(), signal)).execute(model, method, args, signal);
    }
  }

  /** Bounded by its own time, not by the caller's signal: others may wait for the same session. */
  #open(): Promise<OdooSession> {
    const session = openOdooSession(this.#address, AbortSignal.timeout(this.#address.timeoutMs));
    this.#session = session;
    session.catch(() => {
      if (this.#session === session) this.#session = null;
    });
    return session;
  }
}
