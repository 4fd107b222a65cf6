// What a document claims that can be compared: numbers ("15 dias", "R$ 199", "5 %"), dates, clock times, and whether
// something is so or not, each with the words of its sentence.
import type { KnowledgeDocument } from './document.ts';
import { analyse } from './text/analyse.ts';
import { fold } from './text/fold.ts';
import type { TextLanguage } from './text/language.ts';
import { emptyLexicon } from './text/lexicon.ts';
import { sentencesOf } from './text/sentences.ts';

export interface Claim {
  unit: string;
  /** As it is compared; ranges keep both ends. */
  value: string;
  /** As a person reads it. */
  text: string;
  /** Stems of the telling words around it. */
  about: ReadonlySet<string>;
}

/** The unit of claims that something is so or not. */
export const affirmation = 'affirmation';

const range = String.raw`\d+(?:[.,]\d+)*(?:\s*(?:a|ate|to|-)\s*\d+(?:[.,]\d+)*)?`;
const quantity = new RegExp(
  String.raw`(?:r\$|us\$)\s*(?<money>${range})|(?<value>${range})\s*(?<unit>%|dias?|days?|horas?|hours?|minutos?|minutes?|semanas?|weeks?|mes(?:es)?|months?|anos?|years?|reais|vezes|x\b)`,
  'g',
);
const timeUnits: [RegExp, string][] = [
  [/^(dia|day)/, 'dias'],
  [/^(hora|hour)/, 'horas'],
  [/^minut/, 'minutos'],
  [/^(semana|week)/, 'semanas'],
  [/^(mes|month)/, 'meses'],
  [/^(ano|year)/, 'anos'],
  [/^(vezes|x)/, 'vezes'],
];

const months = 'janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro'.split(' ');
const date = new RegExp(
  String.raw`\b(?<day>\d{1,2})(?:\s*o)?\s+de\s+(?<month>${months.join('|')})(?:\s+de\s+(?<year>\d{4}))?|\b(?<d>\d{1,2})/(?<m>\d{1,2})(?:/(?<y>\d{4}))?\b`,
  'g',
);
const clock = /\b(\d{1,2})(?::([0-5]\d)|\s?h\s?([0-5]\d)?)(?![a-z0-9])/g;
const negation = /\b(?:nao|nunca|jamais|proibid[oa]s?|vedad[oa]s?|not|never|no se|nunca)\b/;
/** A condition says what happens when something is not so, never that it is not so. */
const condition = /\b(?:se|caso|quando|enquanto|quem|salvo|exceto|a nao ser|if|unless|si|cuando)\b/;
const fewestWords = 2;

export function claimsOf({ body }: KnowledgeDocument, language: TextLanguage): Claim[] {
  return sentencesOf(body).flatMap((sentence) => {
    const about = telling(sentence, language);
    const text = fold(sentence);
    const numbers = [...text.matchAll(quantity)].map(({ groups }) => toClaim(groups ?? {}, about));
    return [...numbers, ...datesIn(text, about), ...timesIn(text, about), ...affirmationOf(text, about)];
  });
}

function datesIn(text: string, about: ReadonlySet<string>): Claim[] {
  const dates = [...text.matchAll(date)].map(({ groups = {} }) => {
    const month = groups['month'] === undefined ? Number(groups['m']) : months.indexOf(groups['month']) + 1;
    const year = groups['year'] ?? groups['y'];
    return [Number(groups['day'] ?? groups['d']), month, ...(year === undefined ? [] : [year])].join('/');
  });
  return together('date', dates, about);
}

function timesIn(text: string, about: ReadonlySet<string>): Claim[] {
  const times = [...text.matchAll(clock)].map(
    ([, hour = '', colon, after]) => `${Number(hour)}h${colon ?? after ?? ''}`,
  );
  return together(
    'time',
    times.map((time) => time.replace(/h00$/, 'h')),
    about,
  );
}

/** "Das 9h às 18h" is one claim, not two. */
function together(unit: string, values: readonly string[], about: ReadonlySet<string>): Claim[] {
  const value = values.join(' a ');
  return values.length === 0 ? [] : [{ unit, value, text: value, about }];
}

function affirmationOf(text: string, about: ReadonlySet<string>): Claim[] {
  if (about.size < fewestWords || condition.test(text)) return [];
  const value = negation.test(text) ? 'no' : 'yes';
  return [{ unit: affirmation, value, text: value, about }];
}

function toClaim({ money, value, unit }: Record<string, string | undefined>, about: ReadonlySet<string>): Claim {
  if (money !== undefined || unit === 'reais') {
    const amount = normal(money ?? value ?? '');
    return { unit: 'R$', value: amount, text: `R$ ${amount}`, about };
  }
  const known = timeUnits.find(([pattern]) => pattern.test(unit ?? ''))?.[1] ?? '%';
  const amount = normal(value ?? '');
  return { unit: known, value: amount, text: known === '%' ? `${amount}%` : `${amount} ${known}`, about };
}

function normal(value: string): string {
  return value.replace(/\s*(?:a|ate|to|-)\s*/, ' a ').trim();
}

/** Stems of words that carry meaning; numbers, measures and little words are left out. */
export function telling(text: string, language: TextLanguage): ReadonlySet<string> {
  const units = analyse(text, [language], emptyLexicon).filter(({ kind, weight }) => kind === 'word' && weight >= 0.8);
  return new Set(units.flatMap(({ terms }) => terms));
}
