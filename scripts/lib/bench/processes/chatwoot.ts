// The simulated Chatwoot in a process of its own, with a set delay, and the customers: each writes at a given instant, and the
// time until the reply is stored is taken here, where both ends of it are.
import type { DomainEvent } from '../../../../test/sandbox/chatwoot/events.ts';
import type { SandboxConfigInput } from '../../../../test/sandbox/chatwoot/config.ts';
import { startChatwootSandbox } from '../../../../test/sandbox/chatwoot/start-chatwoot-sandbox.ts';
import type { ChatwootSandbox } from '../../../../test/sandbox/chatwoot/start-chatwoot-sandbox.ts';
import { answerParent } from '../child.ts';

export interface CustomerTurn {
  account: number;
  inbox: number;
  /** Who writes; one conversation for each. */
  who: string;
  text: string;
  /** When, from the beginning. */
  atMs: number;
}

export interface Conversing {
  turns: CustomerTurn[];
  timeoutMs: number;
}

let sandbox: ChatwootSandbox | null = null;
/** Who waits for a reply, by account and conversation. */
const waiting = new Map<string, () => void>();

function running(): ChatwootSandbox {
  if (sandbox === null) throw new Error('not started');
  return sandbox;
}

answerParent({
  start: async () => {
    sandbox = await startChatwootSandbox({ accounts: [] });
    sandbox.api.bus.on('event', (event: DomainEvent) => {
      if (event.name !== 'message_created' || event.message.messageType !== 'outgoing' || event.message.private) return;
      const key = keyOf(event.conversation.accountId, event.conversation.displayId);
      waiting.get(key)?.();
      waiting.delete(key);
    });
    return sandbox.url;
  },
  reset: ({ config, delayMs }: { config: SandboxConfigInput; delayMs: number }) => {
    const { api } = running();
    api.reset(config);
    if (delayMs > 0) api.fault({ action: 'delay', ms: delayMs, count: 1_000_000_000 });
  },
  /** Milliseconds of each turn, null for one that got no reply in time. */
  converse: ({ turns, timeoutMs }: Conversing) => Promise.all(turns.map((turn) => converse(turn, timeoutMs))),
  /** Everybody writes as fast as they can be delivered; nobody waits. */
  flood: ({ turns }: { turns: CustomerTurn[] }) => turns.forEach(write),
  violations: () => running().api.violations,
  calls: () => running().api.requests.length,
});

async function converse(turn: CustomerTurn, timeoutMs: number): Promise<number | null> {
  await new Promise((resolve) => setTimeout(resolve, turn.atMs));
  const startedMs = performance.now();
  const conversation = write(turn);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), timeoutMs);
    waiting.set(keyOf(turn.account, conversation), () => {
      clearTimeout(timer);
      resolve(performance.now() - startedMs);
    });
  });
}

function write({ account, inbox, who, text }: CustomerTurn): number {
  return running().api.customerWrites({ account, inbox, contact: who, text }).conversation;
}

function keyOf(account: number, conversation: number): string {
  return `${account}/${conversation}`;
}
