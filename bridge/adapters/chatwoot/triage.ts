// How people sort conversations, in Chatwoot's calls. Labels and custom attributes are replaced as a whole there, so what
// stands is read and merged first; teams are known by name only to a user token.
import { z } from 'zod';
import { BridgeError } from '../../core/errors.ts';
import type { ConversationTriage, Priority } from '../../core/ports/conversation-triage.ts';
import { mayBot, rememberIfRefused } from './bot-access.ts';
import type { BotAbility } from './bot-access.ts';
import type { ChatwootHttp, ChatwootTokens } from './http.ts';
import { PlaceMemory } from './place-memory.ts';
import { readAs } from './read-as.ts';

/** Teams change rarely; a new one is found after this at the latest. */
const teamsFreshMs = 300_000;

const Labels = z.object({ payload: z.array(z.string()) });
const Attributes = z.object({ custom_attributes: z.record(z.string(), z.unknown()) });
const Teams = z.array(z.object({ id: z.number(), name: z.string() }));
type Team = z.infer<typeof Teams>[number];

export class ChatwootTriage implements ConversationTriage {
  readonly #http: ChatwootHttp;
  readonly #tokens: ChatwootTokens;
  readonly #memory: PlaceMemory;

  constructor(http: ChatwootHttp, tokens: ChatwootTokens, memory = new PlaceMemory()) {
    this.#http = http;
    this.#tokens = tokens;
    this.#memory = memory;
  }

  async assignTeam(conversationId: number, team: string, signal: AbortSignal): Promise<boolean> {
    const found = await this.#teamNamed(team, signal);
    if (!found) return false;
    const { json } = await this.#http({
      method: 'POST',
      path: `/conversations/${conversationId}/assignments`,
      token: this.#writer(),
      signal,
      isRepeatable: true,
      body: { team_id: found.id },
    });
    if (json !== null) return true;
    // A team that was deleted meanwhile: Chatwoot then answers null and sets none.
    this.#memory.forget('teams');
    return false;
  }

  async addLabels(conversationId: number, labels: string[], signal: AbortSignal): Promise<void> {
    const path = `/conversations/${conversationId}/labels`;
    await this.#with('labels', 'bot', signal, async (token) => {
      const { json } = await this.#http({ method: 'GET', path, token, signal });
      const standing = readAs(Labels, json).payload;
      const merged = [...new Set([...standing, ...labels.map(asTitle)])];
      if (merged.length === standing.length) return;
      await this.#http({ method: 'POST', path, token, signal, isRepeatable: true, body: { labels: merged } });
    });
  }

  async setPriority(conversationId: number, priority: Priority | null, signal: AbortSignal): Promise<void> {
    await this.#http({
      method: 'POST',
      path: `/conversations/${conversationId}/toggle_priority`,
      token: this.#writer(),
      signal,
      isRepeatable: true,
      body: { priority },
    });
  }

  async mergeAttributes(
    conversationId: number,
    attributes: Record<string, string | number | boolean | null>,
    signal: AbortSignal,
  ): Promise<void> {
    const standing = await this.#with('read_conversation', 'user', signal, async (token) => {
      const { json } = await this.#http({ method: 'GET', path: `/conversations/${conversationId}`, token, signal });
      return readAs(Attributes, json).custom_attributes;
    });
    const merged = Object.fromEntries(
      Object.entries({ ...standing, ...attributes }).filter(([, value]) => value !== null),
    );
    if (JSON.stringify(merged) === JSON.stringify(standing)) return;
    await this.#with('custom_attributes', 'bot', signal, (token) =>
      this.#http({
        method: 'POST',
        path: `/conversations/${conversationId}/custom_attributes`,
        token,
        signal,
        isRepeatable: true,
        body: { custom_attributes: merged },
      }),
    );
  }

  async #teamNamed(name: string, signal: AbortSignal): Promise<Team | null> {
    const known = this.#memory.recall('teams') as Team[] | undefined;
    const token = this.#tokens.user;
    if (!known && !token) return null;
    const teams = known ?? readAs(Teams, (await this.#http({ method: 'GET', path: '/teams', token, signal })).json);
    if (!known) this.#memory.keep('teams', teams, teamsFreshMs);
    return teams.find((team) => sameName(team.name, name)) ?? null;
  }

  /** With the token that is wanted first, where it may; the bot's name stands beside what it does, so it writes. */
  async #with<T>(
    ability: BotAbility,
    first: 'bot' | 'user',
    signal: AbortSignal,
    work: (token: string) => Promise<T>,
  ): Promise<T> {
    const { user, bot } = this.#tokens;
    if (user && first === 'user') return work(user);
    const asks = bot ? { http: this.#http, memory: this.#memory, token: bot, signal } : null;
    if (asks && (await mayBot(asks, ability))) {
      try {
        return await work(asks.token);
      } catch (error) {
        if (!rememberIfRefused(asks, ability, error) || !user) throw error;
      }
    }
    if (user) return work(user);
    throw new BridgeError('upstream_rejected', 'This needs a user token in the Chatwoot credential');
  }

  #writer(): string {
    const token = this.#tokens.bot ?? this.#tokens.user;
    if (!token) throw new BridgeError('upstream_rejected', 'No Chatwoot token is stored for this tenant');
    return token;
  }
}

/** Chatwoot keeps labels in lower case, without spaces. */
function asTitle(label: string): string {
  return label.trim().toLowerCase().replace(/\s+/g, '-');
}

/** Names of teams are stored in lower case, and people write them as they like. */
function sameName(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}
