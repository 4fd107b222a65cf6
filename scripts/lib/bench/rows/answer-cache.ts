// Row 5: what caches save, and whether they are ever wrong. Every cached answer is held against what a fresh model says
// to the very same question at that instant; pairs of questions that look alike and differ must never share an answer.
import { AnsweringCompany } from '../answers/answering-company.ts';
import { evalDocuments, evalDomains, evalPairs, evalQuestions } from '../answers/eval-set.ts';
import type { EvalDomain, Pair } from '../answers/eval-set.ts';
import { round } from '../figures.ts';
import { atLeast, atMost, reported } from '../row.ts';
import type { Row, RowOptions } from '../row.ts';

const seed = 20_261_121;
const editEvery = 100;

export const answerCache: Row = {
  number: 5,
  title: 'External calls saved by caches, wrong and stale answers',
  run: async (options) => {
    const pairs = await tryPairs();
    const replay = await replayQuestions(options);
    return {
      figures: [
        atMost('trap pairs that shared an answer', pairs.traps.hits, `of ${pairs.traps.count}`, 0),
        atLeast('harmless paraphrases answered from the cache', percent(pairs.paraphrases), '%', 60),
        atMost('of them with an answer fresh to neither wording', pairs.paraphrases.wrong, 'answers', 0),
        atLeast('external calls saved on the replay', round(100 * (1 - replay.calls / replay.callsWithout)), '%', 85),
        reported('questions answered from the cache', round((100 * replay.hits) / replay.count), '%'),
        atMost('wrong or stale cached answers', replay.wrong, `of ${replay.hits}`, 0),
      ],
      method:
        `${replay.count} questions, as many to each of the three companies of the evaluation set, in Portuguese, drawn by Zipf's law (exponent 1) from ` +
        `${replay.distinct} subjects (all companies together), each in one of its wordings, with a random politeness; every ${editEvery} questions a ` +
        'document that was just used is edited. External calls are model calls and embedding requests, against the same ' +
        'questions without caches. The model searches with the question and answers with what it reads first, so that ' +
        `a cached answer can be compared with a fresh one, to these words or to another wording of the subject. Seed ${seed}.`,
      details: { pairs, replay },
    };
  },
};

interface PairCount {
  count: number;
  hits: number;
  wrong: number;
}

async function tryPairs(): Promise<{ traps: PairCount; paraphrases: PairCount }> {
  const result = { traps: noPairs(), paraphrases: noPairs() };
  for (const domain of evalDomains) {
    const company = await AnsweringCompany.open(domain);
    try {
      for (const name of ['traps', 'paraphrases'] as const) {
        for (const pair of evalPairs(name).filter((one) => one.domain === domain)) {
          await tryPair(company, pair, result[name]);
        }
      }
    } finally {
      await company.close();
    }
  }
  return result;
}

async function tryPair(company: AnsweringCompany, { a, b }: Pair, count: PairCount): Promise<void> {
  company.forgetAnswers();
  await company.ask(a);
  const answer = await company.ask(b);
  count.count += 1;
  if (answer.rung !== 'cached') return;
  count.hits += 1;
  const fresh = [await company.askFresh(a), await company.askFresh(b)];
  if (fresh.every(({ text }) => text !== answer.text)) count.wrong += 1;
}

interface Replay {
  count: number;
  distinct: number;
  hits: number;
  wrong: number;
  calls: number;
  callsWithout: number;
}

async function replayQuestions({ quick, say }: RowOptions): Promise<Replay> {
  const random = randomFrom(seed);
  const perCompany = quick ? 100 : 2_000;
  const totals: Replay = { count: 0, distinct: 0, hits: 0, wrong: 0, calls: 0, callsWithout: 0 };
  for (const domain of evalDomains) {
    const subjects = shuffled(subjectsOf(domain), random);
    const questions = Array.from({ length: perCompany }, (): Asked => {
      const wordings = subjects[zipf(subjects.length, random)] ?? [];
      return { question: dressed(wordings[Math.floor(random() * wordings.length)] ?? '', random), wordings };
    });
    say(`${domain}: ${questions.length} questions about ${subjects.length} subjects`);
    await replayDomain(domain, questions, totals, random);
    totals.distinct += subjects.length;
    totals.count += questions.length;
  }
  return totals;
}

