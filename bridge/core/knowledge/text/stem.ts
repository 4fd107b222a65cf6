// Folded word → stem, by language. English keeps its stemmer as it is; Spanish needs nothing but folding, because its
// endings lose nothing important without their accents.
import { fold } from './fold.ts';
import type { TextLanguage } from './language.ts';
import { stemPortuguese } from './portuguese.ts';
import { snowball } from './snowball.ts';

const remembered: Record<TextLanguage, Map<string, string>> = { pt: new Map(), en: new Map(), es: new Map() };
const rememberAtMost = 20_000;

export function stemOf(word: string, language: TextLanguage): string {
  const memory = remembered[language];
  const known = memory.get(word);
  if (known !== undefined) return known;
  if (memory.size >= rememberAtMost) memory.clear();
  const stem = computeStem(word, language);
  memory.set(word, stem);
  return stem;
}

function computeStem(word: string, language: TextLanguage): string {
  if (word.length < 3) return word;
  if (language === 'pt') return stemPortuguese(word);
  return fold(snowball[language](language === 'es' ? word.replace(/cion$/, 'ción').replace(/ciones$/, 'ción') : word));
}
