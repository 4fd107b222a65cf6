// Odoo as its web client uses it: signed in with name and password, one call a method. What a test does through it, an
// administrator could click; the gateway that the bridge uses is another door.
import { z } from 'zod';

const Answer = z.object({
  result: z.unknown().optional(),
  error: z.object({ message: z.string(), data: z.object({ message: z.string() }).optional() }).optional(),
});

export interface OdooLogin {
  url: string;
  database: string;
  login: string;
  password: string;
}

export class OdooSession {
  readonly #url: string;
  readonly #cookie: string;

  /** Rejects with Odoo's own sentence when it does not let us in. */
  static async open({ url, database, login, password }: OdooLogin): Promise<OdooSession> {
    const { response, result } = await post(`${url}/web/session/authenticate`, '', { db: database, login, password });
    const cookie = /session_id=[^;]+/.exec(response.headers.get('set-cookie') ?? '')?.[0];
    const { uid } = z.object({ uid: z.number().nullish() }).parse(result);
    if (cookie === undefined || uid === null || uid === undefined) throw new Error(`Odoo did not let ${login} in`);
    return new OdooSession(url, cookie);
  }

  private constructor(url: string, cookie: string) {
    this.#url = url;
    this.#cookie = cookie;
  }

  async call(model: string, method: string, args: unknown[] = [], kwargs: Record<string, unknown> = {}) {
    const params = { model, method, args, kwargs };
    return (await post(`${this.#url}/web/dataset/call_kw/${model}/${method}`, this.#cookie, params)).result;
  }

  /** The id of the new record. */
  async create(model: string, values: Record<string, unknown>): Promise<number> {
    return z.tuple([z.number()]).parse(await this.call(model, 'create', [[values]]))[0];
  }

  async write(model: string, id: number, values: Record<string, unknown>): Promise<void> {
    await this.call(model, 'write', [[id], values]);
  }

  /** The named fields of the records found, each with its id; archived records as well. */
  async find(model: string, domain: unknown[], fields: string[]): Promise<Record<string, unknown>[]> {
    const found = await this.call(model, 'search_read', [domain, fields], { context: { active_test: false } });
    return z.array(z.record(z.string(), z.unknown())).parse(found);
  }
}

async function post(url: string, cookie: string, params: unknown): Promise<{ response: Response; result: unknown }> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Cookie: cookie },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'call', params }),
  });
  const { result, error } = Answer.parse(await response.json());
  if (error) throw new Error(`Odoo: ${error.data?.message ?? error.message}`);
  return { response, result };
}
