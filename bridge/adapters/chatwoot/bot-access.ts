// What a bot's token may do, and since which Chatwoot: everything else answers it 401, so it is not even asked. The version
// decides where it is known; a fork that tells none, or a wrong one, is believed by its first refusal.
import { ChatwootRefusal } from './http.ts';
import type { ChatwootHttp } from './http.ts';
import type { BotVersion, PlaceMemory } from './place-memory.ts';

/** Messages, status, priority and assignments are open to bots in every Chatwoot there is reason to meet. */
const sinceVersion = {
  read_conversation: { major: 4, minor: 14, patch: 2 },
  labels: { major: 4, minor: 14, patch: 2 },
  typing: { major: 4, minor: 11, patch: 2 },
  custom_attributes: { major: 4, minor: 2, patch: 0 },
} as const;
export type BotAbility = keyof typeof sinceVersion;

export interface BotAsks {
  http: ChatwootHttp;
  memory: PlaceMemory;
  token: string;
  signal: AbortSignal;
}

export async function mayBot({ http, memory, token, signal }: BotAsks, ability: BotAbility): Promise<boolean> {
  if (memory.wasRefused(token, ability)) return false;
  const version = await memory.versionOf(http, signal);
  return version === null || isAtLeast(version, sinceVersion[ability]);
}

/** A 401 also means a wrong token; that one is refused everywhere else too, so believing it here loses nothing. */
export function rememberIfRefused({ memory, token }: BotAsks, ability: BotAbility, error: unknown): boolean {
  const isRefused = error instanceof ChatwootRefusal && error.status === 401;
  if (isRefused) memory.rememberRefusal(token, ability);
  return isRefused;
}

function isAtLeast(version: BotVersion, wanted: BotVersion): boolean {
  const difference = version.major - wanted.major || version.minor - wanted.minor || version.patch - wanted.patch;
  return difference >= 0;
}
