// What a document claims in numbers: "15 dias", "R$ 199", "5 %", each with the words of its sentence.
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

export function claimsOf({ body }: KnowledgeDocument, language: TextLanguage): Claim[] {
  return sentencesOf(body).flatMap((sentence) => {
    const about = telling(sentence, language);
    return [...fold(sentence).matchAll(quantity)].map(({ groups }) => toClaim(groups ?? {}, about));
  });
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
