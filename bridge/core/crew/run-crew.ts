// The model rung: a crew's agent answers with tools, and its draft passes the guards before it counts. A draft with facts
// from nowhere is repaired once; after that a person gets it as a note.
import type { Answer } from '../answer.ts';
import type { ModelMessage } from '../ports.ts';
import type { Turn } from '../turn.ts';
import { uniqueSources } from '../sources.ts';
import { agentLimits, runAgent } from './agent.ts';
import type { AgentResult } from './agent.ts';
import { momentOf } from './crew-factory.ts';
import type { ReadyCrew } from './crew-factory.ts';
import { ungroundedNumbers } from './guards/grounding.ts';
import { handoffText } from './handoff-text.ts';

/** Rejects with what the agent rejects with; guards never reject. */
export async function runCrew(turn: Turn, crew: ReadyCrew): Promise<Answer> {
  const messages = messagesFor(turn, crew);
  const first = await runAgent(turn, crew.tools, messages);
  if (first.handoff) return toHandoff(turn, first);
  const wrong = ungroundedNumbers(first.text, evidenceOf(turn, first));
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
  if (ungroundedNumbers(second.text, evidence).length === 0) return toAnswer(turn, second);
  return {
    text: handoffText(turn),
    rung: 'person',
    sources: uniqueSources(draft.sources),
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
      return { role: 'assistant', text: `(A person of the team answered: ${exchange.text})`, toolCalls: [] };
    }
    return { role: 'user', text: exchange.text };
  });
  const moment = momentOf(turn.tenant, turn.language, turn.atMs, turn.contact?.name ?? null);
  return [
    { role: 'system', text: crew.instructions },
    ...past,
    { role: 'system', text: moment },
    { role: 'user', text: turn.question },
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
    JSON.stringify(company_metadata),
    ...turn.window.map(({ text }) => text),
  ];
}

function toAnswer(turn: Turn, result: AgentResult): Answer {
  const offersPerson = /\b(pessoa|atendente|equipe|person|someone|team|persona|equipo)\b[^.?!]{0,60}\?\s*$/i.test(
    result.text,
  );
  turn.logger.debug({ sources: result.sources.length }, 'crew.answered');
  return { text: result.text, rung: 'model', sources: uniqueSources(result.sources), handoff: null, offersPerson };
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
