// Many documents for measuring time and memory: products put together from parts, each with a text of two sentences and
// its own code, and a rule or question among every ten. The same count always gives the same documents.
import type { KnowledgeDocument } from '../../../../bridge/core/knowledge/document.ts';

const things =
  'Sofá|Mesa|Cadeira|Guarda-roupa|Colchão|Luminária|Tapete|Estante|Poltrona|Rack|Shampoo|Sérum|Batom|Perfume'.split(
    '|',
  );
const lines = 'Araucária|Orvalho|Sereno|Ipê|Mirabé|Cambará|Jambo|Guaíra|Lapa|Solaria|Paraty|Angra|Brisal|Ondina'.split(
  '|',
);
const colours = 'cinza|bege|branco|preto|azul|verde|vermelho|castanho|rosa|amarelo'.split('|');
const uses = [
  'Indicado para quem tem pouco espaço e recebe visitas no fim de semana.',
  'Fácil de limpar com pano úmido e sabão neutro.',
  'Acompanha manual de montagem e garantia de doze meses.',
  'Textura leve, de rápida absorção, para uso diário.',
  'Resistente à água e ao sol, com acabamento fosco.',
  'Feito com material reciclado e embalagem reutilizável.',
];
const rules = [
  ['Prazo de troca', 'A troca pode ser pedida em até {n} dias com a nota fiscal e a embalagem original.'],
  ['Frete', 'O frete é grátis em compras acima de R$ {n} na região atendida.'],
  ['Parcelamento', 'Dividimos em até {n} vezes sem juros no cartão de crédito.'],
  ['Horário', 'Atendemos das 9h às {n}h, de segunda a sábado.'],
] as const;

export function generateDocuments(count: number): KnowledgeDocument[] {
  return Array.from({ length: count }, (_, at) => (at % 10 === 0 ? ruleAt(at) : productAt(at)));
}

function productAt(at: number): KnowledgeDocument {
  const [thing, line, colour] = [pick(things, at), pick(lines, at * 7), pick(colours, at * 3)];
  return {
    kind: 'product',
    id: `product-${at}`,
    title: `${thing} ${line} ${colour} ${10 + (at % 190)} cm`,
    body: `${thing} da linha ${line} na cor ${colour}. ${pick(uses, at)} ${pick(uses, at * 5 + 1)}`,
    attributes: { sku: `GEN-${10_000 + at}`, brand: line },
  };
}

function ruleAt(at: number): KnowledgeDocument {
  const [subject, text] = pick(rules, at / 10);
  return {
    kind: 'rule',
    id: `rule-${at}`,
    title: `${subject} da linha ${pick(lines, at / 10)} ${at}`,
    body: text.replace('{n}', String(5 + (at % 40))),
  };
}

function pick<Item>(items: readonly Item[], at: number): Item {
  const item = items[Math.floor(at) % items.length];
  if (item === undefined) throw new Error('an empty list');
  return item;
}
