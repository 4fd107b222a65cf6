// What is remembered about one account of one Chatwoot between turns, so that a turn need not ask again: its version, what
// a token was refused, its teams. Kept in the process alone: forgetting it costs a request, never a mistake.
import type { ChatwootHttp } from './http.ts';

interface Known {
  value: unknown;
  untilMs: number;
}

const hourMs = 3_600_000;
/** An installation that did not tell its version is asked again soon. */
const unknownVersionMs = 60_000;
/** Refusals are believed for a while only: an upgrade lifts them. */
const refusalMs = 6 * hourMs;

export interface BotVersion {
  major: number;
  minor: number;
  patch: number;
}

export class PlaceMemory {
  readonly #known = new Map<string, Known>();
  readonly #now: () => number;

  /** `now` = milliseconds of a clock that never goes back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Asks `GET /api`, which needs no token. Null when it does not say, as forks may. Never rejects. */
  async versionOf(http: ChatwootHttp, signal: AbortSignal): Promise<BotVersion | null> {
    const known = this.recall('version') as BotVersion | null | undefined;
    if (known !== undefined) return known;
    const version = await askVersion(http, signal);
    this.keep('version', version, version ? hourMs : unknownVersionMs);
    return version;
  }

  wasRefused(token: string, ability: string): boolean {
    return this.recall(`refused ${ability} ${token}`) === true;
  }

  rememberRefusal(token: string, ability: string): void {
    this.keep(`refused ${ability} ${token}`, true, refusalMs);
  }

  keep(key: string, value: unknown, forMs: number): void {
    this.#known.set(key, { value, untilMs: this.#now() + forMs });
  }

  /** Undefined = not known, or no longer. */
  recall(key: string): unknown {
    const known = this.#known.get(key);
    if (known && known.untilMs > this.#now()) return known.value;
    this.#known.delete(key);
    return undefined;
  }

  forget(key: string): void {
    this.#known.delete(key);
  }
}

async function askVersion(http: ChatwootHttp, signal: AbortSignal): Promise<BotVersion | null> {
  try {
    const { json } = await http({ method: 'GET', path: '/api', token: null, signal });
    const text = typeof json === 'object' && json !== null && 'version' in json ? json.version : null;
    const found = /^v?(\d+)\.(\d+)\.(\d+)/.exec(typeof text === 'string' ? text : '');
    return found ? { major: Number(found[1]), minor: Number(found[2]), patch: Number(found[3]) } : null;
  } catch {
    return null;
  }
}
