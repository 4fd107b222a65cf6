// Asks the bridge for the turns of one conversation, on the server side, so that the page neither needs the token nor another
// origin's permission. Whatever comes back is passed on as a list; a failure is a text the page shows.
import type { World } from '../world.ts';

const TIMEOUT_MS = 5000;

export interface TraceAnswer {
  configured: boolean;
  turns: unknown[];
  error: string | null;
}

export async function fetchTrace(
  world: World,
  accountId: number,
  inboxId: number,
  conversation: number,
): Promise<TraceAnswer> {
  const { trace } = world.config;
  if (trace === undefined) return { configured: false, turns: [], error: null };
  const url = fillTemplate(world, trace.url, accountId, inboxId, conversation);
  try {
    const headers: Record<string, string> =
      trace.bearer === undefined ? {} : { Authorization: `Bearer ${trace.bearer}` };
    const answer = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!answer.ok) return { configured: true, turns: [], error: `HTTP ${answer.status}` };
    return { configured: true, turns: listIn(await answer.json()), error: null };
  } catch (error) {
    return { configured: true, turns: [], error: error instanceof Error ? error.message : String(error) };
  }
}

function fillTemplate(
  world: World,
  template: string,
  accountId: number,
  inboxId: number,
  conversation: number,
): string {
  const tenant =
    world.state.inboxes.get(inboxId)?.tenant ?? world.state.accounts.get(accountId)?.tenant ?? String(accountId);
  const values: Record<string, string> = {
    account: tenant,
    tenant,
    chatwoot_account: String(accountId),
    conversation: String(conversation),
    id: String(conversation),
  };
  return template.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : encodeURIComponent(value);
  });
}

function listIn(value: unknown): unknown[] {
  if (Array.isArray(value)) return value as unknown[];
  if (typeof value !== 'object' || value === null) return [];
  const list = Object.values(value).find((candidate) => Array.isArray(candidate));
  return Array.isArray(list) ? (list as unknown[]) : [];
}
