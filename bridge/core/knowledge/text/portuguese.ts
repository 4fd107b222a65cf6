// Stems of Brazilian Portuguese as customers write it: without accents more often than with them. The stemming library
// needs accents, so words are folded first and the few endings it looks at get their accents back; both "devolucao" and
// "devoluções" then end in one stem. Plurals that change the ending and diminutives are undone before.
import { fold } from './fold.ts';
import { snowball } from './snowball.ts';
import { verbForms } from './verbs.ts';

const shortestPlural = 5;
/** The act beside its verb: montagem and montar, embalagem and embalar. */
const action = /^(?!mens|volt|vant|person|mass)(.{4,})ag$/;
/** Below this too many different words share a stem: copa and cópia, casa and caso, pele and pelo. */
const shortestStem = 4;
const keepTheirEnding = new Set(
  'caminho vizinho vizinha carinho cozinha farinha galinha rainha campainha sobrinho sobrinha bainha espinha espinho marinha padrinho madrinha vinho linha tempinho pinho ninho adivinha maquininha carteirinha caixinha bolinha casquinha borrachinha fitinha'.split(
    ' ',
  ),
);
/** A map: a customer's word must not find what every object has. */
const irregular = new Map<string, string>(
  Object.entries({
    maes: 'mae',
    paes: 'pao',
    meses: 'mes',
    vezes: 'vez',
    cores: 'cor',
    lapis: 'lapis',
    gratis: 'gratis',
    tenis: 'tenis',
  }),
);

/** `word` is folded; the result is folded too. */
export function stemPortuguese(word: string): string {
  const verb = verbForms.get(word);
  if (verb !== undefined) return verb;
  const singular = undoDiminutive(undoPlural(word));
  const stem = fold(snowball.pt(restoreAccents(singular)))
    .replace(/qu$/, 'c')
    .replace(/gu$/, 'g')
    .replace(action, '$1');
  return withoutFinalS(stem.length >= shortestStem ? stem : singular);
}

function withoutFinalS(word: string): string {
  return word.length > 3 && word.length < 6 ? word.replace(/([aeo])s$/, '$1') : word;
}

function undoPlural(word: string): string {
  const known = irregular.get(word);
  if (known !== undefined) return known;
  if (word.length < shortestPlural) return word;
  return word
    .replace(/(?:oes|aes)$/, 'ao')
    .replace(/ais$/, 'al')
    .replace(/([^aeiou]|u)eis$/, '$1el')
    .replace(/ois$/, 'ol')
    .replace(/uis$/, 'ul')
    .replace(/ns$/, 'm');
}

function undoDiminutive(word: string): string {
  const match = /^(.{3,}?)(z?)inh([oa])s?$/.exec(word);
  if (!match || keepTheirEnding.has(word.replace(/s$/, ''))) return word;
  const [, root = '', z = '', vowel = ''] = match;
  if (z !== '') return root;
  return root.replace(/qu$/, 'c').replace(/gu$/, 'g') + vowel;
}

function restoreAccents(word: string): string {
  return word
    .replace(/cao$/, 'ção')
    .replace(/ao$/, 'ão')
    .replace(/encia(s?)$/, 'ência$1')
    .replace(/ancia(s?)$/, 'ância$1')
    .replace(/avel$/, 'ável')
    .replace(/ivel$/, 'ível');
}
