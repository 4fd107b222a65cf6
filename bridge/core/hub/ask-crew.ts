// The playground: the same turn as in a conversation, with nothing sent and nothing written. What an administrator sees
// here is what a customer would get.
import type { Budgets } from '../cost/budgets.ts';
import { tokensOf } from '../cost/paid-call.ts';
import type { Money, Pricing } from '../cost/pricing.ts';
import type { AnswerCache } from '../crew/cached/answer-cache.ts';
import type { CrewFactory } from '../crew/crew-factory.ts';
import { offersPerson } from '../crew/offers-person.ts';
import { languageOf } from '../language.ts';
import type { Contact } from '../message.ts';
import type { Clock } from '../ports/clock.ts';
import type { Exchange } from '../ports/conversation-states.ts';
import type { Logger } from '../ports/logger.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { AskParams, AskResult } from '../rpc/ask.ts';
import { instantMs } from '../rpc/instant.ts';
import type { Tenant } from '../tenant.ts';
import { freshUsage } from '../turn.ts';
import type { Turn } from '../turn.ts';
import { answerTurn } from './answer-turn.ts';
import { boundedWindow } from './context.ts';
import { routeTo } from './route.ts';
import type { TurnResult } from './answer-turn.ts';
import type { ConnectTenant, TenantClients } from './tenant-clients.ts';

export interface AskCrewDeps {
  connect: ConnectTenant;
  crews: CrewFactory;
  answers: AnswerCache;
  pricing: Pricing;
  budgets: Pick<Budgets, 'isSpent'>;
  knowledge: Knowledge;
  clock: Clock;
  newId: () => string;
  logger: Logger;
}

const playgroundBudgetMs = 60_000;

export async function askCrew(
  deps: AskCrewDeps,
  tenant: Tenant,
  params: AskParams,
  signal: AbortSignal,
): Promise<AskResult> {
  const startedMs = performance.now();
  const clients = await deps.connect(tenant);
  const turn = toTurn(
    deps,
    tenant,
    params,
    clients,
    AbortSignal.any([signal, AbortSignal.timeout(playgroundBudgetMs)]),
  );
  const result = await answerTurn(turn, deps);
  const cost = await deps.pricing.costOf(tenant, turn.usage.calls);
  return toResult(turn, result, cost, Math.round(performance.now() - startedMs));
}

function toTurn(
  deps: AskCrewDeps,
  tenant: Tenant,
  params: AskParams,
  clients: TenantClients,
  signal: AbortSignal,
): Turn {
  const said = params.history.map((exchange, index): Exchange => {
    const atMs = exchange.at === undefined ? 0 : instantMs(exchange.at, tenant.config.timezone);
    return { from: exchange.from, text: exchange.text, atMs, messageId: index + 1 };
  });
  const window = boundedWindow(said);
  const asked = said.filter(({ from }) => from === 'customer').map(({ text }) => text);
  const last = said.at(-1);
  const id = deps.newId();
  return {
    id,
    tenant,
    conversation: { accountId: tenant.accountId, conversationId: 0 },
    channel: params.channel,
    contact: params.contact ? toContact(params.contact) : null,
    question: params.message,
    unreadFiles: 0,
    language: languageOf(`${asked.at(-1) ?? ''} ${params.message}`, tenant.config.language),
    window,
    isFirstReply: !window.some(({ from }) => from === 'assistant'),
    personOffered: last?.from === 'assistant' && offersPerson(last.text),
    // What the conversation would remember had these turns been taken.
    lastService: asked.reduce<string | null>((service, text) => routeTo(tenant, text, service).service, null),
    atMs: params.at === undefined ? deps.clock.now() : instantMs(params.at, tenant.config.timezone),
    dryRun: true,
    signal,
    logger: deps.logger.child({ account_id: tenant.accountId, turn_id: id, dry_run: true }),
    clock: deps.clock,
    knowledge: deps.knowledge,
    business: clients.business,
    model: clients.model,
    usage: freshUsage(),
    toolRuns: [],
  };
}

function toContact(given: NonNullable<AskParams['contact']>): Contact {
  return {
    id: typeof given.id === 'number' ? given.id : 0,
    name: given.name ?? null,
    phone: given.phone ?? null,
    email: given.email ?? null,
    identifier: null,
    sourceId: null,
    hmacVerified: false,
    blocked: false,
  };
}

function toResult(turn: Turn, { answer, route, parts }: TurnResult, cost: Money | null, ms: number): AskResult {
  const team = turn.tenant.config.handoff.team;
  return {
    reply: parts.join('\n\n'),
    service: route.service,
    confidence: route.confidence,
    reason: route.reason,
    rung: answer.rung,
    sources: answer.sources,
    tools: turn.toolRuns,
    handoff: answer.handoff ? { ...answer.handoff, ...(team ? { team } : {}) } : null,
    usage: { ...tokensOf(turn.usage.calls), cost },
    ms,
  };
}
