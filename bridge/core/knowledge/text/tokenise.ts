// Folded text → tokens. Numbers, measures, prices, clock times and product codes are recognised before words, because
// "100ml", "R$ 1.299,90" and "BT-1029" mean something only as a whole.
import { fold } from './fold.ts';

export interface Token {
  kind: 'word' | 'number' | 'measure' | 'money' | 'time' | 'code';
  /** Normal form: numbers without thousands separators, measures without a space, codes without separators. */
  text: string;
  /** Pieces of a hyphenated word or code, themselves worth finding; empty otherwise. */
  parts: string[];
}

const number = String.raw`\d+(?:[.,]\d+)*`;
const units =
  'ml|litros?|l|kg|gramas?|g|mg|cm|mm|m2|m²|metros?|km|m|gb|tb|mb|mah|volts?|v|watts?|w|btus?|pol|polegadas?|x|%|fps';
const pattern = new RegExp(
  [
    String.raw`(?<money>(?:r\$|us\$|\$)\s*${number}|${number}\s*(?:reais|real)(?![a-z]))`,
    String.raw`(?<time>\b\d{1,2}(?::[0-5]\d(?:h|hs)?|\s?h(?:s|rs)?(?:[0-5]\d)?)(?![a-z0-9]))`,
    String.raw`(?<measure>${number}\s?(?:${units})(?![a-z0-9]))`,
    String.raw`(?<code>(?=[a-z0-9_./-]*\d)(?=[a-z0-9_./-]*[a-z])[a-z0-9]+(?:[-_./][a-z0-9]+)*)`,
    String.raw`(?<number>${number})`,
    String.raw`(?<word>\p{L}+(?:[-']\p{L}+)*)`,
  ].join('|'),
  'gu',
);

export function tokenise(text: string): Token[] {
  return [...fold(text).matchAll(pattern)].flatMap((match) => tokenOf(match.groups ?? {}));
}

const apart = new RegExp(String.raw`(\d)\s+(?=(?:${units})(?![a-z0-9]))`, 'g');

/** "127 v" → "127v", for text that is going to be cut at its spaces. */
export function joinMeasures(folded: string): string {
  return folded.replace(apart, '$1');
}

function tokenOf(groups: Record<string, string | undefined>): Token[] {
  const { money, time, measure, code, word } = groups;
  if (money !== undefined) return [plain('money', normalNumber(money.replace(/[^\d.,]/g, '')))];
  if (time !== undefined) return [plain('time', normalTime(time))];
  if (measure !== undefined) return [plain('measure', normalMeasure(measure))];
  if (code !== undefined) return [codeToken(code)];
  if (groups['number'] !== undefined) return [plain('number', normalNumber(groups['number']))];
  return word === undefined ? [] : [wordToken(word)];
}

function plain(kind: Token['kind'], text: string): Token {
  return { kind, text, parts: [] };
}

function codeToken(code: string): Token {
  const parts = code.split(/[-_./]/).filter((part) => part.length > 0);
  return { kind: 'code', text: parts.join(''), parts: parts.length > 1 ? parts : [] };
}

function wordToken(word: string): Token {
  const parts = word.split(/[-']/);
  return { kind: 'word', text: parts.join(''), parts: parts.length > 1 ? parts : [] };
}

/** "1.299,90" and "1299.9" are one number; a dot before exactly three digits separates thousands. */
function normalNumber(written: string): string {
  const trimmed = written.replace(/[.,]+$/, '');
  const decimal = /^(.*)([.,])(\d+)$/.exec(trimmed);
  if (!decimal) return trimmed;
  const [, whole = '', mark = '', fraction = ''] = decimal;
  const digits = whole.replace(/[.,]/g, '');
  const thousands = fraction.length === 3 && (mark === '.' || whole.includes(','));
  const value = Number(thousands ? digits + fraction : `${digits}.${fraction}`);
  return Number.isFinite(value) ? String(value) : trimmed;
}

/** 9h, 09:00, 9 hs → "9h"; 9h30, 09:30h → "9h30". */
function normalTime(written: string): string {
  const [hour = '0', minute = ''] = written.split(/:|\s?h(?:s|rs)?/);
  const minutes = minute.replace(/\D/g, '');
  return minutes === '' || minutes === '00' ? `${Number(hour)}h` : `${Number(hour)}h${minutes}`;
}

const unitForms: Record<string, string> = {
  litro: 'l', litros: 'l', grama: 'g', gramas: 'g', metro: 'm', metros: 'm', volt: 'v', volts: 'v', watt: 'w', watts: 'w',
  btu: 'btus', polegada: 'pol', polegadas: 'pol', 'm²': 'm2',
}; // prettier-ignore

function normalMeasure(written: string): string {
  const [, value = '', unit = ''] = /^([\d.,]+)\s?(.+)$/.exec(written) ?? [];
  return normalNumber(value) + (unitForms[unit] ?? unit);
}
