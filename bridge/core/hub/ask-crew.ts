// The playground: the same turn as in a conversation, with nothing sent and nothing written. What an administrator sees
// here is what a customer would get.
import type { CrewFactory } from '../crew/crew-factory.ts';
import { languageOf } from '../language.ts';
import type { ChannelKey } from '../message.ts';
import type { Clock, Exchange, Logger } from '../ports.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Tenant } from '../tenant.ts';
import { freshUsage } from '../turn.ts';
import type { ToolRun, Turn } from '../turn.ts';
import { answerTurn } from './answer-turn.ts';
import type { TurnResult } from './answer-turn.ts';
import type { ConnectTenant } from './tenant-clients.ts';

export interface CrewQuestion {
  message: string;
  channel: ChannelKey;
  history: { from: 'customer' | 'assistant' | 'person'; text: string; at?: string | undefined }[];
  contact: {
    id?: number | undefined;
    name?: string | undefined;
    phone?: string | undefined;
    email?: string | undefined;
  } | null;
  /** The instant to answer at; null = now. */
  atMs: number | null;
}

export interface CrewAnswer {
  result: TurnResult;
  tools: ToolRun[];
  usage: Turn['usage'];
  ms: number;
}

export interface AskCrewDeps {
  connect: ConnectTenant;
  crews: CrewFactory;
  knowledge: Knowledge;
  clock: Clock;
  newId: () => string;
  logger: Logger;
}

const playgroundBudgetMs = 60_000;

export async function askCrew(
  deps: AskCrewDeps,
  tenant: Tenant,
  question: CrewQuestion,
  signal: AbortSignal,
): Promise<CrewAnswer> {
  const startedMs = performance.now();
  const clients = await deps.connect(tenant);
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(playgroundBudgetMs)]);
  const turn = toTurn(deps, tenant, question, { business: clients.business, model: clients.model }, bounded);
  const result = await answerTurn(turn, deps.crews);
  return { result, tools: turn.toolRuns, usage: turn.usage, ms: Math.round(performance.now() - startedMs) };
}

function toTurn(
  deps: AskCrewDeps,
  tenant: Tenant,
  question: CrewQuestion,
  clients: Pick<Turn, 'business' | 'model'>,
  signal: AbortSignal,
): Turn {
  const window = question.history.map((said, index): Exchange => ({
    from: said.from,
    text: said.text,
    atMs: Date.parse(said.at ?? '') || 0,
    messageId: index + 1,
  }));
  const id = deps.newId();
  return {
    ...clients,
    id,
    tenant,
    conversation: { accountId: tenant.accountId, conversationId: 0 },
    channel: question.channel,
    contact: toContact(question.contact),
    question: question.message.trim(),
    language: languageOf(question.message, tenant.config.language),
    window,
    isFirstReply: !window.some(({ from }) => from === 'assistant'),
    personOffered: false,
    lastService: null,
    atMs: question.atMs ?? deps.clock.now(),
    dryRun: true,
    signal,
    logger: deps.logger.child({ account_id: tenant.accountId, turn_id: id, dry_run: true }),
    clock: deps.clock,
    knowledge: deps.knowledge,
    usage: freshUsage(),
    toolRuns: [],
  };
}

function toContact(given: CrewQuestion['contact']): Turn['contact'] {
  if (!given) return null;
  return {
    id: given.id ?? 0,
    name: given.name ?? null,
    phone: given.phone ?? null,
    email: given.email ?? null,
    identifier: null,
    sourceId: null,
    hmacVerified: false,
    blocked: false,
  };
}
