// The model rung: a crew's agent answers with tools, and its draft passes the guards before it counts. A draft with facts
// from nowhere is repaired once; after that a person gets it as a note.
import type { Answer } from '../answer.ts';
import type { ModelMessage } from '../ports/chat-model.ts';
import type { Turn } from '../turn.ts';
import { uniqueSources } from '../sources.ts';
import { agentLimits, runAgent } from './agent.ts';
import type { AgentResult } from './agent.ts';
import { momentOf, momentText } from './crew-factory.ts';
import type { ReadyCrew } from './crew-factory.ts';
import { ungroundedNumbers } from './guards/grounding.ts';
import { handoffText } from './handoff-text.ts';
import { offersPerson } from './offers-person.ts';

/** Rejects with what the agent rejects with; guards never reject. */
export async function runCrew(turn: Turn, crew: ReadyCrew): Promise<Answer> {
  const messages = messagesFor(turn, crew);
  const first = await runAgent(turn, crew.tools, messages);
  if (first.handoff) return toHandoff(turn, first);
  const wrong = ungroundedNumbers(first.text, evidenceOf(turn, first), turn.language);
  if (wrong.length === 0) return toAnswer(turn, first);
  return repair(turn, crew, messages, first, wrong);
}

async function repair(
  turn: Turn,
  crew: ReadyCrew,
  messages: ModelMessage[],
  draft: AgentResult,
  wrong: string[],
): Promise<Answer> {
  turn.logger.info({ numbers: wrong.length, guard: 'grounding' }, 'guard.repair');
  const again: ModelMessage[] = [
    ...messages,
    { role: 'assistant', text: draft.text, toolCalls: [] },
    {
      role: 'user',
      text: `[system] These numbers are in no tool result: ${wrong.join(', ')}. Search again if needed and answer the customer using only what the tools return.`,
    },
  ];
  const second = await runAgent(turn, crew.tools, again, { ...agentLimits, modelCalls: 3 });
  if (second.handoff) return toHandoff(turn, second);
  const evidence = [...evidenceOf(turn, draft), ...evidenceOf(turn, second)];
  const sources = uniqueSources([...draft.sources, ...second.sources]);
  if (ungroundedNumbers(second.text, evidence, turn.language).length === 0) {
    const searches = draft.searches && second.searches ? [...draft.searches, ...second.searches] : null;
    return toAnswer(turn, { ...second, sources, searches });
  }
  return {
    text: handoffText(turn),
    rung: 'person',
    sources,
    handoff: {
      reason: 'guard_blocked',
      note: `O rascunho não foi enviado porque traz dados sem fonte:\n${second.text}`,
    },
    offersPerson: false,
  };
}

function messagesFor(turn: Turn, crew: ReadyCrew): ModelMessage[] {
  const past = turn.window.slice(-12).map((exchange): ModelMessage => {
    if (exchange.from === 'assistant') return { role: 'assistant', text: exchange.text, toolCalls: [] };
    if (exchange.from === 'person') {
      const when = exchange.atMs > 0 ? ` on ${momentText(turn.tenant, exchange.atMs)}` : '';
      return { role: 'assistant', text: `(A person of the team wrote${when}: ${exchange.text})`, toolCalls: [] };
    }
    if (exchange.from === 'note') return { role: 'system', text: exchange.text };
    return { role: 'user', text: exchange.text };
  });
  const moment = momentOf(turn.tenant, turn.language, turn.atMs, turn.contact?.name ?? null);
  return [
    { role: 'system', text: crew.instructions },
    ...past,
    { role: 'system', text: moment },
    { role: 'user', text: turn.asWritten ?? turn.question },
  ];
}

/** The company's own configuration and the customer's own words count as evidence too. */
function evidenceOf(turn: Turn, result: AgentResult): string[] {
  const { name, description, company_metadata } = turn.tenant.config;
  return [
    ...result.evidence,
    turn.question,
    name,
    description,
    ...textsIn(company_metadata),
    ...turn.window.map(({ text }) => text),
  ];
}

/** Texts alone: the days of the week are numbered in the configuration, and no deadline is grounded in that. */
function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

function toAnswer(turn: Turn, { text, sources, searches }: AgentResult): Answer {
  turn.logger.debug({ sources: sources.length }, 'crew.answered');
  return {
    text,
    rung: 'model',
    sources: uniqueSources(sources),
    handoff: null,
    offersPerson: offersPerson(text),
    ...(searches ? { searches } : {}),
  };
}

function toHandoff(turn: Turn, result: AgentResult): Answer {
  return {
    text: handoffText(turn),
    rung: 'person',
    sources: uniqueSources(result.sources),
    handoff: result.handoff,
    offersPerson: false,
  };
}
