// Checks the evaluation set: shape, ids, validity at the asked instant, hardness, minimum counts.
// Run from the repository root:
//   node --import ts-blank-space/register test/eval/knowledge/check.ts
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

type Doc = {
  kind: string;
  id: string;
  title: string;
  body: string;
  valid_from?: string;
  valid_to?: string;
  channels?: string[];
  services?: string[];
  priority?: number;
  attributes?: Record<string, string>;
};
type Question = {
  id: string;
  domain: string;
  at: string;
  text: string;
  expect: string[];
  forbidden?: string[];
  class: string;
  lang?: string;
};
type Pair = { id: string; domain: string; a: string; b: string; why?: string };

const DOMAINS = ['cosmetics', 'healthcare', 'retail'];
const KINDS = ['rule', 'faq', 'policy', 'scheduling', 'document', 'product', 'service', 'company'];
const MINIMUM: Record<string, number> = { plain: 100, hard: 90, none: 50, expired_or_future: 12, similar: 20 };
const TOTAL = 260;
const DOCS_PER_DOMAIN = 60;
const TRAPS = 200;
const PARAPHRASES = 120;

// Function words of pt-BR (with chat spellings), English and Spanish. No content word belongs here.
const STOP = new Set(
  `a o as os um uma uns umas de do da dos das dum duma em no na nos nas num numa por pelo pela pelos pelas para pra pro
  pras pros p ao aos com c sem sob sobre entre ate desde e ou mas nem que q oq ql se porque pq como qual quais quem qm
  quando qdo qnd onde aonde cujo quanto quanta quantos quantas qto qta qtos qtas qnto
  eu tu ele ela eles elas nos vos voce voces vc vcs gente me te lhe lhes mim ti si comigo consigo
  meu minha meus minhas seu sua seus suas teu tua nosso nossa nossos nossas dele dela deles delas
  este esta estes estas esse essa esses essas aquele aquela aqueles aquelas isto isso aquilo
  ser sou e eh es somos sao era eram fui foi foram seja sera serao sendo sido
  estar estou to ta tao tava esta estamos estao estava estavam estiver
  ter tenho tem tens temos tinha tive teve tiver haver ha houve havia houver
  ir vou vai vamos vao va ia poder posso pode podem podemos podia consigo consegue
  dar da dao deu dei quero queria quer querem gostaria
  nao n sim ja so tambem tb tbm muito mto muita mais menos bem mal mesmo mesma ainda hoje hj agora aqui ai ali la ca
  entao depois antes todo toda todos todas tudo cada outro outra outros outras algum alguma alguns algumas algo alguem
  nada ninguem nenhum nenhuma tal tanto tanta assim tipo rs kkk ne oi oii ola opa pfv favor obrigado obrigada obg blz
  the a an of in on at to for from with without and or but not no is are am be was were do does did have has had you your
  me my i it its this that these those we our he she they what which who when where how can could will would if there
  el la los las un una unos unas y o pero del al con sin por para que como cual es son soy hay ser estar esta estan yo
  mi mis tu su sus me te se lo le les ya si en hola`.split(/\s+/),
);

const fold = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();

const GREETINGS = /\b(bom dia|boa tarde|boa noite|por favor|td bem|tudo bem)\b/g;

const words = (text: string): Set<string> =>
  new Set(
    fold(text)
      .replace(GREETINGS, ' ')
      .split(/[^a-z0-9]+/)
      .filter((word) => word !== '' && !STOP.has(word) && (word.length > 1 || /\d/.test(word))),
  );

const singular = (word: string): string => (word.length > 3 ? word.replace(/s$/, '') : word);

/** The pairs of words that two texts share: equal, equal in number, or with the same first five letters. */
function shared(left: Set<string>, right: Set<string>): string[] {
  const found: string[] = [];
  for (const a of left) {
    for (const b of right) {
      const same = a === b || singular(a) === singular(b);
      if (same || (a.length >= 5 && b.length >= 5 && a.slice(0, 5) === b.slice(0, 5))) found.push(`${a}~${b}`);
    }
  }
  return found;
}

const docText = (doc: Doc): string => [doc.title, doc.body, ...Object.values(doc.attributes ?? {})].join(' ');

const day = (at: string): string => new Date(at).toLocaleDateString('en-CA', { timeZone: 'America/Sao_Paulo' });

const isValid = (doc: Doc, at: string): boolean =>
  (!doc.valid_from || doc.valid_from <= day(at)) && (!doc.valid_to || doc.valid_to >= day(at));

const problems: string[] = [];
const flag = (where: string, what: string): void => void problems.push(`${where}: ${what}`);
const load = <T>(path: string): T[] => parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T[];

function unique(where: string, ids: string[]): void {
  const seen = new Set<string>();
  for (const id of ids) {
    if (seen.has(id)) flag(where, `duplicate "${id}"`);
    seen.add(id);
  }
}

const table = (rows: { domain: string; class?: string }[]): Record<string, Record<string, number>> => {
  const counts: Record<string, Record<string, number>> = {};
  for (const row of rows) {
    const line = (counts[row.class ?? 'pairs'] ??= { cosmetics: 0, healthcare: 0, retail: 0, total: 0 });
    line[row.domain] = (line[row.domain] ?? 0) + 1;
    line['total'] = (line['total'] ?? 0) + 1;
  }
  return counts;
};

