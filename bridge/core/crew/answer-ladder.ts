// The ladder: what needs no knowledge is answered at once, then what was answered before and still holds, then the model
// with its tools, then what was found without a model, then a person. Each rung that fails leaves the customer on the next
// one, never in silence.
import type { Answer, HandoffReason } from '../answer.ts';
import { BridgeError, codeOf } from '../errors.ts';
import type { Turn } from '../turn.ts';
import { WrongToolArguments } from './agent.ts';
import type { AnswerCache } from './cached/answer-cache.ts';
import type { CrewFactory } from './crew-factory.ts';
import { answerGrounded } from './grounded-responder.ts';
import { handoffText } from './handoff-text.ts';
import { intentOf } from './intents.ts';
import { askForText } from './media-words.ts';
import { phrases } from './phrases.ts';
import { runCrew } from './run-crew.ts';

/** All model calls of a turn together; well inside the turn's own time. */
const modelBudgetMs = 40_000;

export interface LadderDeps {
  crews: CrewFactory;
  answers: AnswerCache;
}

export async function climb(turn: Turn, service: string, { crews, answers }: LadderDeps): Promise<Answer> {
  const atOnce = answerAtOnce(turn);
  if (atOnce) return atOnce;
  if (turn.question.trim() === '') return answerNoWords(turn);
  const kept = await recall(turn, service, answers);
  if (kept) return kept;
  const byModel = turn.model ? await tryModel(turn, service, crews) : null;
  if (byModel) await keep(turn, service, byModel, answers);
  return byModel ?? (await tryGrounded(turn, service));
}

function answerAtOnce(turn: Turn): Answer | null {
  const words = phrases[turn.language];
  const { farewell_message: farewell } = turn.tenant.config.company_metadata.customer_service;
  switch (intentOf(turn.question, turn.personOffered)) {
    case 'wants_person':
      return toPerson(turn, 'customer_asked', `O cliente pediu uma pessoa: "${turn.question}"`);
    case 'accepts':
      return toPerson(turn, 'customer_accepted', `O cliente aceitou a oferta de uma pessoa. ${lastQuestion(turn)}`);
    case 'declines':
      return deterministic(words.allRight);
    case 'acknowledges':
      return isAwaited(turn) ? null : deterministic(words.allRight);
    case 'thanks':
      return deterministic(words.thanks);
    case 'goodbye':
      return deterministic(farewell ?? words.goodbye);
    case 'greeting':
      return greet(turn);
    case null:
      return null;
  }
}

/** An "ok" to a question of ours is an answer, and the model that asked knows what to do with it. */
function isAwaited({ model, window }: Turn): boolean {
  const last = window.at(-1);
  return model !== null && last?.from === 'assistant' && last.text.trim().endsWith('?');
}

function greet(turn: Turn): Answer {
  const { greeting_message: greeting } = turn.tenant.config.company_metadata.customer_service;
  const words = phrases[turn.language];
  return deterministic(
    turn.isFirstReply && greeting ? greeting : words.greeting(firstName(turn), turn.tenant.config.name),
  );
}

/** A file nobody could read asks for words; nothing at all (a tester's word alone) is a greeting. */
function answerNoWords(turn: Turn): Answer {
  return turn.unreadFiles > 0 ? deterministic(askForText(turn.unreadKinds ?? [], turn.language), true) : greet(turn);
}

/** Null = the model is no help now; the next rung answers. A model that cannot use its tools hands over. */
async function tryModel(turn: Turn, service: string, crews: CrewFactory): Promise<Answer | null> {
  const crew = crews.crewFor(turn.tenant, service, turn.channel);
  // A model that takes its time must leave some for the next rung.
  const signal = AbortSignal.any([turn.signal, AbortSignal.timeout(modelBudgetMs)]);
  try {
    return await runCrew({ ...turn, signal }, crew);
  } catch (error) {
    if (turn.signal.aborted) throw error;
    turn.logger.warn({ code: codeOf(error), err: error }, 'model.gave_way');
    if (error instanceof WrongToolArguments) {
      return apologise(turn, 'model_misbehaved', 'O modelo não conseguiu usar as ferramentas.');
    }
    if (codeOf(error) === 'run_limit') {
      return apologise(turn, 'run_limit', 'O modelo não chegou a uma resposta dentro do limite.');
    }
    if (error instanceof BridgeError || signal.aborted) return null;
    throw error;
  }
}

/** A cache that fails is a cache that misses. */
async function recall(turn: Turn, service: string, answers: AnswerCache): Promise<Answer | null> {
  try {
    return await answers.recall(turn, service);
  } catch (error) {
    if (turn.signal.aborted || !(error instanceof BridgeError)) throw error;
    turn.logger.warn({ code: error.code, err: error }, 'answer_cache.not_asked');
    return null;
  }
}

/** The answer is there and goes out, whatever becomes of keeping it. */
async function keep(turn: Turn, service: string, answer: Answer, answers: AnswerCache): Promise<void> {
  try {
    await answers.keep(turn, service, answer);
  } catch (error) {
    turn.logger.warn({ code: codeOf(error), err: error }, 'answer_cache.not_kept');
  }
}

async function tryGrounded(turn: Turn, service: string): Promise<Answer> {
  try {
    return await answerGrounded(turn, service);
  } catch (error) {
    if (turn.signal.aborted || !(error instanceof BridgeError)) throw error;
    turn.logger.warn({ code: error.code, err: error }, 'grounded.gave_way');
    const words = phrases[turn.language];
    return deterministic(`${words.trouble} ${words.troubleOffer}`, true);
  }
}

function apologise(turn: Turn, reason: HandoffReason, note: string): Answer {
  const person = toPerson(turn, reason, `${note} O cliente perguntou: "${turn.question}"`);
  return { ...person, text: `${phrases[turn.language].trouble} ${person.text}` };
}

export function toPerson(turn: Turn, reason: HandoffReason, note: string): Answer {
  return { text: handoffText(turn), rung: 'person', sources: [], handoff: { reason, note }, offersPerson: false };
}

function deterministic(text: string, offersPerson = false): Answer {
  return { text, rung: 'deterministic', sources: [], handoff: null, offersPerson };
}

function lastQuestion(turn: Turn): string {
  const asked = turn.window.findLast((exchange) => exchange.from === 'customer');
  return asked ? `Pergunta anterior: "${asked.text}"` : '';
}

/** Profile names are free text; only what looks like a first name is used to greet. */
function firstName(turn: Turn): string | null {
  const first = turn.contact?.name?.trim().split(/\s+/)[0] ?? '';
  return /^\p{Lu}[\p{L}'-]{1,20}$/u.test(first) ? first : null;
}
