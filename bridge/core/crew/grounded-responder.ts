// Answers without a model: only what was found, in the words it was written in, and nothing else. When nothing is good
// enough it says so and offers a person. This is what answers in embedded mode and whenever the model is away.
import type { Answer } from '../answer.ts';
import { refKey } from '../knowledge/document.ts';
import type { KnowledgeDocument } from '../knowledge/document.ts';
import type { SearchHit, SearchResult } from '../knowledge/knowledge.ts';
import type { ProductFacts } from '../ports/business-system.ts';
import { toSource, uniqueSources } from '../sources.ts';
import { searchForTurn } from '../tools/search-for-turn.ts';
import type { Turn } from '../turn.ts';
import { phrases } from './phrases.ts';
import { questionsIn } from './questions-in.ts';

/** Hits this close to the best one are part of the answer when they are products of one question. */
const closeToBest = 0.75;
const productsShown = 3;
const bodyCharacters = 900;

export async function answerGrounded(turn: Turn, service: string | null): Promise<Answer> {
  const each = await answerEach(turn, questionsIn(turn.question));
  if (each) return each;
  const { hits, degraded } = await search(turn, turn.question);
  turn.logger.debug({ hits: hits.length, service, degraded }, 'grounded.searched');
  return answerFrom(turn, hits);
}

/** Every question its own answer, when each has one and no two the same; null otherwise, and all is looked for together. */
async function answerEach(turn: Turn, questions: readonly string[]): Promise<Answer | null> {
  const found: SearchHit[][] = [];
  for (const question of questions) {
    const { hits } = await search(turn, question);
    if (hits.length === 0) return null;
    found.push(hits);
  }
  const best = new Set(found.map(([hit]) => hit && refKey(hit.document)));
  if (found.length === 0 || best.size < found.length) return null;
  const answers = await Promise.all(found.map((hits) => answerFrom(turn, hits)));
  return {
    text: answers.map(({ text }) => text).join('\n\n'),
    rung: 'grounded',
    sources: uniqueSources(answers.flatMap(({ sources }) => sources)),
    handoff: null,
    offersPerson: false,
  };
}

async function search(turn: Turn, text: string): Promise<SearchResult> {
  const startedMs = performance.now();
  const result = await searchForTurn(turn, text);
  turn.toolRuns.push({ name: 'search_knowledge', ok: true, ms: Math.round(performance.now() - startedMs) });
  return result;
}

async function answerFrom(turn: Turn, hits: SearchHit[]): Promise<Answer> {
  const [best] = hits;
  if (!best) return nothingFound(turn);
  return isOffer(best.document) ? answerWithOffers(turn, hits) : answerWithText(turn, best);
}

export function nothingFound(turn: Turn): Answer {
  const words = phrases[turn.language];
  return {
    text: `${words.nothingFound} ${words.offerPerson}`,
    rung: 'grounded',
    sources: [],
    handoff: null,
    offersPerson: true,
  };
}

function answerWithText(turn: Turn, hit: SearchHit): Answer {
  const body = hit.document.body.length <= bodyCharacters ? hit.document.body : hit.excerpt;
  return {
    text: withForeignNote(turn, hit.document, body.trim()),
    rung: 'grounded',
    sources: [toSource(hit.document)],
    handoff: null,
    offersPerson: false,
  };
}

async function answerWithOffers(turn: Turn, hits: SearchHit[]): Promise<Answer> {
  const best = hits[0]?.score ?? 0;
  const offers = hits.filter((hit) => isOffer(hit.document) && hit.score >= best * closeToBest).slice(0, productsShown);
  const facts = await readFacts(turn, offers);
  const lines = offers.map(({ document }) => offerLine(turn, document, facts, offers.length === 1));
  const words = phrases[turn.language];
  const [only] = offers;
  const text =
    offers.length === 1 && only
      ? withForeignNote(turn, only.document, lines.join(''))
      : withForeignNote(turn, offers[0]?.document, [words.foundSeveral, ...lines].join('\n\n'));
  return {
    text,
    rung: 'grounded',
    sources: offers.map((hit) => toSource(hit.document)),
    handoff: null,
    offersPerson: false,
  };
}

/** Prices that cannot be read now are left out, never guessed. */
async function readFacts(turn: Turn, offers: SearchHit[]): Promise<ProductFacts[]> {
  if (!turn.business) return [];
  const startedMs = performance.now();
  try {
    const refs = offers.map(({ document }) => ({ kind: document.kind, id: document.id }));
    const facts = await turn.business.productFacts(refs, turn.signal);
    turn.toolRuns.push({ name: 'product_facts', ok: true, ms: Math.round(performance.now() - startedMs) });
    return facts;
  } catch (error) {
    turn.toolRuns.push({ name: 'product_facts', ok: false, ms: Math.round(performance.now() - startedMs) });
    turn.logger.warn({ err: error }, 'grounded.facts_unavailable');
    return [];
  }
}

function offerLine(turn: Turn, document: KnowledgeDocument, facts: ProductFacts[], alone: boolean): string {
  const words = phrases[turn.language];
  const fact = facts.find(({ ref }) => ref.id === document.id && ref.kind === document.kind);
  const description = alone ? document.body.trim() : firstSentence(document.body);
  const price =
    fact?.price === undefined || fact.price === null ? '' : words.price(money(fact.price, fact.currency, turn));
  const stock =
    fact?.stock === undefined || fact.stock === null ? '' : fact.stock > 0 ? words.inStock : words.outOfStock;
  return [`${document.title}: ${description}`, price, stock].filter((piece) => piece !== '').join(' ');
}

/** A currency nobody named is not guessed, except in a Brazilian shop; one that is no code is written as it is. */
function money(amount: number, given: string | null, { language, tenant }: Turn): string {
  const locale = { pt: 'pt-BR', en: 'en-US', es: 'es-ES' }[language];
  const currency = given ?? (tenant.config.language === 'pt_BR' ? 'BRL' : '');
  const isCode = /^[A-Z]{3}$/.test(currency);
  const style = isCode ? { style: 'currency' as const, currency } : { minimumFractionDigits: 2 };
  const written = new Intl.NumberFormat(locale, style).format(amount).replace(/[\u00a0\u202f]/g, ' ');
  return isCode ? written : `${currency} ${written}`.trim();
}

/** A text in another language is shown as it is, and said to be so: translating needs a model. */
function withForeignNote(turn: Turn, document: KnowledgeDocument | undefined, text: string): string {
  const written = document?.lang ?? turn.tenant.config.language;
  const note = phrases[turn.language].foreignSource;
  return written.startsWith(turn.language) || !written.startsWith('pt') || note === '' ? text : `${note} ${text}`;
}

function isOffer(document: KnowledgeDocument): boolean {
  return document.kind === 'product' || document.kind === 'service';
}

function firstSentence(text: string): string {
  return /^.*?[.!?](?=\s|$)/s.exec(text.trim())?.[0] ?? text.trim();
}
