// A conversation read with a bot's token alone. Up to Chatwoot 4.16.2 such a read ends in a 500 once a team is set, which is
// no outage; whether it is one is told by a second, cheap read of the same conversation that shows no team (its labels).
import { mayBot, rememberIfRefused } from './bot-access.ts';
import type { BotAsks } from './bot-access.ts';
import { ChatwootRefusal } from './http.ts';
import { readAs } from './read-as.ts';
import { RestConversation } from './rest-shapes.ts';

/** 'people' = a team is set, so it was given to people; 'unreadable' = bots may not read in this Chatwoot. */
export async function readAsBot(asks: BotAsks, path: string): Promise<RestConversation | 'people' | 'unreadable'> {
  if (!(await mayBot(asks, 'read_conversation'))) return 'unreadable';
  try {
    return readAs(RestConversation, (await get(asks, path)).json);
  } catch (error) {
    if (rememberIfRefused(asks, 'read_conversation', error)) return 'unreadable';
    if (error instanceof ChatwootRefusal && error.status === 500 && (await answersLabels(asks, path))) return 'people';
    throw error;
  }
}

async function answersLabels(asks: BotAsks, path: string): Promise<boolean> {
  try {
    await get(asks, `${path}/labels`);
    return true;
  } catch {
    return false;
  }
}

function get({ http, token, signal }: BotAsks, path: string) {
  return http({ method: 'GET', path, token, signal });
}
