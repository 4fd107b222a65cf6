// Calls to a running bridge by JSON-RPC, with errors in words for the person at the shell.
import { z } from 'zod';
import { adminToken, bridgeUrl } from './places.ts';
import { CommandError } from './run-command.ts';

const standardTimeoutMs = 30_000;

const Answer = z.object({
  result: z.unknown().optional(),
  error: z
    .object({
      code: z.number(),
      message: z.string(),
      data: z
        .object({ problems: z.array(z.object({ path: z.string(), message: z.string() })).optional() })
        .partial()
        .optional(),
    })
    .optional(),
});

export interface BridgeFlags {
  url?: string | undefined;
  token?: string | undefined;
}

/** A bridge by its address and admin token, as flags or the environment give them. */
export class BridgeClient {
  readonly #url: string;
  readonly #token: string;

  constructor(flags: BridgeFlags) {
    this.#url = (flags.url ?? bridgeUrl()).replace(/\/+$/, '');
    const token = flags.token ?? adminToken();
    if (token === null) {
      const message =
        'no admin token: give --token, set BRIDGE_ADMIN_TOKEN, or start the bridge once (it makes DATA_DIR/admin-token)';
      throw new CommandError(message);
    }
    this.#token = token;
  }

  /** The result in the given shape; everything else is a CommandError. */
  async call<T>(
    method: string,
    params: Record<string, unknown>,
    shape: z.ZodType<T>,
    timeoutMs = standardTimeoutMs,
  ): Promise<T> {
    const answer = Answer.safeParse(await this.#post({ jsonrpc: '2.0', id: 1, method, params }, timeoutMs));
    if (!answer.success) throw new CommandError(`${this.#url} does not answer like a bridge`);
    const { error, result } = answer.data;
    if (error !== undefined) {
      const places = (error.data?.problems ?? []).map(({ path, message }) => `${path}: ${message}`);
      const more = places.filter((place) => !error.message.includes(place));
      throw new CommandError([`the bridge refused ${method}: ${error.message}`, ...more].join('; '));
    }
    const parsed = shape.safeParse(result);
    if (!parsed.success) throw new CommandError(`the bridge answered ${method} in another form: do the versions fit?`);
    return parsed.data;
  }

  async #post(body: object, timeoutMs: number): Promise<unknown> {
    const response = await fetch(`${this.#url}/rpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    }).catch((error: unknown) => {
      throw new CommandError(`no bridge answers at ${this.#url} (${reason(error)}): start it, or give --url`);
    });
    if (response.status === 401) throw new CommandError(`the bridge at ${this.#url} does not know this token`);
    return response.json().catch(() => null);
  }
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  if (cause instanceof Error && 'code' in cause) return String(cause.code);
  return error instanceof Error ? error.name : String(error);
}
