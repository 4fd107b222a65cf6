// Whether a tenant's Chatwoot can be reached with the tokens that are stored, in words for the person who can mend it.
import type { IntegrationCheck } from '../../core/ports/integration-check.ts';
import { ChatwootRefusal } from './http.ts';
import type { ChatwootHttp, ChatwootTokens } from './http.ts';

type Verdict = Omit<IntegrationCheck, 'ms'>;

export async function checkChatwoot(
  http: ChatwootHttp,
  tokens: ChatwootTokens,
  signal: AbortSignal,
): Promise<IntegrationCheck> {
  const startedMs = performance.now();
  const verdict = await judge(http, tokens, signal);
  return { ...verdict, ms: Math.round(performance.now() - startedMs) };
}

async function judge(http: ChatwootHttp, { bot, user }: ChatwootTokens, signal: AbortSignal): Promise<Verdict> {
  if (user) return tryUser(http, user, signal);
  if (!bot) {
    return {
      ok: false,
      message: 'No Chatwoot token is stored',
      fix: 'Enter the bot token (and a user token) in the credentials',
    };
  }
  return {
    ok: true,
    message: 'A bot token is stored; it cannot be tried without a conversation',
    fix: 'Add a user token so that history can be read',
  };
}

async function tryUser(http: ChatwootHttp, token: string, signal: AbortSignal): Promise<Verdict> {
  try {
    await http({ method: 'GET', path: '/inboxes', token, signal });
    return { ok: true, message: 'Chatwoot answers', fix: null };
  } catch (error) {
    const isRefused = error instanceof ChatwootRefusal && error.code === 'upstream_rejected';
    const message = isRefused ? 'Chatwoot refused the user token' : 'Chatwoot does not answer';
    const fix = isRefused
      ? 'Make a new access token in the Chatwoot profile and save it here'
      : 'Check the address and that Chatwoot is running';
    return { ok: false, message, fix };
  }
}