// Documents
const docs: Record<string, Map<string, Doc>> = {};
const kinds: Record<string, Record<string, number>> = {};
for (const domain of DOMAINS) {
  const list = load<Doc>(`documents/${domain}.yaml`);
  unique(
    domain,
    list.map((doc) => doc.id),
  );
  docs[domain] = new Map(list.map((doc) => [doc.id, doc]));
  kinds[domain] = { total: list.length };
  if (list.length < DOCS_PER_DOMAIN) flag(domain, `${list.length} documents`);
  for (const doc of list) {
    kinds[domain][doc.kind] = (kinds[domain][doc.kind] ?? 0) + 1;
    if (!KINDS.includes(doc.kind)) flag(doc.id, `kind ${doc.kind}`);
    if (!/^[a-z0-9-]+$/.test(doc.id)) flag(doc.id, 'id is not a slug');
    if (!doc.title || !doc.body) flag(doc.id, 'no title or body');
    for (const date of [doc.valid_from, doc.valid_to]) {
      if (date !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(date)) flag(doc.id, `date ${date}`);
    }
    const sentences = doc.body.split(/[.?!](?:\s+(?=[A-ZÀ-Ú])|$)/).filter((part) => part.trim() !== '').length;
    if (sentences > 5) flag(doc.id, `${sentences} sentences`);
  }
}

// Questions
const questions = load<Question>('questions/blind.yaml');
unique(
  'blind',
  questions.map((question) => question.id),
);
unique(
  'blind',
  questions.map((question) => `${question.domain} ${fold(question.text)}`),
);
for (const question of questions) {
  const { id, domain, at, text, expect, forbidden = [] } = question;
  const known = docs[domain];
  if (!known) {
    flag(id, `domain ${domain}`);
    continue;
  }
  if (!text || Number.isNaN(Date.parse(at)) || !Array.isArray(expect)) flag(id, 'shape');
  if (!(question.class in MINIMUM)) flag(id, `class ${question.class}`);
  for (const doc of [...expect, ...forbidden]) if (!known.has(doc)) flag(id, `no document "${doc}"`);
  const expected = expect.flatMap((doc) => known.get(doc) ?? []);
  for (const doc of expected) if (!isValid(doc, at)) flag(id, `expected "${doc.id}" is not valid at ${at}`);
  const asked = words(text);
  const overlaps = expected.map((doc) => shared(asked, words(docText(doc))));
  if (question.class === 'hard') {
    if (expect.length === 0) flag(id, 'hard without an answer');
    overlaps.forEach((overlap, index) => {
      if (overlap.length > 0) flag(id, `not hard for "${expect[index]}": ${overlap.join(' ')} — ${text}`);
    });
  }
  if (question.class === 'plain' || question.class === 'similar') {
    if (expect.length === 0) flag(id, `${question.class} without an answer`);
    overlaps.forEach((overlap, index) => {
      if (overlap.length === 0) flag(id, `shares no word with "${expect[index]}" — ${text}`);
    });
  }
  if (question.class === 'similar' && expect.length !== 1) flag(id, 'similar needs exactly one answer');
  if (question.class === 'none' && expect.length > 0) flag(id, 'none with an answer');
  if (question.class === 'expired_or_future') {
    if (forbidden.length === 0) flag(id, 'nothing forbidden');
    for (const doc of forbidden.flatMap((name) => known.get(name) ?? [])) {
      if (isValid(doc, at)) flag(id, `forbidden "${doc.id}" is valid`);
    }
  }
}
for (const [name, minimum] of Object.entries(MINIMUM)) {
  const count = questions.filter((question) => question.class === name).length;
  if (count < minimum) flag('blind', `${name}: ${count} of at least ${minimum}`);
}
if (questions.length < TOTAL) flag('blind', `${questions.length} questions of at least ${TOTAL}`);

// Pairs
const pairs: Record<string, Pair[]> = {};
for (const [name, minimum] of Object.entries({ traps: TRAPS, paraphrases: PARAPHRASES })) {
  const list = load<Pair>(`questions/${name}.yaml`);
  pairs[name] = list;
  unique(
    name,
    list.map((pair) => pair.id),
  );
  unique(
    name,
    list.map((pair) => [pair.domain, ...[fold(pair.a), fold(pair.b)].sort()].join(' | ')),
  );
  if (list.length < minimum) flag(name, `${list.length} pairs of at least ${minimum}`);
  for (const pair of list) {
    if (!DOMAINS.includes(pair.domain)) flag(pair.id, `domain ${pair.domain}`);
    if (!pair.a || !pair.b || pair.a === pair.b) flag(pair.id, 'the two texts are the same or empty');
    if (name === 'traps' && !pair.why) flag(pair.id, 'no why');
    if (name === 'traps' && shared(words(pair.a), words(pair.b)).length === 0) flag(pair.id, 'not near-identical');
  }
}

console.log('Documents');
console.table(kinds);
console.log('Blind questions');
console.table(table(questions));
console.log(
  'Languages',
  Object.fromEntries(['en', 'es'].map((lang) => [lang, questions.filter((q) => q.lang === lang).length])),
);
console.log(
  `Total ${questions.length}, documents asked about ${new Set(questions.flatMap((q) => q.expect.map((doc) => `${q.domain}/${doc}`))).size}`,
);
console.log('Traps');
console.table(table(pairs['traps'] ?? []));
console.log('Paraphrases');
console.table(table(pairs['paraphrases'] ?? []));
if (problems.length > 0) {
  console.error(`${problems.length} problems`);
  for (const problem of problems) console.error(`  ${problem}`);
  process.exitCode = 1;
} else console.log('No problems');
