// Asks every question in one way and counts: where the right document stands, and whether there is silence where nothing
// answers. Used by the bench and by the unit test that keeps the floors.
import { classes } from './read-set.ts';
import type { Question } from './read-set.ts';
import type { Searcher } from './searchers.ts';

export interface Outcome {
  question: Question;
  found: string[];
  /** Place of the first right document, 0 when it is not among the five. */
  place: number;
}

export interface Score {
  asked: number;
  recallAt1: number;
  recallAt3: number;
  recallAt5: number;
  /** Mean of 1 / place. */
  mrr: number;
  /** Share of questions that nothing answers for which nothing was found; null when none was asked. */
  silence: number | null;
  /** How often a document that is not valid was found. */
  invalidUsed: number;
}

export async function askAll(questions: readonly Question[], search: Searcher): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const question of questions) {
    const found = await search(question.text, Date.parse(question.at));
    const place = found.findIndex((id) => question.expect.includes(id)) + 1;
    outcomes.push({ question, found, place });
  }
  return outcomes;
}

export function scoreOf(outcomes: readonly Outcome[]): Score {
  const answerable = outcomes.filter(({ question }) => question.expect.length > 0);
  const none = outcomes.filter(({ question }) => question.class === 'none');
  const share = (count: number, all: number) => (all === 0 ? 0 : count / all);
  const recall = (k: number) =>
    share(answerable.filter(({ place }) => place > 0 && place <= k).length, answerable.length);
  return {
    asked: outcomes.length,
    recallAt1: recall(1),
    recallAt3: recall(3),
    recallAt5: recall(5),
    mrr: share(
      answerable.reduce((sum, { place }) => sum + (place > 0 ? 1 / place : 0), 0),
      answerable.length,
    ),
    silence: none.length === 0 ? null : share(none.filter(({ found }) => found.length === 0).length, none.length),
    invalidUsed: outcomes.filter(({ question, found }) => question.forbidden.some((id) => found.includes(id))).length,
  };
}

export function byClass(outcomes: readonly Outcome[]): { name: string; score: Score }[] {
  return classes.map((name) => ({ name, score: scoreOf(outcomes.filter(({ question }) => question.class === name)) }));
}