async function replayDomain(domain: EvalDomain, questions: Asked[], totals: Replay, random: () => number) {
  const [company, without] = [await AnsweringCompany.open(domain), await AnsweringCompany.open(domain)];
  const documents = new Map((evalDocuments(domain) as { id: string; body: string }[]).map((one) => [one.id, one]));
  try {
    let before = company.externalCalls;
    for (const [index, { question, wordings }] of questions.entries()) {
      const answer = await company.ask(question);
      totals.calls += company.externalCalls - before;
      const modelCalls = without.modelCalls;
      const fresh = await without.askFresh(question);
      // Without caches: its model calls, and one embedding request for the one search between two of them.
      totals.callsWithout += (without.modelCalls - modelCalls) * 1.5;
      if (answer.rung === 'cached') {
        totals.hits += 1;
        if (answer.text !== fresh.text && !(await isSaidTo(without, wordings, answer.text))) totals.wrong += 1;
      }
      const used = documents.get(answer.sources[0]?.id ?? '');
      if (index % editEvery === editEvery - 1 && used) {
        const edited = { ...used, body: `${used.body} Atualizado ${Math.floor(random() * 1e6)}.` };
        documents.set(used.id, edited);
        await Promise.all([company.edit(edited), without.edit(edited)]);
      }
      before = company.externalCalls;
    }
  } finally {
    await Promise.all([company.close(), without.close()]);
  }
}

interface Asked {
  question: string;
  /** Other ways to ask the same. */
  wordings: string[];
}

/** Now, by a model that never saw them. */
async function isSaidTo(company: AnsweringCompany, wordings: string[], text: string): Promise<boolean> {
  for (const wording of wordings) {
    if ((await company.askFresh(wording)).text === text) return true;
  }
  return false;
}

/** What one customer may ask: a question of the set, or a pair of wordings of one. */
function subjectsOf(domain: EvalDomain): string[][] {
  const ofDomain = <T extends { domain: string }>(list: T[]) => list.filter((one) => one.domain === domain);
  return [
    ...ofDomain(evalPairs('paraphrases')).map(({ a, b }) => [a, b]),
    ...ofDomain(evalPairs('traps')).map(({ a }) => [a]),
    ...ofDomain(evalQuestions('blind'))
      .filter((question) => question.class !== 'none' && question.lang === undefined)
      .map(({ text }) => [text]),
  ];
}

const before = ['', '', '', 'oi, ', 'bom dia! ', 'boa tarde, ', 'olá '];
const after = ['', '', '', ' por favor', '??', ' obrigada', ' pfv'];

function dressed(question: string, random: () => number): string {
  const pick = (list: string[]) => list[Math.floor(random() * list.length)] ?? '';
  return `${pick(before)}${question}${pick(after)}`;
}

/** Rank r with probability proportional to 1/r: the shape in which customers repeat each other. */
function zipf(ranks: number, random: () => number): number {
  const total = Array.from({ length: ranks }, (_, rank) => 1 / (rank + 1)).reduce((sum, share) => sum + share, 0);
  let left = random() * total;
  for (let rank = 0; rank < ranks; rank += 1) {
    left -= 1 / (rank + 1);
    if (left <= 0) return rank;
  }
  return ranks - 1;
}

function shuffled<T>(list: T[], random: () => number): T[] {
  return list
    .map((item) => ({ item, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}

/** Mulberry32: the same numbers for the same seed. */
function randomFrom(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function noPairs(): PairCount {
  return { count: 0, hits: 0, wrong: 0 };
}

function percent({ hits, count }: PairCount): number {
  return round((100 * hits) / Math.max(1, count));
}
