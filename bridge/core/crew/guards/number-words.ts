// Numbers and months that are written as words, in the languages we write. "Um" and "one" are articles as often as
// numbers and are left out; so are idioms like "mil desculpas".
import type { Language } from '../../language.ts';

export interface WrittenNumber {
  /** As it stands in the text. */
  written: string;
  /** Equal for equal numbers, however they are written. */
  value: string;
}

const units: Record<Language, string> = {
  pt: 'dois=2 duas=2 três=3 tres=3 quatro=4 cinco=5 seis=6 sete=7 oito=8 nove=9 dez=10 onze=11 doze=12 treze=13 catorze=14 quatorze=14 quinze=15',
  en: 'two=2 three=3 four=4 five=5 six=6 seven=7 eight=8 nine=9 ten=10 eleven=11 twelve=12 fifteen=15',
  es: 'dos=2 tres=3 cuatro=4 cinco=5 seis=6 siete=7 ocho=8 nueve=9 diez=10 once=11 doce=12 quince=15',
};
const tens: Record<Language, string> = {
  pt: 'vinte=20 trinta=30 quarenta=40 cinquenta=50 sessenta=60 setenta=70 oitenta=80 noventa=90 cem=100',
  en: 'twenty=20 thirty=30 forty=40 fifty=50 sixty=60 seventy=70 eighty=80 ninety=90 hundred=100',
  es: 'veinte=20 treinta=30 cuarenta=40 cincuenta=50 sesenta=60 setenta=70 ochenta=80 noventa=90 cien=100',
};
const months =
  'janeiro=1 fevereiro=2 março=3 marco=3 abril=4 maio=5 junho=6 julho=7 agosto=8 setembro=9 outubro=10 novembro=11 dezembro=12 ' +
  'january=1 february=2 march=3 april=4 may=5 june=6 july=7 august=8 september=9 october=10 november=11 december=12 ' +
  'enero=1 febrero=2 marzo=3 mayo=5 junio=6 julio=7 septiembre=9 setiembre=9 octubre=10 noviembre=11 diciembre=12';

const unitValues = { pt: table(units.pt), en: table(units.en), es: table(units.es) };
const tenValues = { pt: table(tens.pt), en: table(tens.en), es: table(tens.es) };
const monthValues = table(months);

const begins = '(?<![\\p{L}\\p{N}])';
const ends = '(?![\\p{L}\\p{N}])';
const month = [...monthValues.keys()].join('|');
/** Months that are no other word. */
const namedMonth = new RegExp(`${begins}(${month.replace('|march', '').replace('|may', '')})${ends}`, 'giu');
const datedMonth = new RegExp(
  `${begins}\\d{1,2}(?:º|°|th|st|nd|rd)?(?: de| of)? (${month})${ends}|${begins}(${month}) \\d{1,2}${ends}`,
  'giu',
);
const spelled = { pt: spelledIn('pt'), en: spelledIn('en'), es: spelledIn('es') };

/** Points at things that were just named ("leve as duas"), unless a unit makes a quantity of it ("os cinco dias"). */
const pointing =
  /(?:^|[^\p{L}])(?:os|as|dos|das|nos|nas|aos|às|esses|essas|estes|estas|desses|dessas|destes|destas|the|these|those|of the|los|las|estos|estas|esos|esas)\s$/iu;
const unit =
  /^\s(?:\p{L}+\s)?(?:dias?|meses|mês|horas?|semanas?|anos?|minutos?|parcelas?|vezes|reais|unidades|days?|months?|hours?|weeks?|years?|minutes?|installments?|días?|meses|semanas|años|cuotas)/iu;

export function spelledNumbers(text: string, languages: readonly Language[]): WrittenNumber[] {
  return languages.flatMap((language) =>
    [...text.matchAll(spelled[language])]
      .filter((match) => !isPointing(text, match.index, match[0]))
      .map((match) => ({ written: match[0], value: valueOf(match.groups ?? {}, language) })),
  );
}

/** Months in a draft count where a day stands beside them: "may" and "março" are words as well. */
export function monthsBesideDays(text: string): WrittenNumber[] {
  return monthsBy(text, datedMonth);
}

export function monthNumbers(text: string): WrittenNumber[] {
  return [...monthsBy(text, namedMonth), ...monthsBy(text, datedMonth)];
}

function monthsBy(text: string, pattern: RegExp): WrittenNumber[] {
  return [...text.matchAll(pattern)].map((match) => {
    const name = match[1] ?? match[2] ?? '';
    return { written: match[0], value: String(monthValues.get(name.toLowerCase()) ?? name) };
  });
}

function isPointing(text: string, index: number, written: string): boolean {
  return (
    pointing.test(text.slice(Math.max(0, index - 12), index)) &&
    !unit.test(text.slice(index + written.length, index + written.length + 30))
  );
}

function valueOf(groups: Record<string, string | undefined>, language: Language): string {
  const ten = tenValues[language].get(groups['ten']?.toLowerCase() ?? '') ?? 0;
  const one = unitValues[language].get((groups['one'] ?? groups['alone'] ?? '').toLowerCase()) ?? 0;
  return String(ten + one);
}

/** "vinte e quatro" is 24. */
function spelledIn(language: Language): RegExp {
  const one = [...unitValues[language].keys()].join('|');
  const ten = [...tenValues[language].keys()].join('|');
  const and = { pt: ' e ', en: '[- ]', es: ' y ' }[language];
  return new RegExp(`${begins}(?:(?<ten>${ten})(?:${and}(?<one>${one}))?|(?<alone>${one}))${ends}`, 'giu');
}

function table(list: string): ReadonlyMap<string, number> {
  return new Map(list.split(' ').map((entry) => [entry.split('=')[0] ?? '', Number(entry.split('=')[1])]));
}
