// Whether a tenant's Chatwoot can be reached with the tokens that are stored, in words for the person who can mend it.
import type { IntegrationCheck } from '../../core/ports/integration-check.ts';
import { mayBot } from './bot-access.ts';
import { ChatwootRefusal } from './http.ts';
import type { ChatwootHttp, ChatwootTokens } from './http.ts';
import type { PlaceMemory } from './place-memory.ts';

type Verdict = Omit<IntegrationCheck, 'ms'>;

interface Asks {
  http: ChatwootHttp;
  tokens: ChatwootTokens;
  memory: PlaceMemory;
  signal: AbortSignal;
}

export async function checkChatwoot(asks: Asks): Promise<IntegrationCheck> {
  const startedMs = performance.now();
  const verdict = await judge(asks);
  return { ...verdict, ms: Math.round(performance.now() - startedMs) };
}

async function judge(asks: Asks): Promise<Verdict> {
  const { user, bot } = asks.tokens;
  if (!user && !bot) {
    return {
      ok: false,
      message: 'No Chatwoot token is stored',
      fix: 'Enter the bot token (and a user token) in the credentials, or call chatwoot.connect',
    };
  }
  const asUser = user ? await tryUser(asks, user) : null;
  if (asUser && !asUser.ok) return asUser;
  const asBot = bot ? await tryBot(asks, bot) : null;
  if (asBot && !asBot.ok) return asBot;
  if (asUser) return bot ? asUser : withoutBot;
  return asBot ?? withoutBot;
}

const answers: Verdict = { ok: true, message: 'Chatwoot answers', fix: null };
const withoutBot: Verdict = {
  ok: true,
  message: 'Chatwoot answers; without a bot token the assistant writes in a person’s name',
  fix: 'Add the bot token, or call chatwoot.connect, which makes one',
};

function tryUser({ http, signal }: Asks, token: string): Promise<Verdict> {
  return judged('user', () => http({ method: 'GET', path: '/inboxes', token, signal }));
}

/** A conversation that cannot exist: a token that is good is told so, a wrong one is refused before. */
async function tryBot({ http, memory, signal }: Asks, token: string): Promise<Verdict> {
  if (!(await mayBot({ http, memory, token, signal }, 'read_conversation'))) {
    return {
      ok: true,
      message: 'A bot token is stored; this Chatwoot is too old to try it without a conversation',
      fix: 'Add a user token so that history can be read',
    };
  }
  const verdict = await judged('bot', () => http({ method: 'GET', path: '/conversations/0', token, signal }));
  return verdict.ok ? { ...verdict, fix: 'Add a user token so that history can be read' } : verdict;
}

async function judged(kind: 'user' | 'bot', ask: () => Promise<unknown>): Promise<Verdict> {
  try {
    await ask();
    return answers;
  } catch (error) {
    if (kind === 'bot' && error instanceof ChatwootRefusal && error.status === 404) return answers;
    if (!(error instanceof ChatwootRefusal) || error.code !== 'upstream_rejected') {
      return { ok: false, message: 'Chatwoot does not answer', fix: 'Check the address and that Chatwoot is running' };
    }
    if (error.status === 403) {
      return {
        ok: false,
        message: 'Chatwoot allows this account no API access',
        fix: 'Choose a plan of Chatwoot Cloud with API and webhooks, or host it yourself',
      };
    }
    const fix = {
      user: 'Make a new access token in the Chatwoot profile and save it here',
      bot: 'Copy the access token of the bot from Chatwoot and save it here, or call chatwoot.connect',
    };
    return { ok: false, message: `Chatwoot refused the ${kind} token`, fix: fix[kind] };
  }
}
